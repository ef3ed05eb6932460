"""Looks into one file of unknown origin: its words, its pages, and a picture of its first page.

This module runs as a program of its own with little memory and little time, because a file can be made to take all of
both. It reads the file from standard input and writes what it found to standard output as JSON.
"""

import base64
import io
import json
import sys
from typing import Any, Final

from tifa.discovery.archives import Budget, UnreadableFile
from tifa.discovery.documents import READERS

TEXT_LENGTH: Final = 300_000
PICTURE: Final = (480, 680)
PIXELS: Final = 50_000_000
POINTS: Final = 20_000
QUALITY: Final = 70
MEMORY: Final = 1024 * 2**20
SECONDS: Final = 20
PICTURES: Final = frozenset({".png", ".jpg", ".jpeg"})


def look(data: bytes, suffix: str) -> dict[str, Any]:
    """Return text, pages, preview (JPEG in base 64) and a note of what could not be read."""
    found: dict[str, Any] = {"text": "", "pages": None, "preview": "", "note": ""}
    reader = READERS.get(suffix)
    if reader is not None:
        try:
            found["text"] = reader(data, Budget()).replace("\0", " ")[:TEXT_LENGTH]
        except UnreadableFile as error:
            found["note"] = str(error)[:300]
    if suffix == ".pdf":
        found |= _first_page(data)
    elif suffix in PICTURES:
        found |= _picture(data)
    return found


def _first_page(data: bytes) -> dict[str, Any]:
    import pypdfium2  # noqa: PLC0415  # a library of its own that only a PDF needs

    try:
        document = pypdfium2.PdfDocument(data)
        pages = len(document)
        page = document[0]
        width, height = page.get_size()
        if not (0 < width < POINTS and 0 < height < POINTS):
            return {"pages": pages}
        scale = min(PICTURE[0] / width, PICTURE[1] / height)
        return {"pages": pages, "preview": _encoded(page.render(scale=scale).to_pil())}
    except (pypdfium2.PdfiumError, ValueError, IndexError) as error:
        return {"note": f"its first page cannot be drawn: {error}"[:300]}


def _picture(data: bytes) -> dict[str, Any]:
    from PIL import Image  # noqa: PLC0415  # a library of its own that only a picture needs

    Image.MAX_IMAGE_PIXELS = PIXELS
    try:
        with Image.open(io.BytesIO(data), formats=("PNG", "JPEG")) as image:
            image.draft("RGB", PICTURE)
            image.thumbnail(PICTURE)
            return {"preview": _encoded(image)}
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        return {"note": f"this picture cannot be drawn: {error}"[:300]}


def _encoded(image: Any) -> str:
    """Return a picture drawn anew, so that nothing of the file but its dots goes on, no place and no camera."""
    target = io.BytesIO()
    image.convert("RGB").save(target, "JPEG", quality=QUALITY)
    return base64.b64encode(target.getvalue()).decode()


def _limit() -> None:
    try:
        import resource  # noqa: PLC0415  # there is none on Windows, where the time alone is limited
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))


if __name__ == "__main__":
    _limit()
    json.dump(look(sys.stdin.buffer.read(), sys.argv[1]), sys.stdout)
