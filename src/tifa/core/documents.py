"""Makes PDF reports with typst, and Word letters from templates that staff can edit."""

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import get_language

if TYPE_CHECKING:
    import typst

CORE = Path(__file__).resolve().parent
FONTS = CORE / "fonts"
REPORT = CORE / "typst" / "report.typ"


# What is not known is left to be written by hand.
DOTS = "................................"


@dataclass(frozen=True)
class Column:
    """A column of a table: its heading, its share of the width, and whether it holds numbers."""

    heading: str
    share: float = 1
    numeric: bool = False


@dataclass(frozen=True)
class Table:
    """A table with a heading; long ones go over pages and repeat the heads of the columns."""

    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[str]]
    note: str = ""


@dataclass(frozen=True)
class Bar:
    """A bar of a small picture: how long it is, and how much of it is marked."""

    label: str
    count: int
    marked: int = 0


@dataclass(frozen=True)
class Section:
    """A part of prose with its heading; ``level`` is 1 for a part and 2 for a part of it."""

    title: str
    paragraphs: Sequence[str]
    level: int = 1


@dataclass(frozen=True)
class Report:
    """A printed report: title, facts in two columns, paragraphs, a small picture of bars, prose, then tables.

    ``letterhead`` are the lines of the sender at the top. ``signature`` is the office that signs at the end. ``check`` is an address where the paper can be checked; it is
    printed as a QR code with ``check_text`` beside it.
    """

    title: str
    subtitle: str
    facts: Sequence[tuple[str, str]] = ()
    paragraphs: Sequence[str] = ()
    bars: Sequence[Bar] = ()
    bars_title: str = ""
    sections: Sequence[Section] = ()
    tables: Sequence[Table] = field(default_factory=tuple)
    signature: str = ""
    letterhead: Sequence[str] = ()
    check: str = ""
    check_text: str = ""


def pdf_of(report: Report) -> bytes:
    """Return ``report`` as a tagged PDF.

    The content goes in as data, so nothing that a person typed can be read as markup.
    """
    import typst  # noqa: PLC0415  # 7 MB that a worker without a report to print does not need

    data = asdict(report) | {"city": settings.CITY_NAME, "language": get_language() or "id"}
    data["check_image"] = qr_svg(report.check) if report.check else ""
    return typst.compile(
        REPORT.read_bytes(),
        format="pdf",
        font_paths=_fonts(),
        sys_inputs={"report": json.dumps(data, ensure_ascii=False, default=str)},
    )


def place_of_letters() -> str:
    """Return the place that stands before the date of a letter: the name of the city without its kind."""
    return settings.CITY_NAME.removeprefix("Kota ").removeprefix("Kabupaten ")


def qr_png(text: str) -> bytes:
    """Return a QR code as a PNG picture, for Word, which shows no SVG everywhere."""
    import qrcode  # noqa: PLC0415  # only who prints or shows a code needs it

    target = io.BytesIO()
    qrcode.make(text).save(target)
    return target.getvalue()


def qr_svg(text: str) -> str:
    """Return a QR code as an SVG picture."""
    import qrcode  # noqa: PLC0415  # only who prints or shows a code needs it
    from qrcode.image.svg import SvgPathImage  # noqa: PLC0415  # comes with it

    picture = io.BytesIO()
    qrcode.make(text, image_factory=SvgPathImage, border=1).save(picture)
    return picture.getvalue().decode()


@cache
def _fonts() -> "typst.Fonts":
    """Return our fonts; those of the machine would make two machines print differently."""
    import typst  # noqa: PLC0415  # as above

    return typst.Fonts(include_system_fonts=False, font_paths=[FONTS])


def word_of(template: Path, context: Mapping[str, Any]) -> bytes:
    """Return the Word document that ``template`` gives with ``context``; text is escaped.

    A template of the same name in the folder `templates` of the data folder wins, so a city can use its own.
    """
    from docxtpl import DocxTemplate  # noqa: PLC0415  # 18 MB that a worker without a letter to write does not need

    own = settings.DATA_DIR / "templates" / template.name
    document = DocxTemplate(own if own.exists() else template)
    document.render(dict(context), autoescape=True)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()
