"""Tests of fair publications: numbers as the method gives them, a chain of corrections, and nothing that leaks."""

import csv
import io
import json
import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from tests.evaluation.bundle.making import files_in, stored
from tests.evaluation.makers import (
    CLOSED,
    NOW,
    SECTIONS,
    entries_of,
    judge_entry,
    make_closed_round,
    make_judges,
    make_open_round,
)
from tests.evaluation.recomputing import recompute
from tests.factories import Town
from tifa.core.models import Event
from tifa.evaluation.bundle.anonymity import LINKED
from tifa.evaluation.bundle.layout import ENTRIES, MANIFEST, RATINGS, RESULTS
from tifa.evaluation.bundle.signing import city_key, public_pem
from tifa.evaluation.bundle.verifying import verify
from tifa.evaluation.models import (
    Assessment,
    Conflict,
    Entry,
    PanelMember,
    RankingPublication,
    Round,
    Score,
    ScoreSheet,
)
from tifa.evaluation.selectors.copies import ranking_in
from tifa.evaluation.selectors.publications import bundle_of, publications_of
from tifa.evaluation.services.assessing import assess, request_assessment, seed_of
from tifa.evaluation.services.locking import RoundRefused
from tifa.evaluation.services.ranking import digest_of, publish_ranking
from tifa.evaluation.services.rounds import close_round
from tifa.evaluation.services.withdrawing import withdraw_judge
from tifa.organisation.models import Person
from tifa.stats.judging import JudgingOptions, judge
from tifa.stats.ratings import Rating, panel_of


def publish(round_: Round, actor: Person, reason: str = "") -> RankingPublication:
    return publish_ranking(actor=actor, round_=round_, on=CLOSED, now=timezone.now(), reason=reason)


def with_top(round_: Round, top: int) -> Round:
    round_.top = top
    round_.save(update_fields=["top"])
    return round_


def bundle(publication: RankingPublication) -> bytes:
    content = bundle_of(publication)
    assert content is not None
    return content


def ratings(publication: RankingPublication) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(files_in(bundle(publication))[RATINGS].decode())))


@pytest.fixture
def judges(town: Town) -> list[Person]:
    return make_judges(town, 5)


@pytest.fixture
def closed(town: Town, ortal: Person, judges: list[Person]) -> Round:
    return make_closed_round(town, ortal, judges)


def test_numbers_are_those_of_the_method_on_the_same_ratings(closed: Round, ortal: Person) -> None:
    payload = publish(with_top(closed, 2), ortal).payload
    weights = {one["id"]: float(one["weight"]) for one in payload["sections"] if Decimal(one["weight"])}
    panel = panel_of(
        Rating(code, str(seat), section, float(value or 0))
        for code, seat, section, value in Score.objects.filter(section__in=weights).values_list(
            "sheet__entry__innovation__code", "sheet__member_id", "section", "value"
        )
    )
    told = judge(panel, JudgingOptions(model="linear", weights=weights, top=2, seed=seed_of(closed.code)))

    stated = {one["code"]: one["fair"] for one in payload["entries"]}
    assert payload["fair"]["model"] == "linear"
    for row in told.entries:
        own = stated[row.entry]
        assert (own["fair"], own["low"], own["high"]) == pytest.approx(
            (row.fair, row.fair_lo, row.fair_hi), abs=1e-3
        )
        assert (own["place"], own["place_low"], own["place_high"]) == (row.rank, row.rank_lo, row.rank_hi)
        assert own["p_top"] == pytest.approx(row.p_top, abs=1e-3)
    assert [one["severity"] for one in payload["fair"]["severities"]] == pytest.approx(
        sorted((one.severity for one in told.judges if one.severity is not None), reverse=True), abs=1e-3
    )
    assert recompute(payload) == ranking_in(payload)


def test_a_judge_who_left_without_a_sheet_is_not_counted(
    town: Town, ortal: Person, judges: list[Person]
) -> None:
    absent = make_judges(town, 1, start=9)[0]
    round_ = make_open_round(town, [*judges, absent], entries=2)
    for entry in entries_of(round_):
        for number, person in enumerate(judges):
            judge_entry(person, entry, 60 + number)
    for person in (absent, judges[0]):
        withdraw_judge(actor=ortal, member=round_.panel.get(person=person), reason="Sakit", now=NOW)
    closed = close_round(actor=ortal, round_=round_, on=CLOSED)

    found = publish_ranking(actor=ortal, round_=closed, on=CLOSED, now=NOW)

    assert found.payload["round"]["judges"] == len(judges)


