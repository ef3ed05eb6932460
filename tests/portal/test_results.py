"""Published rankings: the frozen copy, explained line by line."""

import hashlib
import io
import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from tests.evaluation.makers import (
    entries_of,
    judge_entry,
    make_closed_round,
    make_judges,
    make_open_round,
)
from tests.evaluation.recomputing import recompute
from tests.factories import Town
from tests.whole.html import faults_of
from tifa.evaluation.bundle.verifying import verify
from tifa.evaluation.choices import ScoreState
from tifa.evaluation.models import RankingPublication, Round
from tifa.evaluation.services.ranking import digest_of, publish_ranking
from tifa.evaluation.services.rounds import close_round
from tifa.organisation.models import Person

DAY = date(2026, 11, 2)
NOW = datetime(2026, 11, 2, 3, 0, tzinfo=UTC)


def publish_round(town: Town, actor: Person, entries: int = 2, code: str = "KIPP-2026") -> RankingPublication:
    start = {"KIPP-2026": 1}.get(code, int(code[-1]) * 10)
    judges = make_judges(town, 2, start=start)
    round_ = make_open_round(town, judges, entries, code)
    for number, entry in enumerate(entries_of(round_)):
        judge_entry(judges[0], entry, 60 + 10 * number)
        judge_entry(judges[1], entry, 70 + 10 * number, kebaruan=ScoreState.NOT_ASSESSABLE)
    closed = close_round(actor=actor, round_=round_, on=DAY)
    return publish_ranking(actor=actor, round_=closed, on=DAY, now=NOW)


def read(client: Client, code: str = "KIPP-2026", query: str = "") -> str:
    response = client.get(reverse("portal:result", args=[code]) + query)
    assert response.status_code == 200
    return str(response.content.decode())


def test_list_shows_the_newest_of_each_round(visitor: Client, town: Town, ortal: Person) -> None:
    publication = publish_round(town, ortal)
    RankingPublication.objects.create(
        round=publication.round,
        method="older",
        instrument_digest=publication.instrument_digest,
        digest="0" * 64,
        payload=publication.payload,
        published_at=datetime(2026, 1, 1, tzinfo=UTC),
    )

    page = str(visitor.get(reverse("portal:results")).content.decode())

    assert page.count(f'href="{reverse("portal:result", args=["KIPP-2026"])}"') == 1
    assert "older" not in page
    assert faults_of(page) == []


def test_list_names_standard_and_method_in_words(visitor: Client, town: Town, ortal: Person) -> None:
    publish_round(town, ortal)

    page = str(visitor.get(reverse("portal:results")).content.decode())

    standard = reverse("portal:standard", args=["kipp-2023"])
    assert f'<a href="{standard}">Public Service Innovation Competition 2023</a>' in page
    assert f'<a href="{reverse("portal:result", args=["KIPP-2026"])}#method">Weighted mean</a>' in page


def test_without_results_the_page_says_so(visitor: Client, town: Town) -> None:
    make_open_round(town, make_judges(town, 1))

    page = str(visitor.get(reverse("portal:results")).content.decode())

    assert "No ranking is published yet." in page
    assert "KIPP-2026" not in page


def test_result_explains_every_number(visitor: Client, town: Town, ortal: Person) -> None:
    publication = publish_round(town, ortal)

    page = read(visitor)

    assert faults_of(page) == []
    best = publication.payload["entries"][0]
    for shown in (
        best["title"],
        f"{float(best['total']):.2f}",
        publication.method,
        publication.digest,
        publication.instrument_digest,
        "70.00 × 15 → <b>10.50</b>",
        "1 judge; without a score: 1",
    ):
        assert shown in page


def test_result_says_why_rounded_contributions_do_not_add_up(
    visitor: Client, town: Town, ortal: Person
) -> None:
    (judge,) = make_judges(town, 1)
    round_ = make_open_round(town, [judge], 2)
    even, uneven = entries_of(round_)
    judge_entry(judge, even, 80)
    judge_entry(judge, uneven, "82.91")
    publication = publish_ranking(
        actor=ortal, round_=close_round(actor=ortal, round_=round_, on=DAY), on=DAY, now=NOW
    )

    page = read(visitor)

    first = publication.payload["entries"][0]
    shown = sum(Decimal(section["contribution"]) for section in first["sections"])
    assert (first["total"], shown) == ("82.91", Decimal("82.92"))
    assert "<b>82.91</b>" in page
    assert page.count("added up before rounding; the rounded contributions above would give 82.92") == 1
    assert page.count("added up before rounding") == 1


def test_result_names_no_judge(visitor: Client, town: Town, ortal: Person) -> None:
    publish_round(town, ortal)

    page = read(visitor)

    assert "Judge 1" not in page
    assert "judge1@example.org" not in page


