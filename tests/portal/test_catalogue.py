"""The catalogue: what it shows, what it keeps back, how it is narrowed, and what it costs."""

import gzip
import io
import re
from datetime import date

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from tests.factories import Town, make_innovation, make_unit
from tests.portal.conftest import FUTURE, publish
from tests.whole.html import faults_of
from tifa.organisation.choices import UnitKind
from tifa.organisation.models import UnitAlias

URL = reverse("portal:catalogue")
TITLE = re.compile(r'<h3><a href="[^"]+">([^<]+)</a></h3>')


def read(client: Client, query: str = "", **headers: str) -> str:
    response = client.get(f"{URL}{query}", headers=headers)
    assert response.status_code == 200
    return str(response.content.decode())


def titles(page: str) -> list[str]:
    return TITLE.findall(page)


@pytest.fixture
def three(town: Town) -> Town:
    publish(
        town.puskesmas,
        title="Perahu Sehat",
        affairs="kesehatan",
        stage="penerapan",
        published_on=date(2025, 3, 1),
    )
    publish(
        town.kampung,
        title="Antre dari Rumah",
        affairs="kependudukan",
        stage="uji coba",
        function="pengaturan",
        use_started=None,
        published_on=date(2025, 2, 1),
    )
    publish(
        town.department,
        title="Bank Darah",
        affairs="kesehatan",
        stage="inisiatif",
        use_started=date(2023, 5, 5),
        published_on=date(2025, 1, 1),
    )
    return town


def test_catalogue_shows_the_newest_first(visitor: Client, three: Town) -> None:
    page = read(visitor)

    assert titles(page) == ["Perahu Sehat", "Antre dari Rumah", "Bank Darah"]
    assert "3 innovations" in page
    assert faults_of(page) == []


def test_catalogue_sorts_by_title(visitor: Client, three: Town) -> None:
    assert titles(read(visitor, "?urut=judul")) == ["Antre dari Rumah", "Bank Darah", "Perahu Sehat"]


def test_catalogue_keeps_back_what_is_not_published(visitor: Client, three: Town) -> None:
    hidden = make_unit("RAHASIA", "Dinas Tersembunyi", UnitKind.DEPARTMENT, three.city)
    make_innovation(hidden, title="Belum diperiksa", affairs="urusan belum")
    publish(hidden, title="Terbit nanti", published_on=FUTURE, affairs="urusan nanti")

    pages = [
        read(visitor, query) for query in ("", "?q=belum", "?q=tersembunyi", "?unit=RAHASIA", "?urut=judul")
    ]

    for page in pages:
        for secret in (
            "Belum diperiksa",
            "Terbit nanti",
            "Dinas Tersembunyi",
            "urusan belum",
            "urusan nanti",
        ):
            assert secret.casefold() not in page.casefold()


