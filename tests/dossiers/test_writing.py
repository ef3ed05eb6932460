"""Writing dossiers: they start with the story, nothing is overwritten silently, and what is ready rests."""

import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection, connections
from django.utils import translation

from tests.factories import Town, make_innovation, make_person
from tifa.core.differences import pieces
from tifa.core.models import Event
from tifa.dossiers.choices import Block, DossierState
from tifa.dossiers.models import AnswerVersion, Comment, Dossier, DossierAnswer, Story
from tifa.dossiers.selectors.dossiers import (
    Known,
    answers_of,
    check_of,
    draft_of,
    edition_board,
    form_items,
    levels_of,
    rights_on,
    sides_of,
    text_items,
    verified_score,
    writable_editions,
)
from tifa.dossiers.services.writing import (
    DossierRefused,
    StaleText,
    cleaned,
    comment,
    mark_ready,
    resolve,
    save_answer,
    save_story,
    send_back,
    set_facts,
    start_dossier,
    take_into_story,
    verify_answer,
)
from tifa.dossiers.story import blocks_of, feeds_of
from tifa.instruments import load_instrument
from tifa.instruments.schema import ChoiceItem
from tifa.organisation.choices import Role
from tifa.organisation.models import Person
from tifa.organisation.selectors import unit_tree
from tifa.registry.choices import EvidenceKind
from tifa.registry.models import Evidence, Innovation

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 3, tzinfo=UTC)
KIPP = "kipp-2023"


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def innovation(town: Town) -> Innovation:
    return make_innovation(town.puskesmas, title="Perahu Sehat")


def tell(person: Person, innovation: Innovation, block: Block, text: str, version: int = 0) -> Story:
    return save_story(actor=person, innovation=innovation, block=block, text=text, version=version, now=NOW)


def start(person: Person, innovation: Innovation, edition: str = KIPP, group: str = "umum") -> Dossier:
    return start_dossier(
        actor=person, innovation=innovation, instrument=load_instrument(edition), group=group, now=NOW
    )


def write(
    person: Person, dossier: Dossier, text: str, version: int, item: str = "ringkasan", minutes: int = 0
) -> DossierAnswer:
    return save_answer(
        actor=person,
        dossier=dossier,
        item=item,
        texts={item: text},
        version=version,
        now=NOW + timedelta(minutes=minutes),
    )


def test_every_place_that_the_story_feeds_is_in_its_edition() -> None:
    for edition in (
        "kipp-2019",
        "kipp-2020",
        "kipp-2022",
        "kipp-2023",
        "jayapura",
        "unpsa-2025",
        "opsi-2024",
    ):
        instrument = load_instrument(edition)
        places = {item.id for item in instrument.items} | {
            f"{item.id}.{question.id}"
            for item in instrument.items
            for question in getattr(item, "questions", ())
        }
        assert feeds_of(edition)
        assert set(feeds_of(edition)) <= places


def test_a_dossier_starts_with_the_story(operator: Person, innovation: Innovation) -> None:
    tell(operator, innovation, Block.SUMMARY, "Warga mendaftar dari rumah.")
    tell(operator, innovation, Block.PROBLEM, "Antre tiga jam.")
    tell(operator, innovation, Block.OBJECTIVE, "Antre paling lama setengah jam.")
    tell(operator, innovation, Block.REPLICATION, "Sudah di dua distrik.")

    dossier = start(operator, innovation)

    answers = answers_of(dossier)
    assert answers["ringkasan"].texts == {"ringkasan": "Warga mendaftar dari rumah."}
    assert answers["latar_belakang_tujuan"].texts == {
        "latar_belakang_tujuan": "Antre tiga jam.\n\nAntre paling lama setengah jam."
    }
    assert answers["adaptabilitas"].texts == {"sudah_direplikasi": "Sudah di dua distrik."}
    assert all(answer.from_story for answer in answers.values())
    assert start(operator, innovation) == dossier
    other = start(operator, innovation, "kipp-2022")
    assert answers_of(other)["ringkasan"].texts == answers["ringkasan"].texts