def test_the_bundle_verifies_with_the_key_of_the_city(closed: Round, ortal: Person, tmp_path: Path) -> None:
    publication = publish(closed, ortal)

    verdict = verify(stored(tmp_path, bundle(publication)), public_pem(city_key(settings.SIGNING_KEY)))

    assert (verdict.equal, verdict.differences) == (True, ())
    assert verdict.publication["round"]["code"] == closed.code
    assert verdict.fingerprint == publication.payload["bundle"]["key"]


def test_publishing_twice_from_the_same_scores_gives_the_same_numbers(closed: Round, ortal: Person) -> None:
    first = publish(closed, ortal).payload
    second = publish(closed, ortal, reason="Sekali lagi").payload

    assert {one["code"]: one["fair"] for one in first["entries"]} == {
        one["code"]: one["fair"] for one in second["entries"]
    }
    assert first["fair"] == second["fair"]


def test_what_ortal_looked_at_is_what_is_published(closed: Round, ortal: Person) -> None:
    found = request_assessment(actor=ortal, round_=closed, top=3, now=NOW)
    assess(assessment_id=found.pk)
    found.refresh_from_db()
    assert found.results is not None

    publication = publish(closed, ortal)

    results = json.loads(files_in(bundle(publication))[RESULTS])
    assert results == found.results
    assert publication.payload["fair"]["top"] == 3
    found.refresh_from_db()
    assert (found.used, found.content) == (True, None)


def test_an_assessment_of_other_scores_is_not_published(closed: Round, ortal: Person) -> None:
    found = request_assessment(actor=ortal, round_=closed, top=None, now=NOW)
    assess(assessment_id=found.pk)
    Score.objects.filter(sheet=ScoreSheet.objects.first()).update(value=1)

    publication = publish(closed, ortal)

    found.refresh_from_db()
    assert json.loads(files_in(bundle(publication))[RESULTS]) != found.results
    assert recompute(publication.payload) == ranking_in(publication.payload)


def test_an_impossible_top_fails_with_a_sentence(closed: Round, ortal: Person) -> None:
    found = request_assessment(actor=ortal, round_=closed, top=50, now=NOW)
    assess(assessment_id=found.pk)

    found.refresh_from_db()
    assert (found.state, "from 1 to 6" in found.message) == ("failed", True)
    with pytest.raises(RoundRefused, match="from 1 to 6"):
        publish(closed, ortal)


def test_with_two_judges_the_plain_mean_stands_alone(town: Town, ortal: Person, tmp_path: Path) -> None:
    publication = publish(make_closed_round(town, ortal, make_judges(town, 2)), ortal)

    assert (publication.payload["fair"], publication.payload["reason"]) == (None, "few-judges")
    assert all(one["fair"] is None and one["rank"] for one in publication.payload["entries"])
    labels = [row["judge"] for row in ratings(publication)]
    assert not any(label.startswith(LINKED) for label in labels)
    assert len(set(labels)) == 2 * 6
    assert verify(stored(tmp_path, bundle(publication))).equal


# The chain


def test_a_correction_needs_a_reason_and_points_back(closed: Round, ortal: Person) -> None:
    first = publish(closed, ortal)
    for reason in ("", "  "):
        with pytest.raises(RoundRefused, match="reason"):
            publish(closed, ortal, reason=reason)
    payload = RankingPublication.objects.get().payload

    second = publish(closed, ortal, reason="Nilai satu penilai salah ketik")

    assert (second.corrects, second.reason) == (first, "Nilai satu penilai salah ketik")
    assert second.payload["corrects"]["manifest"] == first.payload["bundle"]["manifest"]
    assert (
        json.loads(files_in(bundle(second))[MANIFEST])["publication"]["corrects"]
        == second.payload["corrects"]
    )
    first.refresh_from_db()
    assert first.payload == payload
    assert list(publications_of(closed.code)) == [second, first]
    detail = Event.objects.filter(action="ranking.published").first()
    assert detail is not None
    assert detail.detail["corrects"] == first.payload["bundle"]["manifest"]


def test_a_publication_is_corrected_once(closed: Round, ortal: Person) -> None:
    first = publish(closed, ortal)
    second = publish(closed, ortal, reason="Satu")
    third = publish(closed, ortal, reason="Dua")

    assert (third.corrects, second.corrects) == (second, first)
    with pytest.raises(IntegrityError), transaction.atomic():
        RankingPublication.objects.filter(pk=third.pk).update(reason="")


# Leaks


