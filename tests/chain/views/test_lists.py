"""Lists, their exports and the funnel: what they show, to whom, and at which cost."""

import io
from datetime import date
from typing import Any

import pytest
from django.urls import reverse
from openpyxl import load_workbook
from pypdf import PdfReader

from tests.chain.conftest import Enter
from tests.conftest import TODAY
from tests.factories import Town, make_handoff, make_innovation, walk_chain
from tests.whole.html import faults_of
from tifa.chain.choices import Step
from tifa.chain.models import LedgerPublication, NilReport
from tifa.organisation.models import Person

DAY = date(2026, 3, 1)


def text_of(response: Any) -> str:
    return " ".join(response.content.decode().split())


def content_of(response: Any) -> bytes:
    return b"".join(response.streaming_content)


def csv_of(response: Any) -> list[str]:
    return content_of(response).decode("utf-8-sig").splitlines()


def fill(town: Town, rows: int) -> None:
    for _ in range(rows):
        walk_chain(make_innovation(town.puskesmas), (Step.REPORTED, DAY))
        make_innovation(town.kampung)
        NilReport.objects.create(
            unit=town.distrik, year=2000 + NilReport.objects.count(), on=DAY, signed_by="Kepala"
        )


@pytest.mark.parametrize(
    ("name", "query", "statements"),
    [
        ("innovation_list", {}, 7),
        ("innovation_list", {"q": "abepura", "step": "dilaporkan", "holder": "ortal"}, 8),
        ("gaps", {}, 10),
        ("gaps", {"kind": "unverified", "unit": "OPD.DINKES"}, 10),
        ("coverage", {}, 10),
    ],
)
def test_statements_do_not_grow_with_the_rows(
    enter: Enter,
    auditor: Person,
    town: Town,
    django_assert_num_queries: Any,
    name: str,
    query: dict[str, str],
    statements: int,
) -> None:
    # One further statement each for permissions that an auditor lacks and the page asks for.
    client = enter(auditor)
    lacking = 2 if name in {"innovation_list", "gaps"} else 0
    for rows in (1, 3):
        fill(town, rows)
        client.get(reverse(f"chain:{name}"), query)
        with django_assert_num_queries(statements + lacking):
            client.get(reverse(f"chain:{name}"), query)


@pytest.mark.parametrize("name", ["innovation_export", "gaps_export", "coverage_export"])
@pytest.mark.parametrize("fmt", ["csv", "xlsx"])
def test_statements_of_an_export_do_not_grow_with_the_rows(
    enter: Enter, auditor: Person, town: Town, django_assert_max_num_queries: Any, name: str, fmt: str
) -> None:
    client = enter(auditor)
    for rows in (1, 3):
        fill(town, rows)
        with django_assert_max_num_queries(12):
            content_of(client.get(reverse(f"chain:{name}", args=[fmt])))


def test_list_shows_where_each_one_stands(enter: Enter, ortal: Person, town: Town) -> None:
    walk_chain(make_innovation(town.puskesmas, title="Satu"), (Step.REPORTED, DAY))
    make_innovation(town.kampung, title="Dua", use_started=None)

    page = text_of(enter(ortal).get(reverse("chain:innovation_list")))

    for words in ("2 innovations of the units", "1 year 8 months", "Not reported yet", "Reported", "Ortal"):
        assert words in page


def test_a_filter_that_does_not_exist_is_named(enter: Enter, ortal: Person, town: Town) -> None:
    make_innovation(town.puskesmas, title="Satu")

    response = enter(ortal).get(reverse("chain:innovation_list"), {"unit": "TIDAK.ADA", "page": "abc"})

    assert "TIDAK.ADA is not one of the available choices" in text_of(response)
    assert "Satu" in text_of(response)
    assert faults_of(response.content.decode()) == []