def test_another_group_gets_its_own_items(operator: Person, innovation: Innovation) -> None:
    instrument = load_instrument(KIPP)
    dossier = start(operator, innovation)
    write(operator, dossier, "Tetap ada", 0)

    set_facts(
        actor=operator,
        dossier=dossier,
        instrument=instrument,
        facts={"group": "khusus", "category": "kesehatan", "goals": [3], "attachments": ["video"]},
        version=1,
        now=NOW,
    )

    dossier.refresh_from_db()
    assert {item.id for item in text_items(instrument, dossier.group)} >= {"k_ringkasan"}
    assert answers_of(dossier)["ringkasan"].texts == {"ringkasan": "Tetap ada"}


def test_nothing_is_overwritten_silently(operator: Person, innovation: Innovation, town: Town) -> None:
    other = make_person("lain@example.org", Role.OPERATOR, town.puskesmas)
    dossier = start(operator, innovation)
    write(operator, dossier, "Satu", 0)
    write(other, dossier, "Satu dua", 1)

    with pytest.raises(StaleText) as stale:
        write(operator, dossier, "Satu tiga", 1)

    assert (stale.value.stored, stale.value.version, stale.value.by) == ({"ringkasan": "Satu dua"}, 2, other)
    assert write(operator, dossier, "Satu dua", 1).version == 2  # the same words are no conflict
    assert write(operator, dossier, "Satu dua tiga", 2).version == 3


def test_two_who_tell_the_story_at_once_see_each_other(operator: Person, innovation: Innovation) -> None:
    tell(operator, innovation, Block.SUMMARY, "Satu")
    tell(operator, innovation, Block.SUMMARY, "Dua", version=1)

    with pytest.raises(StaleText):
        tell(operator, innovation, Block.SUMMARY, "Tiga", version=1)
    assert Story.objects.get().text == "Dua"


def test_what_one_types_in_one_sitting_is_one_version(
    operator: Person, innovation: Innovation, town: Town
) -> None:
    other = make_person("lain@example.org", Role.OPERATOR, town.puskesmas)
    dossier = start(operator, innovation)
    write(operator, dossier, "A", 0)
    write(operator, dossier, "A B", 1, minutes=4)
    write(other, dossier, "A B C", 2, minutes=5)
    write(operator, dossier, "A B C D", 3, minutes=6)
    write(operator, dossier, "A B C D E", 4, minutes=30)

    versions = AnswerVersion.objects.order_by("number")
    assert [one.texts["ringkasan"] for one in versions] == ["A B", "A B C", "A B C D", "A B C D E"]


def test_a_dossier_can_change_the_story(operator: Person, innovation: Innovation) -> None:
    tell(operator, innovation, Block.SUMMARY, "Lama")
    dossier = start(operator, innovation)
    answer = write(operator, dossier, "Baru dan lebih baik", 1)
    assert not answer.from_story

    take_into_story(actor=operator, answer=answer, now=NOW)

    assert Story.objects.get(block=Block.SUMMARY).text == "Baru dan lebih baik"
    several = write(operator, dossier, "x", 0, item="latar_belakang_tujuan")
    assert len(blocks_of(KIPP, "latar_belakang_tujuan")) == 2
    with pytest.raises(DossierRefused, match="several parts"):
        take_into_story(actor=operator, answer=several, now=NOW)


def test_the_story_takes_nothing_that_it_would_have_to_cut(operator: Person, innovation: Innovation) -> None:
    dossier = start(operator, innovation)
    answer = write(operator, dossier, "kata " * 10_001, 0)

    with pytest.raises(DossierRefused, match="Shorten it first"):
        take_into_story(actor=operator, answer=answer, now=NOW)

    assert len(answers_of(dossier)["ringkasan"].texts["ringkasan"]) == 50_004
    assert not Story.objects.exists()


def test_what_is_ready_rests_until_it_is_sent_back(operator: Person, innovation: Innovation) -> None:
    dossier = start(operator, innovation)
    remark = comment(author=operator, dossier=dossier, item="ringkasan", text="Angkanya?", now=NOW)
    with pytest.raises(DossierRefused, match="Resolve them first"):
        mark_ready(actor=operator, dossier=dossier, now=NOW)
    resolve(actor=operator, comment=remark, now=NOW)
    with pytest.raises(DossierRefused, match="not ready"):
        send_back(actor=operator, dossier=dossier, note="x", now=NOW)

    mark_ready(actor=operator, dossier=dossier, now=NOW)

    with pytest.raises(DossierRefused, match="rests"):
        write(operator, dossier, "x", 0)
    with pytest.raises(DossierRefused, match="mended"):
        send_back(actor=operator, dossier=dossier, note=" ", now=NOW)
    send_back(actor=operator, dossier=dossier, note="Tambah bukti", now=NOW)
    dossier.refresh_from_db()
    assert (dossier.state, dossier.note) == (DossierState.RETURNED, "Tambah bukti")
    assert write(operator, dossier, "x", 0).texts == {"ringkasan": "x"}
    actions = list(Event.objects.filter(action__startswith="dossier.").values_list("action", flat=True))
    assert sorted(actions) == ["dossier.ready", "dossier.returned", "dossier.started"]


