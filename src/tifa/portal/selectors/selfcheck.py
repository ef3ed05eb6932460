"""The forms in which somebody can answer a standard, and whether an answer fits its item."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tifa.instruments import BadAnswers, Instrument, spoken
from tifa.instruments.schema import AnyItem
from tifa.instruments.scoring import read_answers
from tifa.portal.selectors.formulas import labels_of

Answers = Mapping[str, Any]


@dataclass(frozen=True)
class Check:
    """One form of a standard: whose items are answered; with a collection, for one member of it."""

    instrument: Instrument
    group: str | None
    collection: str | None

    @property
    def items(self) -> tuple[AnyItem, ...]:
        """Return what is asked."""
        return self.instrument.items_of(self.group, self.collection)

    @property
    def name(self) -> str:
        """Return the name of the group and of the collection; empty when there is only one form."""
        labels = labels_of(self.instrument)
        return " · ".join(labels[one] for one in (self.group, self.collection) if one)

    @property
    def rule(self) -> str:
        """Return who belongs to the group."""
        group = self.instrument.group(self.group)
        return spoken(group.rule) if group else ""

    @property
    def query(self) -> Mapping[str, str]:
        """Return what names the form in an address."""
        parts = {"kelompok": self.group, "bagian": self.collection}
        return {name: value for name, value in parts.items() if value}

    @property
    def members(self) -> str:
        """Return the name of the collection of which one member is answered; empty without one."""
        return labels_of(self.instrument).get(self.collection or "", "")

    @property
    def is_part(self) -> bool:
        """Return whether the standard asks more than one member of a collection answers."""
        return self.collection is not None

    def values(self, answers: Answers) -> dict[str, Any]:
        """Return answers by item as the engine takes them."""
        return {"items": dict(answers), **({"group": self.group} if self.group else {})}


def checks_of(instrument: Instrument) -> tuple[Check, ...]:
    """Return the forms of a standard; groups that are asked the same have one form."""
    collections: list[str | None] = [
        one.id for one in instrument.collections if instrument.items_of(None, one.id)
    ]
    groups: list[str | None] = [group.id for group in instrument.groups]
    made: dict[object, Check] = {}
    for collection in collections or [None]:
        for group in groups or [None]:
            check = Check(instrument, group, collection)
            results = tuple(one.id for one in instrument.results_of(group, collection))
            if check.items:
                made.setdefault((collection, tuple(one.id for one in check.items), results), check)
    return tuple(made.values())


def chosen_check(checks: Sequence[Check], group: str, collection: str) -> Check | None:
    """Return the form that an address names; the only one needs no name."""
    if len(checks) == 1:
        return checks[0]
    return next(
        (one for one in checks if (one.group or "", one.collection or "") == (group, collection)), None
    )


def fault_of(check: Check, item: str, answer: Any) -> str:
    """Return why an answer does not fit its item, in a sentence; empty when it fits."""
    try:
        read_answers(check.instrument, check.values({item: answer}))
    except BadAnswers as bad:
        sentence = bad.faults[0].sentence
        return sentence[:1].upper() + sentence[1:]
    return ""