def test_a_hidden_unit_answers_as_one_that_does_not_exist(visitor: Client, three: Town) -> None:
    make_unit("RAHASIA", "Dinas Tersembunyi", UnitKind.DEPARTMENT, three.city)

    hidden, unknown = read(visitor, "?unit=RAHASIA"), read(visitor, "?unit=TIDAKADA")

    assert titles(hidden) == titles(unknown)
    assert "No published innovation belongs to the unit “RAHASIA”" in hidden
    assert "No published innovation belongs to the unit “TIDAKADA”" in unknown


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?urusan=kesehatan", ["Perahu Sehat", "Bank Darah"]),
        ("?urusan=kesehatan&urusan=kependudukan", ["Perahu Sehat", "Antre dari Rumah", "Bank Darah"]),
        ("?tahap=uji+coba", ["Antre dari Rumah"]),
        ("?fungsi=pengaturan", ["Antre dari Rumah"]),
        ("?tahun=2023", ["Bank Darah"]),
        ("?tahun=unknown", ["Antre dari Rumah"]),
        ("?unit=OPD.DINKES", ["Perahu Sehat", "Bank Darah"]),
        ("?unit=91.71", ["Perahu Sehat", "Antre dari Rumah", "Bank Darah"]),
        ("?urusan=kesehatan&tahun=2023", ["Bank Darah"]),
        ("?q=perahu", ["Perahu Sehat"]),
        ("?q=PERAHU+sehat", ["Perahu Sehat"]),
        ("?q=nafri", ["Antre dari Rumah"]),
        ("?q=dinkesjpr", ["Bank Darah"]),
        ("?q=100%25", []),
        ("?q=_", []),
    ],
)
def test_catalogue_is_narrowed(visitor: Client, three: Town, query: str, expected: list[str]) -> None:
    UnitAlias.objects.create(unit=three.department, text="DinkesJPR")

    assert titles(read(visitor, query)) == expected


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("?tahun=x", "No published innovation came into use in “x”"),
        ("?tahun=99999999999999999999", "No published innovation came into use in"),
        ("?tahap=selesai", "No published innovation has the stage “selesai”"),
        ("?fungsi=x", "No published innovation has the function “x”"),
        ("?urusan=x", "No published innovation has the government affairs “x”"),
        ("?unit=x%00y", "No published innovation belongs to the unit “xy”"),
        ("?urut=x", "There is no order “x”"),
        ("?page=abc", "“abc” is not a page number"),
        ("?page=-1", "“-1” is not a page number"),
        ("?page=99999999999999999999", "3 innovations"),
        ("?tahun=<script>", "came into use in “&lt;script&gt;”"),
        ("?urusan=%00", "3 innovations"),
    ],
)
def test_catalogue_leaves_out_what_nobody_can_choose(
    visitor: Client, three: Town, query: str, sentence: str
) -> None:
    page = read(visitor, query)

    assert sentence in page
    assert len(titles(page)) == 3


def test_catalogue_counts_each_choice_under_the_others(visitor: Client, three: Town) -> None:
    page = read(visitor, "?tahap=penerapan")

    assert re.findall(r'name="urusan" value="([^"]+)".*?class="n">(\d+)<', page) == [
        ("kesehatan", "1"),
        ("kependudukan", "0"),
    ]
    assert re.findall(r'name="tahap" value="([^"]+)".*?class="n">(\d+)<', page) == [
        ("inisiatif", "1"),
        ("uji coba", "1"),
        ("penerapan", "1"),
    ]


def test_catalogue_counts_a_unit_with_its_subtree(visitor: Client, three: Town) -> None:
    page = read(visitor)

    options = re.findall(r'<option value="([^"]+)">\u2003*([^<(]+) \((\d+)\)</option>', page)
    assert [option for option in options if option[0] in {"91.71", "OPD.DINKES", "PKM.ABEPURA"}] == [
        ("91.71", "Kota Jayapura", "3"),
        ("OPD.DINKES", "Dinas Kesehatan", "2"),
        ("PKM.ABEPURA", "Puskesmas Abepura", "1"),
    ]


def test_heading_says_what_was_chosen(visitor: Client, three: Town) -> None:
    page = read(visitor, "?urusan=kesehatan&unit=OPD.DINKES&q=a")

    assert "2 innovations · “a” · Kesehatan · Dinas Kesehatan</h2>" in page
    assert "Clear the choice" in page


def test_catalogue_without_rows_says_why(visitor: Client, town: Town) -> None:
    assert "Nothing is published yet." in read(visitor)

    publish(town.puskesmas)

    assert "No innovation fits this choice." in read(visitor, "?q=tidakada")


def test_examples_are_marked(visitor: Client, town: Town) -> None:
    publish(town.puskesmas, title="Karangan", marking="contoh")

    assert '<span class="badge warn">Example</span>' in read(visitor)

    publish(town.puskesmas, title="Sungguh", marking="nyata")

    assert read(visitor).count('class="badge warn"') == 1


def test_htmx_gets_the_list_and_the_counts_only(visitor: Client, three: Town) -> None:
    part = read(visitor, "?tahap=penerapan", **{"HX-Request": "true", "HX-Request-Type": "partial"})

    assert "<html" not in part
    assert titles(part) == ["Perahu Sehat"]
    assert 'id="filters"' in part
    assert 'hx-swap-oob="outerMorph"' in part
    assert faults_of(part) == []