def test_rights_follow_the_tree(town: Town, operator: Person, ortal: Person, innovation: Innovation) -> None:
    tree = unit_tree()
    head = make_person("kepala@example.org", Role.HEAD, town.puskesmas)
    stranger = make_person("asing@example.org", Role.OPERATOR, town.kampung)

    rights = {
        name: rights_on(person, innovation, tree)
        for name, person in (("operator", operator), ("ortal", ortal), ("head", head), ("stranger", stranger))
    }

    assert {name: (one.write, one.comment, one.decide, one.verify) for name, one in rights.items()} == {
        "operator": (True, True, False, False),
        "ortal": (False, True, True, True),
        "head": (True, True, True, False),
        "stranger": (False, False, False, False),
    }


def test_editions_stand_side_by_side(operator: Person, innovation: Innovation) -> None:
    tell(operator, innovation, Block.SUMMARY, "Warga mendaftar dari rumah.")
    start(operator, innovation)

    sides = {side.instrument.id: side for side in sides_of(innovation, on=NOW.date())}

    assert set(sides) == {one.id for one in writable_editions()}
    assert "kipp-2022" not in sides
    assert "kipp-2022" in {one.id for one in writable_editions(["kipp-2022"])}
    assert {"kipp-2023", "unpsa-2025", "jayapura"} <= set(sides)
    check = sides["kipp-2023"].check
    assert check is not None
    assert check.readiness.filled == 1
    assert (sides["unpsa-2025"].check, sides["unpsa-2025"].fed) == (None, 1)


def test_prose_from_word_keeps_paragraphs_and_lists() -> None:
    pasted = "Satu  \r\n\r\n\r\n\r\n- dua\r- tiga\t\n\n"

    assert cleaned(pasted) == "Satu\n\n- dua\n- tiga"


def test_differences_read_like_text() -> None:
    found = [(one.kind, one.text) for one in pieces("Antre tiga jam.", "Antre dua jam saja.")]

    assert "".join(text for kind, text in found if kind != "added") == "Antre tiga jam."
    assert "".join(text for kind, text in found if kind != "removed") == "Antre dua jam saja."


@pytest.mark.django_db(transaction=True)
def test_no_write_is_lost_when_many_type_at_once(
    town: Town, operator: Person, innovation: Innovation
) -> None:
    """Eight writers add their own word again and again; every word that was acknowledged stands in the end."""
    dossier = start(operator, innovation)
    acknowledged: list[str] = []

    def work(number: int) -> None:
        try:
            for turn in range(6):
                word = f"w{number}-{turn}"
                text, version = "", 0
                while True:
                    try:
                        write(operator, dossier, f"{text} {word}".strip(), version)
                        acknowledged.append(word)
                        break
                    except StaleText as stale:
                        text, version = stale.stored["ringkasan"], stale.version
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert connection.is_usable()
    stored = answers_of(dossier)["ringkasan"]
    assert sorted(stored.texts["ringkasan"].split()) == sorted(acknowledged)
    assert len(acknowledged) == 48
    assert stored.version == 48
    assert Comment.objects.count() == 0


def test_what_the_story_gave_stays_a_version(operator: Person, innovation: Innovation) -> None:
    tell(operator, innovation, Block.SUMMARY, "Dari cerita")
    dossier = start(operator, innovation)

    write(operator, dossier, "Ditulis sendiri", 1)

    texts = AnswerVersion.objects.order_by("number").values_list("texts", flat=True)
    assert [one["ringkasan"] for one in texts] == ["Dari cerita", "Ditulis sendiri"]


