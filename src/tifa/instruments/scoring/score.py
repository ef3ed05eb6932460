"""Scores one set of answers under one edition."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from tifa.instruments.language import spoken
from tifa.instruments.schema import Alternative, AnyItem, Instrument
from tifa.instruments.scoring.answers import Answers, MemberAnswers, read_answers
from tifa.instruments.scoring.evaluate import evaluate
from tifa.instruments.scoring.facts import Facts, Finding, Members
from tifa.instruments.scoring.outcome import Compared, Node, Outcome


def score(instrument: Instrument, values: Any, *, on: date) -> Outcome:
    """Score answers under an edition.

    Parameters
    ----------
    instrument
        The edition.
    values
        Answers as :func:`tifa.instruments.scoring.answers.read_answers` takes them.
    on
        The day whose values hold, where the edition changed some.

    Raises
    ------
    BadAnswers
        When an answer does not fit.
    """
    answers = read_answers(instrument, values)
    return outcome_of(instrument, answers, on)


def outcome_of(instrument: Instrument, answers: Answers, on: date) -> Outcome:
    """Return the outcome of answers that were read."""
    members = {
        name: tuple(_member_outcome(instrument, name, one, on) for one in rows)
        for name, rows in answers.members.items()
    }
    facts = replace(
        answers.facts,
        members={
            name: _Listed(instrument, name, answers.members[name], outcomes)
            for name, outcomes in members.items()
        },
    )
    made = scope_outcome(instrument, facts, on)
    return replace(made, members=tuple(one for outcomes in members.values() for one in outcomes))


def scope_outcome(instrument: Instrument, facts: Facts, on: date) -> Outcome:
    """Return the outcome of facts, with other ways to compute beside it."""
    nodes = evaluate(instrument, facts, on)
    result = _result_of(instrument, facts, nodes)
    return Outcome(
        instrument=instrument,
        group=facts.group,
        on=on,
        result=result,
        results=nodes,
        findings=(*facts.findings, *_unanswered(instrument, facts)),
        compared=tuple(_compared(instrument, facts, on, result)) if result else (),
        respondents=facts.respondents,
        facts=facts,
    )


def _result_of(instrument: Instrument, facts: Facts, nodes: Mapping[str, Node]) -> Node | None:
    if facts.collection is not None:
        own = next(one.result for one in instrument.collections if one.id == facts.collection)
        return nodes.get(own)
    return list(nodes.values())[-1] if nodes else None


def _compared(instrument: Instrument, facts: Facts, on: date, result: Node) -> Iterable[Compared]:
    used = {below.id for below in result.walk()}
    for alternative in instrument.alternatives:
        if used & {put.id for put in alternative.results}:
            node = evaluate(_with(instrument, alternative), facts, on)[result.id]
            if node.value is not None:
                yield Compared(alternative, node)


def _with(instrument: Instrument, alternative: Alternative) -> Instrument:
    put = {result.id: result for result in alternative.results}
    results = tuple(put.get(result.id, result) for result in instrument.results)
    return instrument.model_copy(update={"results": results})


def _unanswered(instrument: Instrument, facts: Facts) -> Iterable[Finding]:
    for item in instrument.items_of(facts.group, facts.collection):
        given = facts.items.get(item.id)
        if given is None and item.required:
            yield Finding("missing", item.id, _("“%s” must be answered.") % spoken(item.label))
        elif given is None and _is_scored(item):
            yield Finding("missing", item.id, _("“%s” is not answered.") % spoken(item.label))


def _is_scored(item: AnyItem) -> bool:
    return item.required is not False and (item.weight is None or item.weight.value != 0)


def _member_outcome(instrument: Instrument, _collection: str, member: MemberAnswers, on: date) -> Outcome:
    return replace(scope_outcome(instrument, member.facts, on), name=member.name)


@dataclass(frozen=True)
class _Listed(Members):
    """The members of a collection that were answered one by one."""

    instrument: Instrument
    collection: str
    rows: tuple[MemberAnswers, ...]
    outcomes: tuple[Outcome, ...]

    @property
    def count(self) -> int:
        return len(self.rows)

    def total(self, result: str) -> Fraction | None:
        total = Fraction(0)
        for outcome in self.outcomes:
            value = outcome.results[result].value
            if value is None:
                return None
            total += value
        return total

    def distinct(self, field: str) -> int:
        known = counted_choices(self.instrument, self.collection, field)
        return len({known.get(row.fields.get(field, "").casefold()) for row in self.rows} - {None})

    def doubts(self, result: str) -> tuple[str, ...]:
        return tuple(
            dict.fromkeys(doubt for outcome in self.outcomes for doubt in outcome.results[result].doubts)
        )


def counted_choices(instrument: Instrument, collection: str, field: str) -> Mapping[str, str]:
    """Return the choices that a condition looks for: by id and by either name, in lower case."""
    fields = [one for own in instrument.collections if own.id == collection for one in own.fields]
    return {
        name.casefold(): choice.id
        for one in fields
        if one.id == field
        for choice in one.choices
        if choice.counts
        for name in (choice.id, choice.label.id, choice.label.en)
    }