@pytest.mark.parametrize(
    "headers",
    [
        {"HX-Request": "true", "HX-Request-Type": "full"},
        {"HX-Request": "true", "HX-History-Restore-Request": "true"},
        {},
    ],
)
def test_a_restored_page_is_whole(visitor: Client, three: Town, headers: dict[str, str]) -> None:
    page = read(visitor, **headers)

    assert "<html" in page
    assert "hx-swap-oob" not in page


def test_answers_differ_by_the_header(visitor: Client, town: Town) -> None:
    assert "HX-Request" in visitor.get(URL)["Vary"]


def test_catalogue_costs_the_same_with_one_and_three_rows(
    visitor: Client, town: Town, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    publish(town.puskesmas)
    with django_assert_num_queries(8):
        read(visitor)

    publish(town.kampung, affairs="pendidikan", use_started=None)
    publish(town.department, stage="inisiatif")
    with django_assert_num_queries(8):
        read(visitor)


def test_narrowed_catalogue_costs_the_same_with_one_and_three_rows(
    visitor: Client, town: Town, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    query = "?q=a&urusan=kesehatan&tahap=penerapan&fungsi=pelayanan&tahun=2025&unit=91.71"
    publish(town.puskesmas, title="Aa")
    with django_assert_num_queries(14):
        read(visitor, query)

    publish(town.kampung, title="Ab")
    publish(town.department, title="Ac")
    with django_assert_num_queries(14):
        read(visitor, query)


def test_a_full_page_is_small(visitor: Client, town: Town) -> None:
    words = [
        "layanan",
        "keliling",
        "kampung",
        "pesisir",
        "posyandu",
        "warga",
        "antrean",
        "loket",
        "perahu",
        "sekolah",
        "pasar",
        "ikan",
    ]
    for number in range(60):
        unit = make_unit(
            f"OPD.{number}", f"Dinas {words[number % 12]} {number}", UnitKind.DEPARTMENT, town.city
        )
        publish(
            unit,
            title=" ".join(words[(number * 7 + step) % 12] for step in range(6)).capitalize(),
            summary=" ".join(words[(number * 5 + step * step) % 12] for step in range(60)),
            affairs=words[number % 12],
        )

    response = visitor.get(URL, headers={"Accept-Encoding": "gzip"})

    assert response["Content-Encoding"] == "gzip"
    assert len(response.content) <= 10_000
    assert len(titles(gzip.decompress(response.content).decode())) == 24


def test_pages_keep_the_choice(visitor: Client, town: Town) -> None:
    for _ in range(25):
        publish(town.puskesmas)

    page = read(visitor, "?urusan=kesehatan")

    assert 'href="?urusan=kesehatan&amp;page=2"' in page
    assert len(titles(read(visitor, "?urusan=kesehatan&page=2"))) == 1


def test_export_holds_the_choice_and_public_facts_only(visitor: Client, three: Town) -> None:
    make_innovation(three.puskesmas, title="Belum diperiksa")
    publish(
        three.puskesmas, title="=1+1", affairs="lain", initiator="Nama Penggagas", source_note="catatan dalam"
    )

    response = visitor.get(reverse("portal:catalogue_export", args=["xlsx"]), {"urusan": "lain"})

    book = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content)))  # type: ignore[attr-defined]
    rows = list(book["Inovasi"].iter_rows(values_only=True))
    assert len(rows) == 2
    assert rows[0][:4] == ("kode", "judul", "kode_unit", "unit")
    assert rows[1][1:4] == ("=1+1", "PKM.ABEPURA", "Puskesmas Abepura")
    assert book["Inovasi"]["B2"].data_type == "s"
    assert not {"Nama Penggagas", "catatan dalam"} & set(rows[1])


def test_csv_export_costs_the_same_with_one_and_three_rows(
    visitor: Client, town: Town, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    def export() -> str:
        response = visitor.get(reverse("portal:catalogue_export", args=["csv"]))
        return b"".join(response.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]

    publish(town.puskesmas, title="=1+1")
    with django_assert_num_queries(2):
        assert "'=1+1" in export()

    publish(town.kampung)
    publish(town.department)
    with django_assert_num_queries(2):
        assert len(export().strip().splitlines()) == 4