@pytest.fixture
def evidence(operator: Person, innovation: Innovation) -> Evidence:
    return Evidence.objects.create(
        innovation=innovation,
        kind=EvidenceKind.OTHER,
        title="SK 12/2024",
        url="https://contoh.example.org/sk",
        added_by=operator,
        added_at=NOW,
    )


def claim(person: Person, dossier: Dossier, level: str, version: int, proof: list[int]) -> DossierAnswer:
    return save_answer(
        actor=person,
        dossier=dossier,
        item="regulasi",
        texts={"level": level},
        version=version,
        now=NOW,
        proof=proof,
    )


def scores(dossier: Dossier) -> tuple[float, float, float]:
    instrument = load_instrument("iga-2026")
    answers = answers_of(dossier)
    found = check_of(dossier, instrument, answers, on=NOW.date()).readiness
    checked = verified_score(dossier, instrument, answers, on=NOW.date())
    return float(found.claimed or 0), float(found.verified or 0), float(checked or 0)


def test_claimed_proven_and_checked_are_three_numbers(
    operator: Person, ortal: Person, innovation: Innovation, evidence: Evidence
) -> None:
    dossier = start(operator, innovation, "iga-2026", group="")
    answer = claim(operator, dossier, "3", 0, [])
    claimed, proven, checked = scores(dossier)
    assert claimed > proven == checked == 0
    with pytest.raises(DossierRefused, match="No evidence"):
        verify_answer(actor=ortal, answer=answer, version=1, proof={}, now=NOW)

    answer = claim(operator, dossier, "3", 1, [evidence.pk])
    assert scores(dossier) == (claimed, claimed, 0)
    verify_answer(actor=ortal, answer=answer, version=2, proof={evidence.pk: 1}, now=NOW)
    assert scores(dossier) == (claimed, claimed, claimed)

    claim(operator, dossier, "2", 2, [evidence.pk])
    lower, _proven, checked = scores(dossier)
    assert lower < claimed
    assert checked == 0  # what was changed is to be checked again
    with pytest.raises(StaleText):
        verify_answer(actor=ortal, answer=answer, version=2, proof={evidence.pk: 1}, now=NOW)


def test_a_level_with_several_ways_keeps_its_way(operator: Person, innovation: Innovation) -> None:
    instrument = load_instrument("iga-2026")
    item = next(one for one in form_items(instrument, "") if isinstance(one, ChoiceItem) and one.bases)
    dossier = start(operator, innovation, "iga-2026", group="")
    level, _words = levels_of(item)[-1]
    save_answer(actor=operator, dossier=dossier, item=item.id, texts={"level": level}, version=0, now=NOW)

    draft = draft_of(dossier, instrument, answers_of(dossier), Known(None, {}))

    assert draft.answers[item.id].value == {
        "level": int(level.split(":")[1]),
        "basis": level.split(":")[0],
    }


def test_evidence_that_was_taken_away_proves_nothing(
    operator: Person, innovation: Innovation, evidence: Evidence
) -> None:
    dossier = start(operator, innovation, "iga-2026", group="")
    claim(operator, dossier, "3", 0, [evidence.pk])
    evidence.delete()

    claimed, proven, _checked = scores(dossier)

    assert claimed > proven == 0


def test_the_board_tells_what_closes_when_and_how_many_stand_where(
    operator: Person, ortal: Person, innovation: Innovation, town: Town
) -> None:
    start(operator, innovation)
    ready = start(operator, make_innovation(town.puskesmas, title="Lain"))
    mark_ready(actor=ortal, dossier=ready, now=NOW)
    tree = unit_tree()

    board = edition_board(ortal, tree, date(2023, 5, 1))

    first = board[0]
    assert (first.id, first.days_left) == ("kipp-2023", 5)
    assert [count for _state, _label, count in first.counts] == [1, 0, 1, 0]
    assert first.closes is not None
    assert first.at_organiser is not None
    assert (first.at_organiser.hour, first.at_organiser.tzname()) == (23, "WIB")
    unknown = next(one for one in board if one.id == "unpsa-2025")
    assert (unknown.closes, unknown.days_left) == (None, None)
    stranger = make_person("asing@example.org", Role.OPERATOR, town.kampung)
    assert (
        sum(count for one in edition_board(stranger, tree, NOW.date()) for *_words, count in one.counts) == 0
    )
