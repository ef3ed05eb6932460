"""PDF and Word documents carry the data as it is, in our own letters."""

import io

from pypdf import PdfReader

from tifa.core.documents import Column, Report, Table, pdf_of

HOSTILE = "#panic() *tebal* $x$ <b> & “Skouw” \\u{1}"


def report(rows: int = 3) -> Report:
    return Report(
        title="Laporan celah",
        subtitle="Keadaan per 24 November 2026",
        facts=[("Diketahui", "75")],
        paragraphs=[HOSTILE],
        tables=[
            Table(
                "Daftar", [Column("Inovasi", 3), Column("Hari", 1, numeric=True)], [(HOSTILE, "-12")] * rows
            )
        ],
    )


def test_pdf_shows_what_a_person_typed_as_text() -> None:
    reader = PdfReader(io.BytesIO(pdf_of(report())))

    text = "".join(page.extract_text() for page in reader.pages)

    assert "#panic()" in text
    assert "Laporan celah" in text
    assert reader.metadata is not None
    assert reader.metadata.title == "Laporan celah"


def test_pdf_embeds_our_fonts_in_both_weights() -> None:
    reader = PdfReader(io.BytesIO(pdf_of(report())))

    fonts = {
        str(font.get_object()["/BaseFont"])
        for page in reader.pages
        for font in page["/Resources"]["/Font"].values()  # type: ignore[index]  # a page with text has fonts
    }

    assert {name.split("+")[1] for name in fonts} == {"PlusJakartaSans-Regular", "PlusJakartaSans-Bold"}


def test_pdf_goes_over_pages() -> None:
    assert len(PdfReader(io.BytesIO(pdf_of(report(rows=90)))).pages) > 1
