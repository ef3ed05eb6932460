"""The published standards: every value with how well it is known, and the data behind it."""

import io
import json

import pytest
import yaml
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader
from pytest_django import DjangoAssertNumQueries

from tests.whole.html import faults_of
from tifa.instruments import digest, instrument_from_json, list_instruments, load_instrument

KIPP = "kipp-2023"
SKM = "skm-2017"
ALL = [one.id for one in list_instruments()]


def read(client: Client, name: str, *args: str) -> str:
    response = client.get(reverse(name, args=args))
    assert response.status_code == 200
    return str(response.content.decode())


def pdf(client: Client, instrument_id: str) -> PdfReader:
    response = client.get(reverse("portal:standard_download", args=[instrument_id, "pdf"]))
    assert response["Content-Type"] == "application/pdf"
    return PdfReader(io.BytesIO(response.content))


def words_of(reader: PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def test_list_names_every_standard_once_in_its_family(visitor: Client) -> None:
    page = read(visitor, "portal:standards")

    assert [page.count(f'href="{reverse("portal:standard", args=[one])}"') for one in ALL] == [1] * len(ALL)
    assert page.index("kipp-2023") < page.index("kipp-2022")
    assert faults_of(page) == []


def test_list_marks_the_cancelled_edition_and_offers_no_check_of_it(visitor: Client) -> None:
    page = read(visitor, "portal:standards")

    row = page[page.index(">Public Service Innovation Competition 2024<") :].split("</tr>")[0]
    assert "did not take place" in row
    assert "periksa" not in row


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("instrument_id", ALL)
def test_every_standard_is_a_valid_page_that_says_everything(
    visitor: Client, instrument_id: str, language: str
) -> None:
    visitor.cookies["tifa_language"] = language
    instrument = load_instrument(instrument_id)

    page = read(visitor, "portal:standard", instrument_id)

    assert faults_of(page) == []
    assert digest(instrument) in page
    missing = [item.id for item in instrument.items if f'id="i-{item.id}"' not in page]
    missing += [source.id for source in instrument.sources if f'id="{source.id}"' not in page]
    missing += [table.id for table in instrument.bands if f'id="tabel-{table.id}"' not in page]
    assert missing == []


def test_unknown_values_are_shown_as_unknown_with_what_sources_say(visitor: Client) -> None:
    page = read(visitor, "portal:standard", KIPP)

    row = page[page.index('id="i-kebaruan"') :].split("</tr>")[0]
    assert '<span class="unknown">unknown</span>' in row
    assert '<span class="badge neutral">not found</span>' in row
    assert "600 according to" in row


def test_results_are_readable_formulas(visitor: Client) -> None:
    page = read(visitor, "portal:standard", "iga-2026")

    assert "over all of “Innovations” ÷ their number, but at least ÷ 12" in page
    assert "0.38 × number of “Innovations”, of which at most 200 count; only when at least 5" in page
    assert "× 100) ÷ 250" in page


def test_deadline_stands_in_both_time_zones(visitor: Client) -> None:
    page = read(visitor, "portal:standard", KIPP)

    assert "6 May 2023 23.59 WIB" in page
    assert "that is 7 May 2023 01.59 WIT in Kota Jayapura" in page


def test_cancelled_edition_says_why_and_what_replaced_it(visitor: Client) -> None:
    page = read(visitor, "portal:standard", "kipp-2024")

    cancelled = load_instrument("kipp-2024").cancelled
    assert cancelled is not None
    assert cancelled.label.en in page
    assert cancelled.replaced_by is not None
    assert cancelled.replaced_by.en in page
    assert reverse("portal:standard", args=["kipp-2025"]) in page


def test_overlay_links_its_base_and_says_what_differs(visitor: Client) -> None:
    page = read(visitor, "portal:standard", "jayapura")

    assert reverse("portal:standard", args=[KIPP]) in page
    assert f"to {load_instrument(KIPP).title.en}</summary>" in page
    assert '<span class="badge info">set locally</span>' in page


def test_differences_to_the_edition_before_are_folded(visitor: Client) -> None:
    page = read(visitor, "portal:standard", SKM)

    folded = page[page.index('id="perubahan"') :].split("</details>")[0]
    assert "Public Satisfaction Survey (SKM) 2014</summary>" in folded
    assert "25.00-64.99" in folded


def test_downloads_hold_the_digest_of_the_page(visitor: Client) -> None:
    expected = digest(load_instrument(KIPP))

    from_json = json.loads(read(visitor, "portal:standard_download", KIPP, "json"))
    from_yaml = yaml.safe_load(read(visitor, "portal:standard_download", KIPP, "yaml"))

    assert digest(instrument_from_json(from_json)) == expected
    assert from_yaml == from_json


def test_pdf_says_what_the_page_says_in_our_letters(visitor: Client) -> None:
    reader = pdf(visitor, SKM)

    instrument = load_instrument(SKM)
    text = words_of(reader)
    assert reader.metadata is not None
    assert reader.metadata.title == instrument.title.en
    assert digest(instrument) in text
    assert [item.id for item in instrument.items if item.label.en not in text] == []
    assert "sum of the values of all items" in text
    fonts = {
        str(font.get_object()["/BaseFont"]).split("+")[1]
        for page in reader.pages
        for font in page["/Resources"]["/Font"].values()  # type: ignore[index]  # a page with text has fonts
    }
    assert fonts == {"PlusJakartaSans-Regular", "PlusJakartaSans-Bold"}


@pytest.mark.parametrize("instrument_id", ["iga-2026", "kipp-2024", "jayapura"])
def test_other_kinds_of_standards_can_be_printed_too(visitor: Client, instrument_id: str) -> None:
    text = words_of(pdf(visitor, instrument_id))

    assert digest(load_instrument(instrument_id)) in text


@pytest.mark.parametrize("path", ["/standar/kipp-1999/", "/standar/kipp-1999.json", "/standar/kipp-2023.exe"])
def test_unknown_standard_is_not_found(visitor: Client, path: str) -> None:
    assert visitor.get(path).status_code == 404


def test_standards_read_no_table(visitor: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(0):
        read(visitor, "portal:standards")
        read(visitor, "portal:standard", KIPP)
        pdf(visitor, SKM)


def test_status_of_what_is_known_is_not_unknown(visitor: Client) -> None:
    page = read(visitor, "portal:standard", "skm-2017")

    assert '<span class="badge neutral">not found</span>' not in page
    assert page.count(">confirmed</span>") >= 15
