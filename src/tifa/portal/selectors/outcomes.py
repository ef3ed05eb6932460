"""What somebody's own answers give under a standard, as the page of the result tells it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, Decimal
from fractions import Fraction
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tifa.instruments import Instrument, Outcome, score, spoken
from tifa.instruments.advice import Step, label_of_step, next_band, next_steps
from tifa.instruments.schema import AnyItem, Band, Result, TextItem
from tifa.instruments.scoring import Node
from tifa.portal.selectors.formulas import rounding_in_words
from tifa.portal.selectors.selfcheck import Answers, Check, checks_of, fault_of
from tifa.portal.selectors.standards import checkable, editions_of
from tifa.stats.rounding import rounded

PLACES = 4
MOST_STEPS = 10


@dataclass(frozen=True)
class Line:
    """One value of the explanation, with the values that it was computed from."""

    id: str
    label: str
    value: Decimal | None
    band: str
    weight: Decimal | None
    adds: Decimal | None
    formula: str
    rounding: str
    status: str
    reference: tuple[str, ...]
    note: str
    why: tuple[str, ...]
    children: tuple["Line", ...]


@dataclass(frozen=True)
class Words:
    """How many words a text has, and how many it may have."""

    label: str
    words: int
    limit: int | None
    tone: str
    told: str


@dataclass(frozen=True)
class Other:
    """What another way to compute gives, and how far that is from the result."""

    label: str
    note: str
    status: str
    reference: tuple[str, ...]
    value: Decimal | None
    band: str
    difference: str


@dataclass(frozen=True)
class Advice:
    """One answer that can be raised: what is there now, what has to be there, what proves it, what it adds."""

    item: str
    label: str
    now: Decimal | None
    wanted: str
    evidence: tuple[str, ...]
    gain: Decimal
    enough: bool


@dataclass(frozen=True)
class Above:
    """The band above the present one, and how much is missing."""

    band: str
    lacking: Decimal


@dataclass(frozen=True)
class Findings:
    """What a reader should know of the answers."""

    sentences: tuple[str, ...]
    unanswered: tuple[str, ...]


@dataclass(frozen=True)
class Told:
    """The result of a self-check as its page shows it."""

    check: Check
    outcome: Outcome
    result: Line | None
    most: Decimal | None
    state: str
    tone: str
    why: tuple[str, ...]
    findings: Findings
    words: tuple[Words, ...]
    others: tuple[Other, ...]
    above: Above | None
    advice: tuple[Advice, ...]
    more_advice: int

    @property
    def proofs(self) -> bool:
        """Return whether the standard names evidence for any of the steps."""
        return any(one.evidence for one in self.advice)


@dataclass(frozen=True)
class Carried:
    """An answer that was taken over to another edition by its number: the question there may be another one."""

    here: str
    there: str


@dataclass(frozen=True)
class Elsewhere:
    """What the same answers give under another edition; None when none of them fits there."""

    told: Told | None
    id: str
    title: str
    carried: int
    by_number: tuple[Carried, ...]
    left_out: tuple[str, ...]


def told(check: Check, outcome: Outcome) -> Told:
    """Return what the page of the result shows."""
    instrument, node = check.instrument, outcome.result
    state, tone = _state(node)
    steps = next_steps(instrument, outcome)
    above = next_band(instrument, node) if node else None
    lacking = above.lacking if above else None
    return Told(
        check=check,
        outcome=outcome,
        result=_line(instrument, node) if node else None,
        most=_most(instrument, node, outcome.on),
        state=state,
        tone=tone,
        why=(*node.reasons, *node.doubts) if node else (),
        findings=_findings(check, outcome),
        words=tuple(_words(check, outcome)),
        others=tuple(_others(outcome)),
        above=Above(_band(above.band), _up(above.lacking)) if above else None,
        advice=tuple(_advice(step, lacking) for step in steps[:MOST_STEPS]),
        more_advice=max(0, len(steps) - MOST_STEPS),
    )


def other_editions(instrument: Instrument) -> tuple[Instrument, ...]:
    """Return the other editions of a standard that somebody can answer, the newest first."""
    return tuple(one for one in editions_of(instrument) if one.id != instrument.id and checkable(one))


def elsewhere(check: Check, answers: Answers, other: Instrument, on: date) -> Elsewhere:
    """Return what answers give under another edition; those that do not fit there are left out, and said.

    An answer goes to the item of the same name, or else to that of the same number and kind.
    """
    there = _counterpart(check, other)
    carried: dict[str, Any] = {}
    by_number: list[Carried] = []
    left_out: list[str] = []
    for item in (one for one in check.items if one.id in answers):
        target = _same(item, there.items, carried) if there else None
        if there is None or target is None:
            left_out.append(_("“%s”: there is no such item.") % spoken(item.label))
            continue
        answer, fault = _fitting(there, target.id, answers[item.id])
        if fault:
            left_out.append(f"“{spoken(item.label)}”: {fault}")
        if answer is not None:
            carried[target.id] = answer
            if target.id != item.id:
                by_number.append(Carried(spoken(item.label), spoken(target.label)))
    return Elsewhere(
        told=told(there, score(other, there.values(carried), on=on)) if there and carried else None,
        id=other.id,
        title=spoken(other.title),
        carried=len(carried),
        by_number=tuple(by_number),
        left_out=tuple(left_out),
    )


def _fitting(check: Check, item: str, answer: Any) -> tuple[Any, str]:
    """Return what fits of an answer, and why the rest does not; a text goes without a score that nobody gives there."""
    fault = fault_of(check, item, answer)
    if not fault:
        return answer, ""
    said = answer if isinstance(answer, Mapping) else {}
    texts = [text for text in (said.get("text"), *said.get("questions", {}).values()) if text]
    whole = {"text": "\n\n".join(texts), **({"score": said["score"]} if "score" in said else {})}
    for one in (whole, {"text": whole["text"]}):
        if texts and not fault_of(check, item, one):
            return one, "" if one is whole else fault
    return None, fault


def _same(item: AnyItem, others: Sequence[AnyItem], taken: Mapping[str, Any]) -> AnyItem | None:
    free = [one for one in others if one.id not in taken and one.kind == item.kind]
    by_number = [one for one in free if one.number == item.number]
    return next((one for one in free if one.id == item.id), by_number[0] if len(by_number) == 1 else None)


def _counterpart(check: Check, other: Instrument) -> Check | None:
    checks = checks_of(other)
    alike = [one for one in checks if one.collection == check.collection]
    return next((one for one in alike if one.group == check.group), alike[0] if alike else None)


def _state(node: Node | None) -> tuple[str, str]:
    if node is None:
        return _("not computed"), "neutral"
    states = {
        "final": (_("final"), "ok"),
        "provisional": (_("provisional"), "warn"),
        "refused": (_("no result"), "bad"),
    }
    return states[node.state]


def _line(instrument: Instrument, node: Node) -> Line:
    own = next((one for one in instrument.results if one.id == node.id), None)
    return Line(
        id=node.id,
        label=spoken(node.label),
        value=node.shown,
        band=_band(node.band),
        weight=_trimmed(node.weight),
        adds=_trimmed(node.contribution),
        formula=node.formula,
        rounding=_rounding(instrument, own, node) if own else "",
        status=node.status,
        reference=tuple(node.reference.split(", ")) if node.reference else (),
        note=spoken(node.note),
        why=(*node.reasons, *node.doubts),
        children=tuple(_line(instrument, child) for child in node.children),
    )


def _rounding(instrument: Instrument, result: Result, node: Node) -> str:
    if node.value is None:
        return ""
    words = ngettext(
        "Exactly %(exact)s; shown with %(n)d decimal, %(rule)s.",
        "Exactly %(exact)s; shown with %(n)d decimals, %(rule)s.",
        result.places,
    )
    return words % {
        "exact": _exact(node.value),
        "n": result.places,
        "rule": rounding_in_words(instrument.rounding),
    }


def _exact(value: Fraction) -> str:
    """Return a value with all its decimals, or with eight of them and a sign that there are more."""
    shown = rounded(value, 8, "down")
    more = "" if Fraction(shown) == value else "…"
    return number_format(_without_zeros(shown), force_grouping=True) + more


def _most(instrument: Instrument, node: Node | None, on: date) -> Decimal | None:
    own = next((one for one in instrument.results if node and one.id == node.id), None)
    return own.most.at(on).value if own and own.most else None


def _findings(check: Check, outcome: Outcome) -> Findings:
    labels = {item.id: spoken(item.label) for item in check.items}
    return Findings(
        sentences=tuple(one.message for one in outcome.findings if one.kind != "missing"),
        unanswered=tuple(labels.get(one.item, one.item) for one in outcome.findings if one.kind == "missing"),
    )


def _words(check: Check, outcome: Outcome) -> Iterator[Words]:
    for item in check.items:
        given = outcome.facts.items.get(item.id)
        if isinstance(item, TextItem) and given is not None and given.words is not None:
            most = item.max_words.at(outcome.on).value
            least = item.min_words.at(outcome.on).value if item.min_words else None
            tone, said = "ok", _("fits")
            if most is None:
                tone, said = "neutral", _("the limit is unknown")
            if least is not None and given.words < least:
                tone, said = "warn", _("too short, at least %d") % least
            if most is not None and given.words > most:
                tone, said = "bad", _("%d too many") % (given.words - most)
            yield Words(spoken(item.label), given.words, most, tone, said)


def _others(outcome: Outcome) -> Iterator[Other]:
    for one in outcome.compared:
        own = outcome.result.shown if outcome.result else None
        shown = one.node.shown
        yield Other(
            label=spoken(one.alternative.label),
            note=spoken(one.alternative.note),
            status=one.alternative.status,
            reference=tuple((one.alternative.reference or "").split(", "))
            if one.alternative.reference
            else (),
            value=shown,
            band=_band(one.node.band),
            difference=_signed(shown - own) if shown is not None and own is not None else "",
        )


def _advice(step: Step, lacking: Fraction | None) -> Advice:
    return Advice(
        item=step.item.id,
        label=spoken(step.item.label),
        now=_trimmed(step.now),
        wanted=_wanted(step),
        evidence=tuple(spoken(one.label) for one in step.evidence),
        gain=_trimmed(step.gain) or Decimal(0),
        enough=lacking is not None and step.gain >= lacking,
    )


def _wanted(step: Step) -> str:
    if step.level is None:
        return spoken(label_of_step(step)) if step.item.kind == "check" else _("one step higher")
    return f"{step.level.value}: {spoken(step.level.label)}"


def _band(band: Band | None) -> str:
    if band is None:
        return ""
    is_word = band.code.replace("_", " ") == band.label.id.casefold()
    names = ["" if is_word else band.code, spoken(band.label), spoken(band.also)]
    return ", ".join(name for name in names if name)


def _signed(value: Decimal) -> str:
    return f"{'+' if value > 0 else '−' if value < 0 else '±'}{number_format(abs(value))}"


def _trimmed(value: Fraction | None) -> Decimal | None:
    return None if value is None else _without_zeros(rounded(value, PLACES))


def _without_zeros(value: Decimal) -> Decimal:
    whole = value.to_integral_value()
    return whole if value == whole else value.normalize()


def _up(value: Fraction) -> Decimal:
    """Return a value that is not less than the exact one, so that reaching it is enough."""
    precise = Decimal(value.numerator) / Decimal(value.denominator)
    return precise.quantize(Decimal("0.01"), ROUND_CEILING)