def test_no_name_of_a_judge_is_in_payload_or_bundle(
    closed: Round, ortal: Person, judges: Sequence[Person]
) -> None:
    publication = publish(closed, ortal)
    texts = [
        json.dumps(publication.payload),
        *(text.decode() for text in files_in(bundle(publication)).values()),
    ]

    seats = [str(key) for key in PanelMember.objects.values_list("pk", flat=True)]
    for text in texts:
        for person in judges:
            assert person.name not in text
            assert person.email not in text
    assert not {row["judge"] for row in ratings(publication)} & set(seats)


def hidden(town: Town, ortal: Person, judges: Sequence[Person], *, conflict: bool) -> RankingPublication:
    """Publish a full panel in which one judge did not score one entry, for a conflict or without one."""
    round_ = make_closed_round(town, ortal, judges, code=f"R-{conflict}", missing={(2, 3)})
    if conflict:
        Conflict.objects.create(
            entry=entries_of(round_)[3],
            member=PanelMember.objects.get(round=round_, person=judges[2]),
            reason="Atasan langsung",
            declared_at=NOW,
        )
    return publish(round_, ortal)


def test_a_conflict_is_no_hole_that_names_the_judge(town: Town, ortal: Person, judges: list[Person]) -> None:
    publication = hidden(town, ortal, judges, conflict=True)
    rows = ratings(publication)

    linked = {row["judge"] for row in rows if row["judge"].startswith(LINKED)}
    entry = sorted({row["entry"] for row in rows})[3]
    there = {row["judge"] for row in rows if row["entry"] == entry}
    assert len(linked) == 5
    # Every judge's label is missing there, so the missing one tells of nobody.
    assert not linked & there
    assert len(there) == 4


def test_with_and_without_a_conflict_a_hole_looks_the_same(
    town: Town, ortal: Person, judges: list[Person]
) -> None:
    with_one, without = (hidden(town, ortal, judges, conflict=conflict) for conflict in (True, False))

    shapes = [
        [
            (len(entry["scores"]), entry["untied"], entry["judges"], sorted(entry["fair"]))
            for entry in sorted(publication.payload["entries"], key=lambda one: str(one["code"]))
        ]
        for publication in (with_one, without)
    ]
    assert shapes[0] == shapes[1]
    assert [untied for _, untied, _, _ in shapes[0]] == [False, False, False, True, False, False]


def test_neither_copy_nor_bundle_says_that_there_is_a_conflict(
    town: Town, ortal: Person, judges: list[Person]
) -> None:
    publication = hidden(town, ortal, judges, conflict=True)
    told = json.dumps(publication.payload) + "".join(
        text.decode() for text in files_in(bundle(publication)).values()
    )

    assert "Atasan" not in told
    # The instrument itself, a law's text, may use the word; results and ratings must not.
    for name in (RATINGS, RESULTS, ENTRIES, MANIFEST):
        assert "conflict" not in files_in(bundle(publication))[name].decode()
    assert "conflicts" not in publication.payload["entries"][0]


def test_a_conflict_in_one_section_looks_like_any_other_hole(
    town: Town, ortal: Person, judges: list[Person]
) -> None:
    round_ = make_closed_round(town, ortal, judges)
    sheets = list(ScoreSheet.objects.filter(member__person=judges[0]).order_by("pk")[:2])
    for sheet, state in zip(sheets, ("conflict", "not_assessable"), strict=True):
        Score.objects.filter(sheet=sheet, section="kebaruan").update(state=state, value=None)

    publication = publish(round_, ortal)

    holes = [row for row in ratings(publication) if row["score"] == ""]
    assert [(row["section"], row["score"]) for row in holes] == [("kebaruan", "")] * 2
    said = [
        sheet["values"]["kebaruan"]
        for entry in publication.payload["entries"]
        for sheet in entry["scores"]
        if sheet["values"]["kebaruan"] == "no_score"
    ]
    assert len(said) == 2


def label_of(publication: RankingPublication, round_: Round, person: Person) -> str:
    """Find the label of a judge as somebody who knows all scores would."""
    own = {
        (entry, section): f"{value:.2f}"
        for entry, section, value in Score.objects.filter(
            sheet__member__round=round_, sheet__member__person=person
        ).values_list("sheet__entry__innovation__code", "section", "value")
    }
    by_label: dict[str, dict[tuple[str, str], str]] = {}
    for row in ratings(publication):
        by_label.setdefault(row["judge"], {})[row["entry"], row["section"]] = row["score"]
    return next(label for label, said in by_label.items() if said == own)


