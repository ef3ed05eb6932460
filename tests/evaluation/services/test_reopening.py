"""After the publication one entry is taken up again: what may change, what stays, and what is told."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction

from tests.evaluation.bundle.making import files_in
from tests.evaluation.makers import CLOSED, NOW, entries_of, judge_entry, make_closed_round, make_judges, said
from tests.factories import Town
from tifa.core.models import Event
from tifa.evaluation.bundle.signing import city_key, public_pem
from tifa.evaluation.bundle.verifying import verify
from tifa.evaluation.choices import ReopeningKind, RoundState
from tifa.evaluation.models import Entry, PanelMember, RankingPublication, Reopening, Round
from tifa.evaluation.selectors.judging import sheet_for
from tifa.evaluation.selectors.publications import first_published
from tifa.evaluation.services.assessing import assess, request_assessment
from tifa.evaluation.services.locking import RoundRefused
from tifa.evaluation.services.moderation import say, settle
from tifa.evaluation.services.panel import declare_conflict, withdraw_conflict
from tifa.evaluation.services.ranking import publish_ranking
from tifa.evaluation.services.reopening import end_unchanged, has_changed, reopen
from tifa.evaluation.services.scoring import record_scores, revise_scores
from tifa.evaluation.services.withdrawing import restore_entry, withdraw_entry, withdraw_judge
from tifa.organisation.models import Person

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=3)
APPEAL, LATE = ReopeningKind.APPEAL, ReopeningKind.LATE


@pytest.fixture
def judges(town: Town) -> list[Person]:
    return make_judges(town, 4)


@pytest.fixture
def published(town: Town, ortal: Person, judges: list[Person]) -> Round:
    round_ = make_closed_round(town, ortal, judges, missing={(3, 1)})
    publish_ranking(actor=ortal, round_=round_, on=CLOSED, now=NOW)
    return Round.objects.get(pk=round_.pk)


def open_again(ortal: Person, entry: Entry, kind: ReopeningKind = APPEAL) -> Reopening:
    return reopen(actor=ortal, entry=entry, kind=kind, reason="Bukti baru dari unit", now=LATER)


def correct(round_: Round, ortal: Person) -> RankingPublication:
    return publish_ranking(actor=ortal, round_=round_, on=CLOSED, now=LATER, reason="Keberatan dikabulkan")


def revise(judge: Person, entry: Entry, value: int) -> None:
    revise_scores(
        judge=judge,
        entry=entry,
        version=sheet_for(judge, entry).version,
        scores=said(value),
        reason="Bukti baru",
        now=LATER,
    )


def own(publication: RankingPublication) -> dict[str, tuple[str | None, float, float, float]]:
    return {
        row["code"]: (row["total"], *(row["fair"][name] for name in ("fair", "low", "high")))
        for row in publication.payload["entries"]
    }


def both_verify(first: RankingPublication, second: RankingPublication, folder: Path) -> bool:
    paths = [folder / "first.zip", folder / "second.zip"]
    for path, publication in zip(paths, (first, second), strict=True):
        path.write_bytes(bytes(publication.bundle or b""))
    key = public_pem(city_key(settings.SIGNING_KEY))
    return verify(paths[0], key).equal and verify(paths[1], key, first=paths[0]).equal


def test_an_appeal_moves_one_entry_and_both_results_verify(
    published: Round, ortal: Person, judges: list[Person], tmp_path: Path
) -> None:
    first = published.publications.get()
    entry = entries_of(published)[0]
    open_again(ortal, entry)
    revise(judges[0], entry, 95)

    second = correct(published, ortal)

    before, after = own(first), own(second)
    code = entry.innovation.code
    assert after[code] != before[code]
    assert {name: row for name, row in after.items() if name != code} == {
        name: row for name, row in before.items() if name != code
    }
    assert second.payload["fair"]["severities"] == first.payload["fair"]["severities"]
    assert second.payload["frozen"] is True
    assert second.payload["reopened"] == [{"entry": code, "kind": "appeal", "reason": "Bukti baru dari unit"}]
    (change,) = second.payload["changes"]
    assert change["before"]["fair"] == before[code][1]
    assert change["after"]["fair"] == after[code][1]
    assert first.payload == RankingPublication.objects.get(pk=first.pk).payload
    assert both_verify(first, second, tmp_path)
    assert Reopening.objects.get().publication == second


def test_nothing_else_of_the_round_can_change(published: Round, ortal: Person, judges: list[Person]) -> None:
    entry, other = entries_of(published)[:2]
    member = PanelMember.objects.get(round=published, person=judges[0])
    open_again(ortal, entry)

    with pytest.raises(RoundRefused):
        revise(judges[0], other, 95)
    with pytest.raises(RoundRefused):
        judge_entry(judges[3], other, 95)
    with pytest.raises(RoundRefused):
        declare_conflict(actor=ortal, entry=other, member=member, reason="x", now=LATER)
    with pytest.raises(RoundRefused):
        withdraw_entry(actor=ortal, entry=other, reason="x", now=LATER)
    with pytest.raises(RoundRefused):
        withdraw_judge(actor=ortal, member=member, reason="x", now=LATER)
    with pytest.raises(RoundRefused):
        settle(actor=ortal, entry=entry, note="x", now=LATER)
    say(author=ortal, entry=entry, text="Mohon dilihat lagi", now=LATER)


def test_a_published_sheet_is_revised_and_not_overwritten(
    published: Round, ortal: Person, judges: list[Person]
) -> None:
    entry = entries_of(published)[0]
    open_again(ortal, entry)

    with pytest.raises(RoundRefused, match="Revise them"):
        record_scores(judge=judges[0], entry=entry, version=1, scores=said(99), submit=True, now=LATER)
    revise(judges[0], entry, 99)


def test_a_late_sheet_counts_with_the_label_of_its_judge(
    published: Round, ortal: Person, judges: list[Person], tmp_path: Path
) -> None:
    first = published.publications.get()
    entry = entries_of(published)[1]
    open_again(ortal, entry, LATE)
    judge_entry(judges[3], entry, 70)

    second = correct(published, ortal)

    line = {row["code"]: row for row in second.payload["entries"]}[entry.innovation.code]
    assert line["judges"] == 4
    assert {one["entry"] for one in second.payload["changes"]} == {entry.innovation.code}
    assert both_verify(first, second, tmp_path)


def test_the_sheet_of_a_conflict_counts_no_more(
    published: Round, ortal: Person, judges: list[Person], tmp_path: Path
) -> None:
    first = published.publications.get()
    entry = entries_of(published)[0]
    member = PanelMember.objects.get(round=published, person=judges[1])
    reopening = open_again(ortal, entry, ReopeningKind.JUDGE)
    assert not has_changed(reopening)
    conflict = declare_conflict(actor=ortal, entry=entry, member=member, reason="Atasan", now=LATER)
    assert has_changed(reopening)
    withdraw_conflict(actor=ortal, conflict=conflict, now=LATER)
    assert not has_changed(reopening)
    declare_conflict(actor=ortal, entry=entry, member=member, reason="Atasan", now=LATER)

    second = correct(published, ortal)

    line = {row["code"]: row for row in second.payload["entries"]}[entry.innovation.code]
    assert line["judges"] == 3
    assert both_verify(first, second, tmp_path)


def test_an_entry_that_leaves_lets_the_others_move_up(
    published: Round, ortal: Person, tmp_path: Path
) -> None:
    first = published.publications.get()
    best = first.payload["entries"][0]["code"]
    entry = next(one for one in entries_of(published) if one.innovation.code == best)
    open_again(ortal, entry, ReopeningKind.ENTRY)
    withdraw_entry(actor=ortal, entry=entry, reason="Bukan milik unit", now=LATER)
    restore_entry(actor=ortal, entry=entry)
    withdraw_entry(actor=ortal, entry=entry, reason="Bukan milik unit", now=LATER)

    second = correct(published, ortal)

    assert best not in own(second)
    assert all(own(second)[code] == own(first)[code] for code in own(second))
    assert second.payload["entries"][0]["place"] == 1
    assert [(one["entry"], one["after"]) for one in second.payload["changes"]] == [(best, None)]
    assert both_verify(first, second, tmp_path)


def test_a_second_correction_still_goes_back_to_the_first_publication(
    published: Round, ortal: Person, judges: list[Person], tmp_path: Path
) -> None:
    first = published.publications.get()
    entry, other = entries_of(published)[0], entries_of(published)[2]
    open_again(ortal, entry)
    revise(judges[0], entry, 95)
    correct(published, ortal)
    open_again(ortal, other)
    revise(judges[2], other, 40)

    third = correct(published, ortal)

    base = first_published(published)
    assert base is not None
    assert base.manifest == first.payload["bundle"]["manifest"]
    codes = {entry.innovation.code, other.innovation.code}
    assert {code for code in own(third) if own(third)[code] != own(first)[code]} == codes
    assert [one["entry"] for one in third.payload["changes"]] == [other.innovation.code]
    assert both_verify(first, third, tmp_path)


def test_taking_a_change_back_gives_the_first_numbers_again(
    published: Round, ortal: Person, judges: list[Person]
) -> None:
    first = published.publications.get()
    entry = entries_of(published)[0]
    value = int(sheet_for(judges[0], entry).scores["kebaruan"].value or 0)
    open_again(ortal, entry)
    revise(judges[0], entry, 95)
    correct(published, ortal)
    open_again(ortal, entry)
    revise(judges[0], entry, value)

    assert own(correct(published, ortal)) == own(first)


def test_what_was_looked_at_is_what_is_published(
    published: Round, ortal: Person, judges: list[Person]
) -> None:
    entry = entries_of(published)[0]
    open_again(ortal, entry)
    revise(judges[0], entry, 95)
    found = request_assessment(actor=ortal, round_=published, top=None, now=LATER)
    assess(assessment_id=found.pk)
    found.refresh_from_db()
    results = found.results or {}
    seen = {row["entry"]: row["fair"] for row in results["fair"]["entries"]}

    second = correct(published, ortal)

    assert {code: row[1] for code, row in own(second).items()} == seen


def test_labels_leave_the_workspace_nowhere(published: Round, ortal: Person) -> None:
    publication = published.publications.get()
    assert publication.labels
    members = {str(key) for _entry, key, _label in publication.labels}
    assert members == {str(key) for key in published.panel.values_list("pk", flat=True)}
    assert "labels" not in publication.payload
    for content in files_in(bytes(publication.bundle or b"")).values():
        assert b'"labels"' not in content


def test_a_publication_without_labels_is_corrected_as_a_whole(
    published: Round, ortal: Person, judges: list[Person]
) -> None:
    RankingPublication.objects.update(labels=None)
    entry = entries_of(published)[0]
    open_again(ortal, entry)
    revise(judges[0], entry, 95)

    assert correct(published, ortal).payload["frozen"] is False


def test_it_ends_without_a_change_with_an_answer(
    published: Round, ortal: Person, judges: list[Person]
) -> None:
    entry = entries_of(published)[0]
    reopening = open_again(ortal, entry)
    with pytest.raises(RoundRefused, match="already"):
        open_again(ortal, entry)
    with pytest.raises(RoundRefused, match="why nothing changes"):
        end_unchanged(actor=ortal, reopening=reopening, answer=" ", now=LATER)

    end_unchanged(actor=ortal, reopening=reopening, answer="Semua bukti sudah dinilai", now=LATER)

    with pytest.raises(RoundRefused):
        revise(judges[0], entry, 95)
    with pytest.raises(RoundRefused, match="ended already"):
        end_unchanged(actor=ortal, reopening=reopening, answer="x", now=LATER)
    actions = list(Event.objects.filter(action__contains="reopen").values_list("action", flat=True))
    assert sorted(actions) == ["entry.reopened", "reopening.ended"]


def test_what_has_changed_is_published_and_not_ended(
    published: Round, ortal: Person, judges: list[Person]
) -> None:
    entry = entries_of(published)[0]
    reopening = open_again(ortal, entry)
    revise(judges[0], entry, 95)

    with pytest.raises(RoundRefused, match="Publish the correction"):
        end_unchanged(actor=ortal, reopening=reopening, answer="x", now=LATER)


def test_only_a_published_round_is_taken_up_again(town: Town, ortal: Person, judges: list[Person]) -> None:
    round_ = make_closed_round(town, ortal, judges)
    entry = entries_of(round_)[0]

    with pytest.raises(RoundRefused):
        open_again(ortal, entry)
    Round.objects.filter(pk=round_.pk).update(state=RoundState.PUBLISHED)
    with pytest.raises(RoundRefused, match="Write why"):
        reopen(actor=ortal, entry=entry, kind=APPEAL, reason=" ", now=LATER)
    Entry.objects.filter(pk=entry.pk).update(withdrawn_at=NOW)
    with pytest.raises(RoundRefused, match="withdrawn"):
        open_again(ortal, entry)


def test_the_database_refuses_what_has_no_end(published: Round, ortal: Person) -> None:
    reopening = open_again(ortal, entries_of(published)[0])

    with pytest.raises(IntegrityError), transaction.atomic():
        Reopening.objects.filter(pk=reopening.pk).update(ended_at=LATER)
    with pytest.raises(IntegrityError), transaction.atomic():
        Reopening.objects.create(
            entry=reopening.entry, kind=APPEAL, reason="x", opened_by=ortal, opened_at=LATER
        )
