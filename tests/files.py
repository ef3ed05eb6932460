"""Small files of every accepted kind, and hostile ones, made when they are needed."""

import io
import struct
import zipfile
import zlib

from docx import Document
from PIL import Image


def pdf(*words: str, pages: int = 1) -> bytes:
    """Return a PDF with some words on each of its pages."""
    text = " ".join(words).encode("latin-1")
    stream = b"BT /F1 12 Tf 72 720 Td (" + text + b") Tj ET"
    kids = " ".join(f"{5 + number} 0 R" for number in range(pages)).encode()
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [" + kids + b"] /Count " + str(pages).encode() + b" >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"<< /Length " + str(len(stream)).encode() + b" >> stream\n" + stream + b"\nendstream",
        *[
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R"
            b" /Resources << /Font << /F1 3 0 R >> >> >>"
        ]
        * pages,
    ]
    target = io.BytesIO(b"%PDF-1.4\n")
    target.seek(0, io.SEEK_END)
    places = []
    for number, part in enumerate(parts, start=1):
        places.append(target.tell())
        target.write(str(number).encode() + b" 0 obj\n" + part + b"\nendobj\n")
    start = target.tell()
    target.write(f"xref\n0 {len(parts) + 1}\n0000000000 65535 f \n".encode())
    target.writelines(f"{place:010} 00000 n \n".encode() for place in places)
    target.write(f"trailer << /Size {len(parts) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n".encode())
    return target.getvalue()


def docx(text: str) -> bytes:
    """Return a Word document with one paragraph."""
    target = io.BytesIO()
    document = Document()
    document.add_paragraph(text)
    document.save(target)
    return target.getvalue()


def jpeg(place: str = "") -> bytes:
    """Return a photo; ``place`` goes into its notes, as a telephone does with where it stood."""
    target = io.BytesIO()
    image = Image.new("RGB", (900, 600), (20, 90, 160))
    notes = image.getexif()
    notes[0x010E] = place
    image.save(target, "JPEG", exif=notes)
    return target.getvalue()


def archive(parts: dict[str, bytes]) -> bytes:
    """Return a ZIP archive."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as found:
        for name, content in parts.items():
            found.writestr(name, content)
    return target.getvalue()


def huge_png(side: int = 60_000) -> bytes:
    """Return a picture of a few bytes that says it has a side of so many dots."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b""))
        + chunk(b"IEND", b"")
    )