def test_labels_link_no_rounds(town: Town, ortal: Person, judges: list[Person]) -> None:
    """Corrections keep the labels of their round: they hold the first ratings, so others would hide nothing."""
    labels: list[str] = []
    for code in ("A", "B"):
        round_ = make_closed_round(town, ortal, judges, code=code)
        first = publish(round_, ortal)
        second = publish(round_, ortal, reason="Lagi")
        own = [label_of(first, round_, one) for one in judges]
        assert [label_of(second, round_, one) for one in judges] == own
        labels += own

    assert len(set(labels)) == len(labels) == 2 * 5


def test_the_order_of_rows_tells_nothing(closed: Round, ortal: Person, judges: list[Person]) -> None:
    orders = set()
    for number in range(8):
        # Without the labels of the one before, a publication draws them anew.
        RankingPublication.objects.update(labels=None)
        publication = publish(closed, ortal, reason=f"Ulang {number}")
        rows = ratings(publication)
        assert [(row["entry"], row["judge"]) for row in rows] == sorted(
            (row["entry"], row["judge"]) for row in rows
        )
        of_label = {label_of(publication, closed, one): one.name for one in judges}
        orders.add(tuple(of_label[label] for label in sorted(of_label)))

    # 120 orders are equally likely; that eight draws give fewer than four is a matter of one in ten million.
    assert len(orders) >= 4


def test_every_section_stands_in_every_review(closed: Round, ortal: Person) -> None:
    Score.objects.filter(sheet=ScoreSheet.objects.first(), section="ringkasan").delete()

    rows = ratings(publish(closed, ortal))

    assert len(rows) == 5 * 6 * len(SECTIONS)
    assert re.fullmatch(r"[pu]-[a-z2-9]{6}", rows[0]["judge"])


# Size


def make_large(town: Town, entries: int, judges: int, reviews: int = 3) -> Round:
    round_ = replace_round(town, entries, judges)
    seats = list(PanelMember.objects.filter(round=round_).order_by("pk"))
    rows = list(Entry.objects.filter(round=round_).order_by("pk"))
    sheets = ScoreSheet.objects.bulk_create(
        ScoreSheet(
            entry=entry, member=seats[(number * 7 + step * (1 + number % 11)) % judges], submitted_at=NOW
        )
        for number, entry in enumerate(rows)
        for step in range(reviews)
    )
    Score.objects.bulk_create(
        Score(
            sheet=sheet,
            section=section,
            state="scored",
            value=50
            + (sheet.entry_id * 37) % 31
            - (sheet.member_id * 13) % 17
            + (number * 11 + place * 5) % 9,
        )
        for number, sheet in enumerate(sheets)
        for place, section in enumerate(SECTIONS)
    )
    return round_


def replace_round(town: Town, entries: int, judges: int) -> Round:
    round_ = make_closed_round(
        town, make_judges(town, 1, start=900)[0], make_judges(town, 1), entries=1, code="BESAR"
    )
    ScoreSheet.objects.filter(entry__round=round_).delete()
    PanelMember.objects.filter(round=round_).delete()
    PanelMember.objects.bulk_create(
        PanelMember(round=round_, name=one.name, person=one) for one in make_judges(town, judges, start=100)
    )
    template = Entry.objects.get(round=round_).innovation
    type(template).objects.bulk_create(replace_innovation(template, number) for number in range(entries - 1))
    Entry.objects.bulk_create(
        Entry(round=round_, innovation=one)
        for one in type(template).objects.exclude(pk=template.pk).filter(code__startswith="BESAR-")
    )
    return round_


def replace_innovation(template: Any, number: int) -> Any:
    fields = {field.attname: getattr(template, field.attname) for field in template._meta.concrete_fields}
    return type(template)(
        **{**fields, "id": None, "code": f"BESAR-{number:04}", "title": f"Inovasi {number}"}
    )


def test_three_hundred_entries_and_forty_judges_take_seconds(
    town: Town, ortal: Person, tmp_path: Path
) -> None:
    round_ = make_large(town, 300, 40)
    started = timezone.now()

    publication = publish(round_, ortal)

    assert (timezone.now() - started).total_seconds() < 60
    assert publication.payload["fair"]["top"] == 30
    assert len(publication.payload["fair"]["without"]) == 40
    assert verify(stored(tmp_path, bundle(publication))).equal
    assert digest_of(publication.payload) == publication.digest
    assert Assessment.objects.count() == 0
    assert date.fromisoformat(publication.payload["published_on"]) == CLOSED