def test_entry_without_a_rank_says_what_is_missing(visitor: Client, town: Town, ortal: Person) -> None:
    judges = make_judges(town, 1)
    round_ = make_open_round(town, judges, 2)
    first, second = entries_of(round_)
    judge_entry(judges[0], first, 80)
    judge_entry(judges[0], second, 80, kebaruan=ScoreState.NOT_ASSESSABLE)
    publish_ranking(actor=ortal, round_=close_round(actor=ortal, round_=round_, on=DAY), on=DAY, now=NOW)

    page = read(visitor)

    assert "not ranked" in page
    assert "Without a rank, because no judge scored: Novelty or added value." in page


@pytest.mark.parametrize("code", ["TIDAK-ADA", "BUKA"])
def test_unpublished_round_is_unknown(visitor: Client, town: Town, code: str) -> None:
    Round.objects.create(code="BUKA", name="Rahasia", instrument_id="kipp-2023")

    for name, args in (("portal:result", [code]), ("portal:result_download", [code, "json"])):
        response = visitor.get(reverse(name, args=args))
        assert response.status_code == 404
        assert "Rahasia" not in response.content.decode()


def test_json_is_the_frozen_copy(visitor: Client, town: Town, ortal: Person) -> None:
    publication = publish_round(town, ortal)

    content = json.loads(visitor.get(reverse("portal:result_download", args=["KIPP-2026", "json"])).content)

    assert content == publication.payload
    assert digest_of(content) == publication.digest


def test_workbook_has_places_and_values(visitor: Client, town: Town, ortal: Person) -> None:
    publication = publish_round(town, ortal)

    response = visitor.get(reverse("portal:result_download", args=["KIPP-2026", "xlsx"]))

    book = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content)))  # type: ignore[attr-defined]
    assert book.sheetnames == ["Peringkat", "Nilai"]
    assert book["Peringkat"].max_row == 3
    assert book["Peringkat"]["B2"].value == publication.payload["entries"][0]["code"]
    assert book["Nilai"].max_row == 1 + 2 * 2 * 8
    assert {book["Peringkat"][cell].number_format for cell in ("E2", "P2", "W3")} == {"0.00"}
    assert {
        row[3].number_format for row in book["Nilai"].iter_rows(min_row=2) if row[3].data_type == "n"
    } == {"0.00"}
    assert book["Peringkat"].column_dimensions["C"].width > book["Peringkat"].column_dimensions["A"].width


def test_csv_has_the_places(visitor: Client, town: Town, ortal: Person) -> None:
    publish_round(town, ortal)

    response = visitor.get(reverse("portal:result_download", args=["KIPP-2026", "csv"]))
    lines = b"".join(response.streaming_content).decode("utf-8-sig").strip().splitlines()  # type: ignore[attr-defined]

    assert len(lines) == 3
    assert lines[0].startswith("peringkat,kode,judul,unit,nilai,penilai,nilai_wajar,")


@pytest.mark.parametrize("page", ["abc", "-1", "99999999999999999999"])
def test_bad_page_shows_entries(visitor: Client, town: Town, ortal: Person, page: str) -> None:
    publication = publish_round(town, ortal)

    assert publication.payload["entries"][0]["title"] in read(visitor, query=f"?page={page}")


