"""A look into a file: words, pages and a picture, and no harm from a hostile one."""

import base64
import io
import json
import subprocess
import sys
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation
from PIL import Image

from tests import files
from tifa.core.files import RefusedFile, check_upload
from tifa.core.looking import PICTURE, look


def apart(data: bytes, suffix: str) -> dict[str, Any]:
    """Look as the house does: in a program of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "tifa.core.looking", suffix],
        input=data,
        capture_output=True,
        timeout=60,
        check=True,
    )
    return dict(json.loads(done.stdout))


def test_words_pages_and_first_page_of_a_pdf() -> None:
    found = apart(files.pdf("Keputusan", "Wali", "Kota", pages=3), ".pdf")

    assert "Keputusan Wali Kota" in found["text"]
    assert found["pages"] == 3
    assert found["note"] == ""
    with Image.open(io.BytesIO(base64.b64decode(found["preview"]))) as picture:
        assert picture.format == "JPEG"
        assert picture.width <= PICTURE[0]
        assert picture.height <= PICTURE[1]


def test_words_of_a_word_document() -> None:
    assert "waktu tunggu" in look(files.docx("Catatan waktu tunggu"), ".docx")["text"]


def test_the_picture_of_a_photo_does_not_say_where_it_was_taken() -> None:
    photo = files.jpeg("Kampung Tobati 2.58 LS")
    assert b"Tobati" in photo

    preview = base64.b64decode(look(photo, ".jpg")["preview"])

    assert b"Tobati" not in preview
    with Image.open(io.BytesIO(preview)) as picture:
        assert dict(picture.getexif()) == {}


def test_ten_thousand_pages_are_counted_and_not_read() -> None:
    found = apart(files.pdf("halaman", pages=10_000), ".pdf")

    assert found["pages"] == 10_000
    assert "more than 500 pages" in found["note"]
    assert found["preview"]


@pytest.mark.parametrize(
    ("data", "suffix"),
    [
        (files.huge_png(), ".png"),
        (b"%PDF-1.7\n" + b"<<" * 100_000, ".pdf"),
        (files.pdf("kata")[:200], ".pdf"),
        (b"\xff\xd8\xff" + b"\0" * 500, ".jpg"),
    ],
)
def test_a_broken_or_hostile_file_is_noted_and_does_no_harm(data: bytes, suffix: str) -> None:
    found = apart(data, suffix)

    assert found["note"]
    assert found["text"] == ""


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("surat.pdf", b"<html><script>alert(1)</script></html>", "not what its ending says"),
        ("surat.docx", files.archive({"isi.txt": b"x"}), "no document of Office"),
        ("surat.docx", b"PK\x03\x04" + b"rusak" * 50, "damaged"),
        (
            "surat.docx",
            files.archive({"word/document.xml": b"<w/>", "word/vbaProject.bin": b"x"}),
            "holds macros",
        ),
        (
            "surat.docx",
            files.archive({"word/document.xml": b"<w/>", **{f"{n}.bin": b"\0" * 2**25 for n in range(7)}}),
            "unpacks to more than",
        ),
        ("surat.exe", b"MZ", "not of an accepted kind"),
        ("surat.svg", b"<svg/>", "not of an accepted kind"),
    ],
)
def test_what_is_not_what_it_says_is_refused(name: str, data: bytes, sentence: str) -> None:
    with translation.override("en"), pytest.raises(RefusedFile, match=sentence):
        check_upload(SimpleUploadedFile(name, data))


def test_a_path_in_the_name_is_dropped() -> None:
    upload = SimpleUploadedFile("x.pdf", files.pdf("a"))
    upload._name = "../../etc/laporan.pdf"  # type: ignore[attr-defined]  # Django cleans what is given openly

    assert check_upload(upload).name == "laporan.pdf"
