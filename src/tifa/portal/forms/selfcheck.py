"""Answers to a standard: fields for each kind of item, and what the engine says of them."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.formats import number_format
from django.utils.html import escape
from django.utils.translation import gettext as _

from tifa.core.forms import PlainTextField
from tifa.instruments import spoken
from tifa.instruments.schema import (
    AnyItem,
    CheckItem,
    ChoiceItem,
    Item,
    KnownCount,
    Level,
    NumberItem,
    RatioItem,
    ScaleItem,
    TextItem,
)
from tifa.portal.selectors.selfcheck import Check, fault_of

LONGEST_TEXT = 20_000
LONGEST_WORD = 500
LONGEST_NUMBER = 30
TYPED = ("-score", "-number", "-mean", "-reached", "-target")


@dataclass(frozen=True)
class Question:
    """One item of a form with its fields."""

    item: AnyItem
    fields: tuple[BoundField, ...]
    evidence: tuple[str, ...]


class SelfCheckForm(forms.Form):
    """Answers to all items of one form of a standard; each is read by the engine, whose sentence stands at the field."""

    def __init__(self, data: Any = None, *, check: Check) -> None:
        super().__init__(data, prefix="j")
        self._check = check
        self.shows_when: dict[str, str] = {}
        self._names: dict[str, tuple[str, ...]] = {}
        for item in check.items:
            made = _FIELDS[type(item)](check, item)
            self._names[item.id] = tuple(made)
            self.fields.update(made)
            if isinstance(item, ChoiceItem):
                self.shows_when |= {
                    f"{item.id}-{basis.id}": f"{item.id}-basis={basis.id}" for basis in item.bases
                }

    def clean(self) -> dict[str, Any]:
        """Let the engine read each answer."""
        for item_id, answer in self.answers().items():
            fault = fault_of(self._check, item_id, answer)
            if fault:
                self.add_error(self._at(item_id, fault), fault)
        if not self.errors and not self.answers():
            raise forms.ValidationError(_("Nothing is answered yet. Answer at least one item."))
        return self.cleaned_data

    def answers(self) -> dict[str, Any]:
        """Return what was answered, by item, as the engine takes it."""
        read = {item.id: _ANSWERS[type(item)](item, self._of(item.id)) for item in self._check.items}
        return {item_id: answer for item_id, answer in read.items() if answer is not None}

    def parts(self) -> Iterator[tuple[str, tuple[Question, ...]]]:
        """Return the items by the parts of the standard."""
        labels = {part.id: spoken(part.label) for part in self._check.instrument.parts}
        for part, items in groupby(self._check.items, key=lambda item: item.part):
            yield labels.get(part or "", ""), tuple(self._question(item) for item in items)

    def typed(self) -> Iterator[tuple[str, str]]:
        """Return everything that was typed or chosen, to hand it on in hidden fields."""
        for field in self:
            value = field.data
            if value not in (None, "", False):
                yield field.html_name, str(value)

    def _question(self, item: AnyItem) -> Question:
        fields = tuple(self[name] for name in self._names[item.id])
        return Question(item, fields, tuple(spoken(one.label) for one in item.evidence))

    def _at(self, item_id: str, fault: str) -> str:
        """Return the field of an item that a fault speaks of: it quotes what stands there; or else what was typed last."""
        given = {name: self.cleaned_data.get(name) for name in self._names[item_id]}
        quoted = [name for name, value in given.items() if value and f"“{value}”" in fault]
        typed = [name for name, value in given.items() if value and name.endswith(TYPED)]
        return (quoted or typed or [item_id if item_id in given else next(iter(given))])[-1]

    def _of(self, item_id: str) -> Mapping[str, Any]:
        """Return the values of the fields of an item by the last part of their names."""
        cleaned = self.cleaned_data
        return {
            name.removeprefix(item_id).removeprefix("-"): cleaned.get(name) for name in self._names[item_id]
        }


class AnswerField(PlainTextField):
    """A text of somebody; without a run of letters that no text has, since counting its words would take long."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            required=False, max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 4}), **kwargs
        )

    def to_python(self, value: Any) -> str:
        """Return the text."""
        text = super().to_python(value)
        longest = max((len(word) for word in text.split()), default=0)
        if longest > LONGEST_WORD:
            words = _("There are %(found)d signs without a space; write at most %(most)d.")
            raise forms.ValidationError(words % {"found": longest, "most": LONGEST_WORD}, code="long_word")
        return text


Fields = dict[str, forms.Field]


def _text_fields(check: Check, item: TextItem) -> Fields:
    hints: list[str] = [escape(spoken(item.guidance))]
    if item.min_words is not None:
        hints.append(_limit(_("At least %d words."), item.min_words))
    hints.append(_limit(_("At most %d words."), item.max_words))
    if item.questions:
        fields: Fields = {
            f"{item.id}-q-{one.id}": AnswerField(
                label=f"{_heading(item)}: {spoken(one.label)}",
                help_text=_joined([*hints[:1], _limit(_("At most %d words."), one.max_words)]),
            )
            for one in item.questions
        }
    else:
        fields = {item.id: AnswerField(label=_heading(item), help_text=_joined(hints))}
    scale = check.instrument.scale
    if scale is not None and (item.weight is None or item.weight.value != 0):
        words = _("Score of a judge for “%(item)s”, %(least)s to %(most)s")
        ends = {
            "item": spoken(item.label),
            "least": number_format(scale.minimum),
            "most": number_format(scale.maximum),
        }
        fields[f"{item.id}-score"] = _number_field(words % ends)
    return fields


