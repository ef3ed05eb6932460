"""The sheet `Nilai`: what each judge says of each section of an entry."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from tifa.core.spreadsheets import Row
from tifa.evaluation.choices import RoundState, ScoreState
from tifa.evaluation.models import Round, Score
from tifa.evaluation.services.importing import ImportedScore, import_scores
from tifa.exchange.format import SCORE_WORDS, SCORES
from tifa.exchange.report import Tally
from tifa.exchange.sheets.desk import Desk
from tifa.exchange.sheets.innovations import InnovationPlan
from tifa.exchange.sheets.rounds import RoundPlan
from tifa.instruments import Rubric
from tifa.organisation.models import Person

PLACES = Decimal("0.01")
# What a sum in a spreadsheet leaves behind the decimals that it shows.
NOISE = Decimal("0.000000001")
Key = tuple[str, str, str, str]


@dataclass(frozen=True)
class ScoreFacts:
    """What is said of one section."""

    state: str
    value: Decimal | None = None
    note: str = ""


@dataclass
class ScorePlan:
    """The scores to be written by round, innovation, judge and section."""

    wanted: dict[Key, ScoreFacts] = field(default_factory=dict)
    tally: Tally = field(default_factory=Tally)

    @property
    def rounds(self) -> frozenset[str]:
        """Return the codes of the rounds that scores come for."""
        return frozenset(key[0] for key in self.wanted)


def plan_scores(desk: Desk, rounds: RoundPlan, innovations: InnovationPlan) -> ScorePlan:
    """Compare the sheet with what is stored, and note what does not fit."""
    stored = _stored({row.text("putaran") for row in desk.rows(SCORES)})
    seen: dict[Key, int] = {}
    plan = ScorePlan()
    counts = {"created": 0, "changed": 0, "unchanged": 0}
    for row in desk.rows(SCORES):
        key = (row.text("putaran"), row.text("inovasi"), row.text("penilai"), row.text("bagian"))
        _check_references(desk, row, rounds, innovations)
        if not all(key) or not desk.check_once(SCORES, row, "bagian", seen.get(key)):
            continue
        seen[key] = row.number
        before = stored.get(key)
        facts = _facts(desk, row, before, rounds.rubrics.get(key[0]))
        if facts is None:
            continue
        plan.wanted[key] = facts
        outcome = "created" if before is None else "unchanged" if before == facts else "changed"
        counts[outcome] += 1
        if outcome != "unchanged":
            _check_published(desk, row, rounds.stored.get(key[0]), before)
    plan.tally = Tally(**counts)
    return plan


def write_scores(
    plan: ScorePlan, rounds: Mapping[str, Round], innovations: Mapping[str, int], *, actor: Person | None
) -> None:
    """Hand the scores over to the evaluation, round by round."""
    by_round: dict[str, list[ImportedScore]] = {}
    for (code, innovation, judge, section), facts in plan.wanted.items():
        by_round.setdefault(code, []).append(
            ImportedScore(
                innovations[innovation], judge, section, ScoreState(facts.state), facts.value, facts.note
            )
        )
    for code, scores in by_round.items():
        import_scores(actor=actor, round_=rounds[code], scores=scores)


def _stored(rounds: set[str]) -> dict[Key, ScoreFacts]:
    rows = Score.objects.filter(sheet__entry__round__code__in=rounds - {""}).values_list(
        "sheet__entry__round__code",
        "sheet__entry__innovation__code",
        "sheet__member__name",
        "section",
        "state",
        "value",
        "note",
    )
    return {
        (row[0], row[1], row[2], row[3]): ScoreFacts(row[4], row[5], _unbroken(row[6]))
        for row in rows.order_by().iterator()
    }


def _unbroken(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def _check_references(desk: Desk, row: Row, rounds: RoundPlan, innovations: InnovationPlan) -> None:
    code, innovation, section = row.text("putaran"), row.text("inovasi"), row.text("bagian")
    if code and not rounds.knows(code):
        desk.refuse(SCORES, row, "putaran", _("the code of a round of this workbook or of the database"))
    elif code and not rounds.takes_scores(code):
        desk.refuse(SCORES, row, "putaran", _("a round that has opened"))
    if innovation and not innovations.knows(innovation):
        expected = _("the code of an innovation of this workbook or of the database")
        desk.refuse(SCORES, row, "inovasi", expected)
    elif innovation:
        desk.check_reach(SCORES, row, "inovasi", innovations.unit_of(innovation))
    rubric = rounds.rubrics.get(code)
    if rubric and section and all(section != one.id for one in rubric.sections):
        expected = _("one of: %s") % ", ".join(one.id for one in rubric.sections)
        desk.refuse(SCORES, row, "bagian", expected)


def _facts(desk: Desk, row: Row, before: ScoreFacts | None, rubric: Rubric | None) -> ScoreFacts | None:
    text = row.text("nilai")
    if not text:
        return None
    note = row.text("catatan") if "catatan" in row.values else before.note if before else ""
    word = SCORE_WORDS.get(" ".join(text.casefold().split()))
    if word:
        return ScoreFacts(word, None, note)
    value = _number(text)
    least, most = (rubric.minimum, rubric.maximum) if rubric else (Decimal(0), Decimal(100))
    if value is None or not least <= value <= most or value != value.quantize(PLACES):
        expected = _("a number from %(least)s to %(most)s with at most two decimals, or one of: %(words)s")
        words = {"least": least, "most": most, "words": ", ".join(SCORE_WORDS)}
        desk.refuse(SCORES, row, "nilai", expected % words)
        return None
    return ScoreFacts(ScoreState.SCORED, value.quantize(PLACES), note)


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text.replace(",", "."))
    except InvalidOperation:
        return None
    if not number.is_finite() or abs(number) > 10**6:
        return None
    rounded = number.quantize(PLACES)
    return rounded if abs(number - rounded) < NOISE else number


def _check_published(desk: Desk, row: Row, round_: Round | None, before: ScoreFacts | None) -> None:
    if round_ is not None and round_.state == RoundState.PUBLISHED:
        published = before.value if before and before.value is not None else "–"
        desk.refuse(
            SCORES, row, "nilai", _("what the published result rests on (%s); it does not change") % published
        )
