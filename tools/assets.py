"""Makes the committed fonts and htmx from their published npm packages; for maintainers only.

Run it by hand after changing a version below, look at the pages, and commit what it wrote:

    .venv/bin/python tools/assets.py

It needs the `npm` client and the network. Users and contributors need neither: the files that it writes are
committed with version, licence and SHA-256 in `static/tifa/VENDOR.md`. The font is cut to the characters of
Indonesian and English and to the weights 400 to 700. The two TTF files are the same letters at one weight
each, under fixed names: typst takes the regular weight only from a variable font.
"""

import hashlib
import subprocess
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

CORE = Path(__file__).resolve().parents[1] / "src" / "tifa" / "core"
STATIC = CORE / "static" / "tifa"
FONTS = CORE / "fonts"

FONT_PACKAGE = "@fontsource-variable/plus-jakarta-sans@5.3.0"
HTMX_PACKAGE = "htmx.org@4.0.1"
FAMILY = "Plus Jakarta Sans"
# The published font has no → ← ✓ ≤ ≥; they are asked for in case a later version brings them.
SIGNS = "–—‘’“”…•→←✓×·≤≥−"
# Every first visit pays for the web font: the whole of Latin-1 would cost 5 kB more, and rarer letters
# come from the reader's own fonts. Documents have no such fallback and get all of it.
WEB_CHARACTERS = [*range(0x20, 0x7F), *map(ord, "\u00a0éèëöü°§©²" + SIGNS)]
DOCUMENT_CHARACTERS = [*range(0x20, 0x7F), *range(0xA0, 0x100), *map(ord, SIGNS)]
FEATURES = ["ccmp", "kern", "liga", "locl", "mark", "mkmk", "tnum"]


@dataclass(frozen=True)
class Made:
    """A file that was written, and where it comes from."""

    path: Path
    package: str
    licence: str

    def row(self) -> str:
        """Return this file's line of the table in VENDOR.md."""
        content = self.path.read_bytes()
        digest = hashlib.sha256(content).hexdigest()
        place = self.path.relative_to(CORE).as_posix()
        return f"| `{place}` | {self.package} | {self.licence} | {len(content)} | `{digest}` |"


def main() -> None:
    """Fetch both packages and write every file made from them."""
    FONTS.mkdir(parents=True, exist_ok=True)
    STATIC.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        font = fetch(FONT_PACKAGE, folder / "font")
        htmx = fetch(HTMX_PACKAGE, folder / "htmx")
        made = [*make_fonts(font), copy_htmx(htmx)]
    write_vendor(made)
    for file in made:
        print(f"{file.path.relative_to(CORE)}: {file.path.stat().st_size} bytes")


def fetch(package: str, folder: Path) -> Path:
    """Unpack the npm package into ``folder`` and return the directory of its files."""
    folder.mkdir()
    subprocess.run(["npm", "pack", "--silent", package], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    (archive,) = folder.glob("*.tgz")
    with tarfile.open(archive) as tar:
        tar.extractall(folder, filter="data")
    return folder / "package"


def make_fonts(package: Path) -> list[Made]:
    """Write the variable web font and the two static fonts for documents."""
    source = package / "files" / "plus-jakarta-sans-latin-wght-normal.woff2"
    web = subset(source, WEB_CHARACTERS)
    instantiateVariableFont(web, {"wght": (400, 700)}, inplace=True)
    web.flavor = "woff2"
    web_path = STATIC / "plus-jakarta-sans.woff2"
    web.save(web_path)
    paths = [web_path, static_font(source, 400, "Regular"), static_font(source, 700, "Bold")]
    (FONTS / "OFL.txt").write_bytes((package / "LICENSE").read_bytes())
    return [Made(path, FONT_PACKAGE, "OFL-1.1") for path in paths]


def subset(source: Path, characters: list[int]) -> TTFont:
    """Return the font with ``characters`` only."""
    options = Options()
    options.layout_features = FEATURES
    options.hinting = False
    options.name_IDs = ["*"]
    options.notdef_outline = True
    font = TTFont(source, recalcTimestamp=False)
    cutter = Subsetter(options)
    cutter.populate(unicodes=characters)
    cutter.subset(font)
    return font


def static_font(source: Path, weight: int, style: str) -> Path:
    """Write one weight as TTF with the names by which typst finds family and style."""
    font = subset(source, DOCUMENT_CHARACTERS)
    instantiateVariableFont(font, {"wght": weight}, inplace=True)
    names = font["name"]
    names.names = [record for record in names.names if record.nameID in {0, 13, 14}]
    compact = FAMILY.replace(" ", "")
    texts = {1: FAMILY, 2: style, 3: f"{compact}-{style}", 4: f"{FAMILY} {style}", 6: f"{compact}-{style}"}
    for identifier, text in texts.items():
        names.setName(text, identifier, 3, 1, 0x409)
    font["OS/2"].usWeightClass = weight
    bold = style == "Bold"
    font["OS/2"].fsSelection = 0x20 if bold else 0x40
    font["head"].macStyle = 1 if bold else 0
    font.flavor = None
    path = FONTS / f"{compact}-{style}.ttf"
    font.save(path)
    return path


def copy_htmx(package: Path) -> Made:
    """Copy the minified htmx as published, without the pointer to its source map."""
    text = (package / "dist" / "htmx.min.js").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("//# sourceMappingURL=")]
    path = STATIC / "htmx.min.js"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return Made(path, HTMX_PACKAGE, "0BSD")


def write_vendor(made: list[Made]) -> None:
    """Write the table of files that were made by others."""
    head = [
        "# Files made by others",
        "",
        "Written by `tools/assets.py`; do not edit. Paths are inside `tifa/core/`.",
        "",
        "| File | Package | Licence | Bytes | SHA-256 |",
        "|---|---|---|---|---|",
    ]
    rows = [file.row() for file in made]
    (STATIC / "VENDOR.md").write_text("\n".join([*head, *rows]) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