def _choice_fields(_check: Check, item: ChoiceItem) -> Fields:
    hint = escape(spoken(item.guidance))
    if not item.bases:
        fields: Fields = {item.id: _radios(_heading(item), _levels(item.levels), hint)}
    else:
        bases = [(basis.id, spoken(basis.label)) for basis in item.bases]
        fields = {f"{item.id}-basis": _radios(_heading(item), bases, hint)}
        for basis in item.bases:
            words = _("Level by: %(basis)s") % {"basis": spoken(basis.label)}
            fields[f"{item.id}-{basis.id}"] = _radios(words, _levels(basis.levels))
    ladders = [item.levels] if not item.bases else [basis.levels for basis in item.bases]
    if any(level.lower is not None or level.upper is not None for ladder in ladders for level in ladder):
        words = _("Or the number for “%(item)s”; the level follows from the published ranges")
        unit = f" ({spoken(item.unit)})" if item.unit else ""
        fields[f"{item.id}-number"] = _number_field(words % {"item": spoken(item.label)} + unit)
    return fields


def _scale_fields(_check: Check, item: ScaleItem) -> Fields:
    hint = escape(spoken(item.guidance))
    ends = {
        "least": number_format(item.minimum),
        "most": number_format(item.maximum),
        "item": spoken(item.label),
    }
    if not item.answers:
        within = _("A number from %(least)s to %(most)s.") % ends
        return {item.id: _number_field(_heading(item), _joined([hint, within]))}
    words = _("Or the mean of several people for “%(item)s”, %(least)s to %(most)s")
    return {
        item.id: _radios(_heading(item), _levels(item.answers), hint),
        f"{item.id}-mean": _number_field(words % ends),
    }


def _number_fields(_check: Check, item: NumberItem) -> Fields:
    return {item.id: _number_field(_heading(item), escape(spoken(item.guidance)))}


def _ratio_fields(_check: Check, item: RatioItem) -> Fields:
    return {
        f"{item.id}-reached": _number_field(
            f"{_heading(item)}: {spoken(item.reached.label)}", escape(spoken(item.guidance))
        ),
        f"{item.id}-target": _number_field(f"{_heading(item)}: {spoken(item.target.label)}"),
    }


def _check_fields(_check: Check, item: CheckItem) -> Fields:
    marks = [("true", _("there")), ("false", _("not there"))]
    return {item.id: _radios(_heading(item), marks, escape(spoken(item.guidance)))}


_FIELDS: Mapping[type[Item], Callable[[Check, Any], Fields]] = {
    TextItem: _text_fields,
    ChoiceItem: _choice_fields,
    ScaleItem: _scale_fields,
    NumberItem: _number_fields,
    RatioItem: _ratio_fields,
    CheckItem: _check_fields,
}


def _text_answer(_item: TextItem, given: Mapping[str, Any]) -> Any:
    # Named, because a text that is only a number would be taken for a score.
    answers = {
        name.removeprefix("q-"): text for name, text in given.items() if name.startswith("q-") and text
    }
    said = {
        "text": given.get("") or None,
        "questions": answers or None,
        "score": given.get("score") or None,
    }
    return {name: value for name, value in said.items() if value is not None} or None


def _choice_answer(item: ChoiceItem, given: Mapping[str, Any]) -> Any:
    number = given.get("number") or None
    # Levels by two ways and none of them chosen: both names go to the engine, which refuses them at the field.
    answered = ", ".join(one.id for one in item.bases if given.get(one.id))
    basis = given.get("basis") or answered or None
    level = (given.get(basis or "") or None) if item.bases else given.get("") or None
    said = {"level": level, "number": number, "basis": basis}
    made = {name: value for name, value in said.items() if value is not None}
    return made or None


def _scale_answer(_item: ScaleItem, given: Mapping[str, Any]) -> Any:
    mean, one = given.get("mean") or None, given.get("") or None
    if mean is None or one is None or mean == one:
        return mean or one
    # Two answers that differ: the engine refuses them at the field.
    return f"{one} / {mean}"


def _plain_answer(_item: NumberItem | CheckItem, given: Mapping[str, Any]) -> Any:
    return given.get("") or None


def _ratio_answer(item: RatioItem, given: Mapping[str, Any]) -> Any:
    said = {item.reached.id: given.get("reached") or None, item.target.id: given.get("target") or None}
    return said if any(value is not None for value in said.values()) else None


_ANSWERS: Mapping[type[Item], Callable[[Any, Mapping[str, Any]], Any]] = {
    TextItem: _text_answer,
    ChoiceItem: _choice_answer,
    ScaleItem: _scale_answer,
    NumberItem: _plain_answer,
    RatioItem: _ratio_answer,
    CheckItem: _plain_answer,
}


def _heading(item: Item) -> str:
    required = f" ({_('must be answered')})" if item.required else ""
    return f"{item.number}. {spoken(item.label)}{required}"


def _radios(label: str, choices: list[tuple[str, str]], hint: str = "") -> forms.ChoiceField:
    return forms.ChoiceField(
        required=False,
        label=label,
        help_text=hint,
        choices=[*choices, ("", _("not answered"))],
        widget=forms.RadioSelect,
    )


def _number_field(label: str, hint: str = "") -> PlainTextField:
    return PlainTextField(
        required=False,
        label=label,
        help_text=hint,
        max_length=LONGEST_NUMBER,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )


def _levels(levels: tuple[Level, ...]) -> list[tuple[str, str]]:
    return [(str(level.value), f"{level.value} – {spoken(level.label)}") for level in levels]


def _limit(words: str, known: KnownCount) -> str:
    return _("The limit of words is unknown.") if known.value is None else words % known.value


def _joined(hints: list[str]) -> str:
    return "<br>".join(hint for hint in hints if hint)