def test_lists_counts_and_exports_hold_nothing_of_other_units(
    enter: Enter, operator: Person, town: Town
) -> None:
    make_innovation(town.kampung, code="INV-LAIN", title="Milik kampung", service="layanan rahasia")
    make_innovation(town.puskesmas, code="INV-KITA", title="Milik kita")
    make_handoff(make_innovation(town.distrik), Step.REPORTED, date(2019, 1, 1))
    client = enter(operator)

    pages = [
        client.get(reverse(f"chain:{name}"), query)
        for name in ("innovation_list", "gaps", "coverage", "report_start", "nil_report")
        for query in ({}, {"unit": town.kampung.code}, {"q": "kampung"})
    ]
    exports = [
        "\n".join(csv_of(client.get(reverse(f"chain:{name}", args=["csv"]))))
        for name in ("innovation_export", "gaps_export", "coverage_export")
    ]

    for text in [*(text_of(page) for page in pages), *exports]:
        assert "INV-LAIN" not in text
        assert "Nafri" not in text
        assert "2019" not in text
    assert "1 innovation of the units" in text_of(pages[0])
    assert ["INV-KITA" in export for export in exports] == [True, True, False]


def test_report_form_does_not_suggest_words_of_other_units(
    enter: Enter, operator: Person, town: Town
) -> None:
    make_innovation(town.kampung, service="layanan rahasia", affairs="urusan rahasia")
    make_innovation(town.kampung, service="layanan terbit", affairs="urusan terbit", published_on=DAY)
    make_innovation(town.puskesmas, service="posyandu")
    client = enter(operator)

    page = text_of(client.get(client.post(reverse("chain:report_start"))["Location"]))

    assert ("posyandu" in page, "urusan terbit" in page) == (True, True)
    assert ("rahasia" in page, "layanan terbit" in page) == (False, False)


def test_gaps_page_names_the_largest_loss_and_leads_there(enter: Enter, leader: Person, town: Town) -> None:
    for _ in range(3):
        make_innovation(town.kampung)
    walk_chain(make_innovation(town.puskesmas, title="Sampai"), (Step.REPORTED, DAY))

    client = enter(leader)
    page = text_of(client.get(reverse("chain:gaps")))
    narrowed = text_of(client.get(reverse("chain:gaps"), {"kind": "unverified"}))

    assert "The largest loss is before “Reported”: 3 innovations stayed behind." in page
    assert "/ruang/celah/?kind=unreported#daftar" in page
    assert "See the 3 that wait there" in page
    assert ("Sampai" in narrowed, "Known but not reported (3)" in narrowed) == (True, True)


def test_gaps_of_a_past_year_are_those_of_its_last_day(enter: Enter, leader: Person, town: Town) -> None:
    innovation = walk_chain(make_innovation(town.puskesmas), (Step.REPORTED, date(2025, 6, 1)))
    make_handoff(innovation, Step.VERIFIED, DAY)

    client = enter(leader)
    now = client.get(reverse("chain:gaps")).context["found"]
    past = client.get(reverse("chain:gaps"), {"year": "2025"}).context["found"]

    assert (now.as_of, now.gaps[0].kind) == (TODAY, "undecided")
    assert (past.as_of, past.gaps[0].kind) == (date(2025, 12, 31), "unverified")


def test_export_of_gaps_keeps_the_filter_and_the_unknown(enter: Enter, leader: Person, town: Town) -> None:
    make_innovation(town.kampung, code="a", title="=1+1", use_started=None)
    walk_chain(make_innovation(town.puskesmas, code="b"), (Step.REPORTED, DAY))
    client = enter(leader)

    rows = csv_of(client.get(reverse("chain:gaps_export", args=["csv"]), {"kind": "unreported"}))
    book = client.get(reverse("chain:gaps_export", args=["xlsx"]))
    sheet = load_workbook(io.BytesIO(content_of(book))).active

    assert len(rows) == 2
    assert "=1+1" in rows[1]
    assert not rows[1].startswith("=")
    assert sheet is not None
    assert [sheet["A2"].value, sheet["G2"].value, sheet["A3"].value] == ["a", None, "b"]
    assert client.get(reverse("chain:gaps_export", args=["exe"])).status_code == 404


def test_export_speaks_the_language_of_the_page(enter: Enter, leader: Person, town: Town) -> None:
    make_innovation(town.kampung)

    rows = csv_of(enter(leader).get(reverse("chain:innovation_export", args=["csv"])))

    assert ("How it became known" in rows[0], "Not reported yet" in rows[1]) == (True, True)