def test_result_costs_the_same_with_one_and_three_entries(
    visitor: Client, town: Town, ortal: Person, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    publish_round(town, ortal, entries=1)
    publish_round(town, ortal, entries=3, code="KIPP-3")
    with django_assert_num_queries(2):
        read(visitor)
    with django_assert_num_queries(2):
        read(visitor, "KIPP-3")


def test_list_costs_the_same_with_one_and_three_rounds(
    visitor: Client, town: Town, ortal: Person, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    publish_round(town, ortal, entries=1)
    with django_assert_num_queries(1):
        visitor.get(reverse("portal:results"))

    publish_round(town, ortal, entries=1, code="KIPP-3")
    publish_round(town, ortal, entries=1, code="KIPP-4")
    with django_assert_num_queries(1):
        visitor.get(reverse("portal:results"))


def fair_round(town: Town, actor: Person, entries: int = 6, code: str = "KIPP-ADIL") -> RankingPublication:
    round_ = make_closed_round(town, actor, make_judges(town, 4, start=500), entries, code)
    return publish_ranking(actor=actor, round_=round_, on=DAY, now=NOW)


def test_fair_result_shows_what_is_sure(visitor: Client, town: Town, ortal: Person) -> None:
    publication = fair_round(town, ortal)

    page = read(visitor, "KIPP-ADIL")

    assert faults_of(page) == []
    for shown in (
        "In short",
        "Would the result change?",
        "How strict are the judges?",
        "How fair scores, places and chances came about",
        "severity-linear/1",
        publication.payload["bundle"]["sha256"],
        publication.payload["bundle"]["key"],
        "tifa verify",
    ):
        assert shown in page
    for one in publication.payload["entries"]:
        assert f"{one['fair']['fair']:.2f}" in page
    assert page.count('<svg class="plot') == 4
    assert "Judge 5" not in page


def test_without_a_correction_the_page_says_why(visitor: Client, town: Town, ortal: Person) -> None:
    publish_round(town, ortal)

    page = read(visitor)

    assert "The plain mean stands alone" in page
    assert "fewer than three judges" in page
    assert '<svg class="plot' not in page


def test_bundle_and_key_are_handed_out(visitor: Client, town: Town, ortal: Person, tmp_path: Path) -> None:
    publication = fair_round(town, ortal)

    archive = visitor.get(reverse("portal:result_download", args=["KIPP-ADIL", "zip"])).content
    key = visitor.get(reverse("portal:result_key")).content

    assert hashlib.sha256(archive).hexdigest() == publication.payload["bundle"]["sha256"]
    (tmp_path / "hasil.zip").write_bytes(archive)
    assert verify(tmp_path / "hasil.zip", key).equal


def test_corrected_publications_stay_readable(visitor: Client, town: Town, ortal: Person) -> None:
    first = fair_round(town, ortal)
    second = publish_ranking(
        actor=ortal, round_=first.round, on=DAY, now=NOW + timedelta(days=1), reason="Salah <b>ketik</b>"
    )
    past = reverse("portal:result_past", args=["KIPP-ADIL", first.pk])

    current, old = read(visitor, "KIPP-ADIL"), str(visitor.get(past).content.decode())

    assert faults_of(old) == faults_of(current) == []
    assert "This is a correction. Reason: Salah &lt;b&gt;ketik&lt;/b&gt;" in current
    assert past in current
    assert "This publication was corrected on 3 November 2026: Salah &lt;b&gt;ketik" in old
    assert reverse("portal:result_past", args=["KIPP-ADIL", second.pk]) in old
    for publication in (first, second):
        address = reverse("portal:result_past_download", args=["KIPP-ADIL", publication.pk, "json"])
        assert json.loads(visitor.get(address).content) == publication.payload
    assert visitor.get(reverse("portal:result_past", args=["LAIN", first.pk])).status_code == 404


def old_payload(payload: dict[str, Any]) -> dict[str, Any]:
    """Return a copy as the first version of Tifa froze it."""
    payload = json.loads(json.dumps(payload)) | {"format": "tifa-ranking/1"}
    for name in ("fair", "reason", "bundle", "corrects"):
        del payload[name]
    for section in payload["sections"]:
        del section["mean"], section["spread"]
    for entry in payload["entries"]:
        del entry["fair"], entry["untied"]
        entry["conflicts"] = 1
        for section in entry["sections"]:
            section |= {"conflicts": 1, "not_assessable": section.pop("no_score")}
        for sheet in entry["scores"]:
            sheet["values"] = {
                name: "conflict" if value == "no_score" else value for name, value in sheet["values"].items()
            }
    return payload


def test_a_copy_of_the_first_format_stays_readable(visitor: Client, town: Town, ortal: Person) -> None:
    publication = publish_round(town, ortal)
    payload = old_payload(publication.payload)
    RankingPublication.objects.update(payload=payload, bundle=None)

    page = read(visitor)

    assert faults_of(page) == []
    assert "1 judge declared a conflict of interest and did not see this entry." in page
    assert "In short" not in page
    assert recompute(payload).entries[0].rank == 1
    assert visitor.get(reverse("portal:result_download", args=["KIPP-2026", "zip"])).status_code == 404
    response = visitor.get(reverse("portal:result_download", args=["KIPP-2026", "csv"]))
    text = b"".join(response.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert text.startswith("peringkat,kode,judul,unit,nilai,penilai,konflik,")


def test_the_first_page_of_a_large_result_is_small(visitor: Client, town: Town, ortal: Person) -> None:
    fair_round(town, ortal, entries=40)

    response = visitor.get(reverse("portal:result", args=["KIPP-ADIL"]), headers={"accept-encoding": "gzip"})

    assert len(response.content) < 30_000


def test_fair_result_costs_the_same_with_two_and_three_entries(
    visitor: Client, town: Town, ortal: Person, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    fair_round(town, ortal, entries=3)
    with django_assert_num_queries(2):
        read(visitor, "KIPP-ADIL")
