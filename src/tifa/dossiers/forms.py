"""Forms of stories and dossiers."""

import re
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.http import QueryDict
from django.utils.translation import gettext_lazy

from tifa.core.forms import PlainTextField, day_field
from tifa.dossiers.choices import Award, Goal
from tifa.dossiers.models import LONGEST_TEXT
from tifa.dossiers.selectors.city import WhatIf
from tifa.dossiers.selectors.dossiers import FormItem, levels_of, parts_of
from tifa.dossiers.simulation import own_results
from tifa.instruments import Instrument, spoken
from tifa.instruments.schema import ChoiceItem

PROSE = {"rows": 12}
MOST_MORE = 500
YEARS = RegexValidator(
    r"^\s*((19|20)\d\d)(\s*[,;]\s*(19|20)\d\d)*\s*$",
    gettext_lazy("Write years with commas between them, such as 2019, 2021."),
)


class StoryForm(forms.Form):
    """One part of the story of an innovation."""

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    text = PlainTextField(
        label=gettext_lazy("Text"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs=PROSE),
    )


class AnswerForm(forms.Form):
    """What is written for one item: a text for each of its questions, or a level; and what proves it."""

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        item: FormItem,
        evidence: Sequence[tuple[int, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(data, **kwargs)
        self._parts = parts_of(item)
        for name, part in self._parts:
            self.fields[f"text-{name}"] = (
                forms.ChoiceField(
                    label=spoken(part.label),
                    required=False,
                    choices=[("", gettext_lazy("no level yet")), *levels_of(item)],
                    widget=forms.RadioSelect,
                )
                if isinstance(item, ChoiceItem)
                else PlainTextField(
                    label=spoken(part.label),
                    required=False,
                    max_length=LONGEST_TEXT,
                    widget=forms.Textarea(attrs=PROSE),
                )
            )
        if item.evidence and evidence:
            self.fields["proof"] = forms.TypedMultipleChoiceField(
                label=gettext_lazy("What proves it"),
                required=False,
                coerce=int,
                choices=list(evidence),
                widget=forms.CheckboxSelectMultiple,
            )

    def proven_by(self) -> list[int]:
        """Return the keys of the evidence that proves it."""
        return list(self.cleaned_data.get("proof", []))

    def texts(self) -> dict[str, str]:
        """Return the texts by question."""
        return {name: self.cleaned_data.get(f"text-{name}", "") for name, _part in self._parts}

    def places(self) -> Iterator[tuple[Any, forms.BoundField]]:
        """Return the questions with their fields."""
        return ((part, self[f"text-{name}"]) for name, part in self._parts)


class AwardsForm(forms.Form):
    """In which years an innovation was given which award; empty fields say that it was not."""

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, awards: Sequence[Mapping[str, Any]], **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        for award in Award:
            years = [str(one["year"]) for one in awards if one["award"] == award and one["year"]]
            self.fields[award.value] = forms.CharField(
                label=award.label,
                required=False,
                max_length=60,
                initial=", ".join(years),
                validators=[YEARS],
                widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
            )

    def awards(self) -> list[dict[str, Any]]:
        """Return the awards with their years."""
        return [
            {"award": award.value, "year": int(year)}
            for award in Award
            for year in re.findall(r"\d{4}", self.cleaned_data[award.value])
        ]


class FactsForm(forms.Form):
    """Group, category, goals and attachments of a dossier."""

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    group = forms.ChoiceField(label=gettext_lazy("Group"), required=False)
    category = forms.ChoiceField(label=gettext_lazy("Category"), required=False)
    goals = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Sustainable Development Goals"),
        required=False,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
    )
    attachments = forms.MultipleChoiceField(
        label=gettext_lazy("What is attached"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, instrument: Instrument, **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        categories = instrument.categories.choices if instrument.categories else ()
        self._offer("group", [(one.id, spoken(one.label)) for one in instrument.groups])
        self._offer("category", [("", "–"), *((one.id, spoken(one.label)) for one in categories)])
        self._offer("goals", [(str(goal), f"{goal}. {goal.label}") for goal in Goal][: _goals(instrument)])
        self._offer("attachments", [(one.id, spoken(one.label)) for one in instrument.attachments])

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        if all(value == "" for value, _label in choices):
            del self.fields[name]
        else:
            self.fields[name].choices = choices  # type: ignore[attr-defined]  # a field of choices

    def facts(self) -> dict[str, Any]:
        """Return the values; what the edition does not ask stays empty."""
        said = self.cleaned_data
        return {
            "group": said.get("group", ""),
            "category": said.get("category", ""),
            "goals": said.get("goals", []),
            "attachments": said.get("attachments", []),
        }


def _goals(instrument: Instrument) -> int:
    """Return from how many goals an edition lets choose; 0 when it asks for none or no source tells."""
    return instrument.goals.count or 0 if instrument.goals else 0


class RemarkForm(forms.Form):
    """A comment, or what is to be mended."""

    text = PlainTextField(
        label=gettext_lazy("Comment"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )


class DeadlineForm(forms.Form):
    """The day on which an edition closes, after the ministry moved it."""

    day = day_field(gettext_lazy("Closes on"), required=True, missing=gettext_lazy("Give the new day."))
    source = PlainTextField(
        label=gettext_lazy("Where it was told"),
        max_length=300,
        help_text=gettext_lazy("Number of the letter, or the address of the page."),
        error_messages={"required": gettext_lazy("Say where it was told, so that others can check it.")},
    )

    use_required_attribute = False


class WhatIfForm(forms.Form):
    """What is tried with the index of the city; nothing of it is stored."""

    more = forms.IntegerField(
        label=gettext_lazy("More innovations"),
        required=False,
        min_value=0,
        max_value=MOST_MORE,
        help_text=gettext_lazy("So many more, each with the score that stands beside it."),
    )
    value = forms.DecimalField(
        label=gettext_lazy("Score of each of them"), required=False, min_value=0, max_digits=9, localize=True
    )

    use_required_attribute = False

    def __init__(self, data: QueryDict | None = None, *, instrument: Instrument) -> None:
        super().__init__(data)
        self._own = own_results(instrument)
        for one in self._own:
            most = one.most.value if one.most is not None else None
            self.fields[one.id] = forms.DecimalField(
                label=spoken(one.label),
                required=False,
                min_value=0,
                max_value=most,
                max_digits=9,
                localize=True,
                help_text=gettext_lazy("Points of the city itself; empty counts as nothing answered."),
            )
        self.order_fields([one.id for one in self._own])

    def tried(self) -> WhatIf:
        """Return what is tried; a key that is no number is left out."""
        said = self.cleaned_data
        keys = self.data.getlist("tanpa") if isinstance(self.data, QueryDict) else []
        return WhatIf(
            {one.id: Fraction(said[one.id]) for one in self._own if said.get(one.id) is not None},
            {int(key) for key in keys if key.isascii() and key.isdigit()},
            said.get("more") or 0,
            Fraction(said.get("value") or 0),
        )