def test_printed_report_opens(enter: Enter, leader: Person, town: Town) -> None:
    make_innovation(town.kampung)

    response = enter(leader).get(reverse("chain:gaps_report"), {"unit": town.distrik.code})

    assert response.content.startswith(b"%PDF")


def test_printed_report_shows_what_was_chosen_and_says_so(enter: Enter, leader: Person, town: Town) -> None:
    make_innovation(town.kampung, title="Belum lapor", function="pengawasan")
    walk_chain(
        make_innovation(town.kampung, title="Belum verifikasi", function="pengawasan"), (Step.REPORTED, DAY)
    )
    make_innovation(town.kampung, title="Fungsi lain")

    every = _printed(enter(leader).get(reverse("chain:gaps_report")))
    chosen = _printed(
        enter(leader).get(reverse("chain:gaps_report"), {"function": "pengawasan", "kind": "unverified"})
    )

    titles = ("Belum lapor", "Belum verifikasi", "Fungsi lain")
    assert [title for title in titles if title in every] == list(titles)
    assert [title for title in titles if title in chosen] == ["Belum verifikasi"]
    assert ("Silent units" in every, "Silent units" in chosen) == (True, False)
    assert "All units, function Supervision, as of 24 November 2026" in chosen
    assert "Only: Reported but not verified." in chosen


def _printed(response: Any) -> str:
    pages = PdfReader(io.BytesIO(response.content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def test_coverage_lists_only_silent_units(enter: Enter, leader: Person, town: Town) -> None:
    walk_chain(make_innovation(town.puskesmas), (Step.REPORTED, DAY))

    client = enter(leader)
    rows = client.get(reverse("chain:coverage"), {"silent": "on"}).context["page_obj"]
    kampung = client.get(reverse("chain:coverage"), {"kind": "kampung"}).context["page_obj"]

    assert town.puskesmas not in [row.unit for _level, row in rows]
    assert len(rows) == 5
    assert [row.unit for _level, row in kampung] == [town.kampung]


def test_coverage_indents_a_unit_below_those_that_are_shown(
    enter: Enter, leader: Person, operator: Person, town: Town
) -> None:
    whole = enter(leader).get(reverse("chain:coverage")).context["page_obj"]
    alone = enter(operator).get(reverse("chain:coverage"))

    levels = {row.unit: level for level, row in whole}
    assert (levels[town.city], levels[town.department], levels[town.puskesmas]) == (0, 1, 2)
    assert [(level, row.unit) for level, row in alone.context["page_obj"]] == [(0, town.puskesmas)]
    assert "tree-0" in alone.content.decode()


def test_funnel_is_published_after_asking(enter: Enter, ortal: Person, leader: Person, town: Town) -> None:
    make_innovation(town.kampung)
    url = reverse("chain:ledgers_publish")
    client = enter(ortal)

    assert enter(leader).post(url).status_code == 403
    client.get(url)
    assert LedgerPublication.objects.count() == 0
    response = client.post(url)

    publication = LedgerPublication.objects.get()
    assert response["Location"] == reverse("chain:gaps")
    assert (publication.as_of, publication.published_by) == (TODAY, ortal)
    assert publication.payload["units"][0]["ledgers"]["known"] == 1
    assert f"digest {publication.digest[:12]}" in text_of(client.get(url))


@pytest.mark.parametrize(
    ("name", "opens"),
    [
        ("innovation_list", {"operator", "ortal", "leader", "auditor"}),
        ("gaps", {"operator", "ortal", "leader", "auditor"}),
        ("coverage", {"operator", "ortal", "leader", "auditor"}),
        ("report_start", {"operator"}),
        ("nil_report", {"operator"}),
        ("finding_create", {"ortal"}),
        ("ledgers_publish", {"ortal"}),
    ],
)
def test_pages_open_by_role(
    request: pytest.FixtureRequest, enter: Enter, town: Town, name: str, opens: set[str]
) -> None:
    roles = ("operator", "ortal", "leader", "auditor", "judge", "administrator")
    url = reverse(f"chain:{name}")

    found = {role for role in roles if enter(request.getfixturevalue(role)).get(url).status_code == 200}

    assert found == opens
