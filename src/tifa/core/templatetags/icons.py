"""The small drawings of `{% icon %}`: strokes on a square of 24."""

from typing import Final

DRAWINGS: Final[dict[str, str]] = {
    "alert": '<path d="M12 4 2.8 20h18.4zM12 10v4.5M12 17.4v.1"/>',
    "arrow": '<path d="M4 12h15M13 6l6 6-6 6"/>',
    "back": '<path d="M20 12H5M11 6l-6 6 6 6"/>',
    "book": (
        '<path d="M12 6.5C9.5 4.8 6.5 4.5 3 5v13.5c3.5-.5 6.5-.2 9 1.5 '
        '2.5-1.7 5.5-2 9-1.5V5c-3.5-.5-6.5-.2-9 1.5zM12 6.5V20"/>'
    ),
    "building": '<path d="M4 21V8l8-5 8 5v13M2 21h20M9 21v-5h6v5M8.5 11.5h.1M15.4 11.5h.1"/>',
    "chat": '<path d="M4 5h16v11H9l-5 4z"/>',
    "check": '<path d="m4.5 12.5 5 5 10-11"/>',
    "clock": '<circle cx="12" cy="12" r="8.5"/><path d="M12 7v5.5l3.5 2"/>',
    "dashboard": '<path d="M4 4h7v9H4zM13.5 4H20v5h-6.5zM13.5 11.5H20V20h-6.5zM4 15.5h7V20H4z"/>',
    "download": '<path d="M12 4v11M7 10.5l5 5 5-5M4 20h16"/>',
    "drum": (
        '<ellipse cx="12" cy="5" rx="6" ry="2"/><path d="M6 5c0 4 2.5 5 2.5 8S6 17 6 20'
        'M18 5c0 4-2.5 5-2.5 8s2.5 4 2.5 7M6 20c2 1.3 10 1.3 12 0M8.6 11.5h6.8M8.6 14h6.8"/>'
    ),
    "edit": '<path d="M4 20l1-4.5L16.5 4 20 7.5 8.5 19zM14 6.5 17.5 10"/>',
    "eye": (
        '<path d="'
        'M2.5 12C5 7.5 8 5.5 12 5.5s7 2 9.5 6.5c-2.5 4.5-5.5 6.5-9.5 6.5S5 16.5 2.5 12z"/>'
        '<circle cx="12" cy="12" r="2.8"/>'
    ),
    "file": '<path d="M6 3h8l5 5v13H6zM14 3v5h5M9 13h7M9 17h5"/>',
    "filter": '<path d="M4 6h16M7 12h10M10 18h4"/>',
    "funnel": '<path d="M3 5h18M6 11h12M9 17h6"/><path d="M12 17v4"/>',
    "gap": '<path d="M3 12h5M16 12h5M10 5.5 8 12l2 6.5M14 5.5l2 6.5-2 6.5"/>',
    "home": '<path d="M3 11.5 12 4l9 7.5M5.5 10v10h13V10M10 20v-5.5h4V20"/>',
    "leave": '<path d="M10 4H4v16h6M9.5 12H20M15.5 7.5 20 12l-4.5 4.5"/>',
    "list": '<path d="M4 6h16M4 12h16M4 18h16"/>',
    "lock": '<path d="M6 11h12v9.5H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3"/>',
    "map": (
        '<path d="M12 21c-4-4.5-6.5-7.8-6.5-11a6.5 6.5 0 0 1 13 0c0 3.2-2.5 6.5-6.5 11z"/>'
        '<circle cx="12" cy="10" r="2.4"/>'
    ),
    "people": (
        '<circle cx="9" cy="8" r="3.5"/><path d="M2.5 20c.3-4 2.8-6 6.5-6s6.2 2 6.5 6'
        'M15.5 4.8a3.5 3.5 0 0 1 0 6.4M17.5 14.5c2.4.8 3.8 2.6 4 5.5"/>'
    ),
    "plus": '<path d="M12 5v14M5 12h14"/>',
    "search": '<circle cx="11" cy="11" r="6.5"/><path d="m16 16 4.5 4.5"/>',
    "send": '<path d="M21 3 10.5 13.5M21 3l-6.5 18-4-7.5L3 9.5z"/>',
    "settings": (
        '<path d="M4 7h9M17 7h3M4 17h3M11 17h9"/><circle cx="15" cy="7" r="2"/><circle cx="9" cy="17" r="2"/>'
    ),
    "trash": '<path d="M4 7h16M9.5 7V4h5v3M6.5 7l1 13h9l1-13M10.2 11v5.5M13.8 11v5.5"/>',
    "trophy": (
        '<path d="M7.5 4h9v6a4.5 4.5 0 0 1-9 0zM7.5 6H4c0 3.5 1.2 5 3.8 5.2'
        'M16.5 6H20c0 3.5-1.2 5-3.8 5.2M12 14.5V18M8 20.5h8M9.5 18h5v2.5h-5z"/>'
    ),
    "upload": '<path d="M12 16V5M7 9.5l5-5 5 5M4 20h16"/>',
}
