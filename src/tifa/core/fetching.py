"""Asks named web servers for texts: no other host, no other network, limits of size and time."""

import http.client
import ipaddress
import socket
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, urljoin, urlsplit

from django.utils.translation import gettext as _

MOST_BYTES = 5 * 2**20
SECONDS = 20
WAIT = 8
HOPS = 3
PIECE = 64 * 1024
PORTS = {"http": 80, "https": 443}
MOVED = frozenset({301, 302, 303, 307, 308})
UNCHANGED = 304
AGENT = "Tifa"


class NotFetched(ValueError):
    """A text was not fetched; the message says why and what to do."""


@dataclass(frozen=True)
class Fetched:
    """What a server sent; ``unchanged`` when it said that nothing is new since the last time."""

    url: str
    data: bytes
    content_type: str
    etag: str = ""
    last_modified: str = ""
    unchanged: bool = False


def host_of(url: str) -> str:
    """Return the host of an address as hosts are named: in small letters, with an unusual port.

    Raises
    ------
    NotFetched
        When it is no plain web address.
    """
    parts = _split(url)
    name = str(parts.hostname)
    shown = f"[{name}]" if ":" in name else name
    return shown if parts.port in {None, PORTS[parts.scheme]} else f"{shown}:{parts.port}"


def fetch(url: str, *, hosts: Mapping[str, bool], etag: str = "", last_modified: str = "") -> Fetched:
    """Return what a named host gives for an address.

    Parameters
    ----------
    url
        An http or https address.
    hosts
        The named hosts; True for one that may have an address inside the own network.
    etag, last_modified
        What the server said the last time, so that it can answer that nothing is new.

    Raises
    ------
    NotFetched
        When the host is not named or not public, sends elsewhere, sends too much or too slowly, or refuses.
    """
    until = time.monotonic() + SECONDS
    asked = {"If-None-Match": etag, "If-Modified-Since": last_modified}
    first = host_of(url)
    for _hop in range(HOPS + 1):
        if host_of(url) != first:
            raise NotFetched(
                _(
                    "The site sends on to another host, which is not followed: %(host)s. "
                    "Give the address there; an administrator can name that host."
                )
                % {"host": host_of(url)}
            )
        answer = _ask(_split(url), hosts, {name: value for name, value in asked.items() if value}, until)
        if isinstance(answer, Fetched):
            return answer
        url = urljoin(url, answer)
    raise NotFetched(
        _(
            "The site sends in circles; it is not followed further. "
            "Open the page in a browser and give the address at which it ends."
        )
    )


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        plain = parts.scheme in PORTS and bool(parts.hostname) and parts.username is None
        port = parts.port
    except ValueError:
        plain, port = False, None
    if not plain or port == 0 or any(ord(letter) <= 32 or ord(letter) == 127 for letter in url):
        raise NotFetched(
            _(
                "This is not a web address that can be asked: %(url)s. "
                "Write it in full, such as https://example.go.id/berita."
            )
            % {"url": url[:200]}
        )
    return parts


def _ask(
    parts: SplitResult, hosts: Mapping[str, bool], headers: Mapping[str, str], until: float
) -> Fetched | str:
    """Return what the server sent, or the address to which it sends on."""
    connection = _connection(parts, hosts)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    sent = {"User-Agent": AGENT, "Accept": "*/*", "Accept-Encoding": "identity", **headers}
    try:
        connection.request("GET", _quoted(target), headers=sent)
        response = connection.getresponse()
        if response.status in MOVED:
            return response.getheader("Location", "")
        return _read(parts.geturl(), response, until)
    except (OSError, http.client.HTTPException, ValueError) as error:
        if isinstance(error, NotFetched):
            raise
        raise NotFetched(
            _("%(host)s could not be asked: %(reason)s. Try again later.")
            % {"host": parts.hostname, "reason": str(error)[:200] or type(error).__name__}
        ) from error
    finally:
        connection.close()


def _quoted(target: str) -> str:
    return "".join(
        letter if ord(letter) < 128 else "".join(f"%{byte:02X}" for byte in letter.encode())
        for letter in target
    )


def _read(url: str, response: http.client.HTTPResponse, until: float) -> Fetched:
    kept: dict[str, Any] = {
        "etag": (response.getheader("ETag") or "")[:300],
        "last_modified": (response.getheader("Last-Modified") or "")[:100],
    }
    kind = (response.getheader("Content-Type") or "")[:200]
    if response.status == UNCHANGED:
        return Fetched(url, b"", kind, unchanged=True, **kept)
    if response.status != http.client.OK:
        raise NotFetched(
            _(
                "The site answers with the number %(status)d instead of a page. "
                "Open the address in a browser; if it opens there, paste the text instead."
            )
            % {"status": response.status}
        )
    if (response.getheader("Content-Encoding") or "identity").lower() != "identity":
        raise NotFetched(
            _(
                "The site sends packed content although it was asked not to. "
                "It is not unpacked; paste the text instead."
            )
        )
    data = bytearray()
    while piece := response.read1(PIECE):
        data += piece
        if len(data) > MOST_BYTES:
            raise NotFetched(
                _("The site sends more than %(limit)d MB. Paste the part that matters instead.")
                % {"limit": MOST_BYTES // 2**20}
            )
        if time.monotonic() > until:
            raise NotFetched(
                _("The site takes more than %(limit)d seconds. Try again later, or paste the text.")
                % {"limit": SECONDS}
            )
    return Fetched(url, bytes(data), kind, **kept)


def _connection(parts: SplitResult, hosts: Mapping[str, bool]) -> http.client.HTTPConnection:
    name, host = host_of(parts.geturl()), str(parts.hostname)
    if name not in hosts:
        raise NotFetched(
            _("%(host)s is not among the named hosts. An administrator can add it.") % {"host": name}
        )
    port = parts.port or PORTS[parts.scheme]
    address = _address(host, port, inside=hosts[name])
    context = ssl.create_default_context() if parts.scheme == "https" else None
    return _Pinned(host, port, address, context)


def _address(host: str, port: int, *, inside: bool) -> str:
    """Return the address of a host; one with any address that is not public is refused unless it is named so."""
    try:
        found = {str(row[4][0]) for row in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    except (OSError, UnicodeError) as error:
        raise NotFetched(
            _(
                "The host %(host)s is not known to the network. "
                "Check how it is spelt, and whether this computer is online."
            )
            % {"host": host}
        ) from error
    public = all(_is_public(one) for one in found)
    if not found or (not public and not inside):
        raise NotFetched(
            _("%(host)s has an address inside a private network. Only an administrator can allow that.")
            % {"host": host}
        )
    return min(found, key=lambda one: (":" in one, one))


def _is_public(address: str) -> bool:
    one = ipaddress.ip_address(address.partition("%")[0])
    mapped = getattr(one, "ipv4_mapped", None)
    return (mapped or one).is_global and not one.is_multicast


class _Pinned(http.client.HTTPConnection):
    """A connection to the address that was checked, whatever the name means a moment later."""

    def __init__(self, host: str, port: int, address: str, context: ssl.SSLContext | None) -> None:
        super().__init__(host, port, timeout=WAIT)
        self._address = address
        self._context = context
        if context is not None:
            self.default_port = http.client.HTTPS_PORT

    def connect(self) -> None:
        """Open the socket, and the secure layer for https."""
        self.sock = socket.create_connection((self._address, self.port), self.timeout)
        if self._context is not None:
            self.sock = self._context.wrap_socket(self.sock, server_hostname=self.host)
