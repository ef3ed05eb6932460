"""What narrows the lists; a value that does not exist is named and does not narrow."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from tifa.chain.choices import GapKind, Holder, Step
from tifa.chain.selectors.lists import NOT_REPORTED, SORTS, Narrowing
from tifa.organisation.choices import Function, UnitKind
from tifa.organisation.forms import unit_options
from tifa.organisation.models import Unit
from tifa.organisation.selectors import UnitChoice
from tifa.registry.choices import Source, Stage

EVERY = gettext_lazy("All")
ALL_UNITS = gettext_lazy("All units")
SORT_LABELS = {
    "newest": gettext_lazy("Newest first"),
    "oldest": gettext_lazy("Oldest first"),
    "title": gettext_lazy("By title"),
    "unit": gettext_lazy("By unit"),
}


class FilterForm(forms.Form):
    """Base of the filters: a unit of the person with everything below it."""

    unit = forms.ChoiceField(label=gettext_lazy("Unit"), required=False)

    def __init__(self, data: Mapping[str, Any], *, units: Sequence[UnitChoice]) -> None:
        super().__init__(data)
        self._units = {choice.unit.code: choice.unit for choice in units}
        self.choose("unit", unit_options(units, ALL_UNITS))

    @property
    def said(self) -> dict[str, Any]:
        """Return what was chosen and exists."""
        self.is_valid()
        return self.cleaned_data

    def value(self, name: str) -> Any:
        """Return one choice, empty when there is none."""
        return self.said.get(name) or ""

    @property
    def chosen_unit(self) -> Unit | None:
        """Return the unit to which the list is narrowed."""
        return self._units.get(self.value("unit"))

    @property
    def narrows(self) -> bool:
        """Whether anything was chosen."""
        return any(self.said.values())

    def choose(self, name: str, choices: Sequence[tuple[str, Any]]) -> None:
        """Set what a field offers."""
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices


class InnovationFilter(FilterForm):
    """Search and filters of the list of innovations."""

    q = forms.CharField(
        label=gettext_lazy("Search"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search"}),
        help_text=gettext_lazy("Title, code, summary or unit."),
    )
    function = forms.ChoiceField(
        label=gettext_lazy("Function of government"),
        required=False,
        choices=[("", EVERY), *Function.choices],
    )
    stage = forms.ChoiceField(
        label=gettext_lazy("Stage"), required=False, choices=[("", EVERY), *Stage.choices]
    )
    step = forms.ChoiceField(
        label=gettext_lazy("Last step"),
        required=False,
        choices=[("", EVERY), (NOT_REPORTED, gettext_lazy("Not reported yet")), *Step.choices],
    )
    holder = forms.ChoiceField(
        label=gettext_lazy("Waits for"), required=False, choices=[("", EVERY), *Holder.choices]
    )
    source = forms.ChoiceField(
        label=gettext_lazy("How it became known"), required=False, choices=[("", EVERY), *Source.choices]
    )
    sort = forms.ChoiceField(
        label=gettext_lazy("Order"),
        required=False,
        choices=[(name, SORT_LABELS[name]) for name in SORTS],
    )

    field_order = ("q", "unit", "step", "holder", "function", "stage", "source", "sort")

    @property
    def narrowing(self) -> Narrowing:
        """Return what to look for."""
        names = ("function", "stage", "step", "holder", "source")
        return Narrowing(
            query=self.value("q"),
            unit=self.chosen_unit,
            sort=self.value("sort") or "newest",
            **{name: self.value(name) for name in names},
        )


class PeriodFilter(FilterForm):
    """A unit and a year: the end of a past year, or today in the current one."""

    year = forms.TypedChoiceField(label=gettext_lazy("Period"), required=False, coerce=int, empty_value=None)

    def __init__(
        self, data: Mapping[str, Any], *, units: Sequence[UnitChoice], years: Sequence[int], today: date
    ) -> None:
        super().__init__(data, units=units)
        self.today = today
        self.choose("year", [("", gettext_lazy("Today")), *((str(year), str(year)) for year in years)])

    @property
    def as_of(self) -> date:
        """Return the day on which the list is true."""
        year = self.said.get("year")
        return self.today if not year or year >= self.today.year else date(year, 12, 31)


class GapFilter(PeriodFilter):
    """Filters of the reporting gap."""

    function = forms.ChoiceField(
        label=gettext_lazy("Function of government"),
        required=False,
        choices=[("", EVERY), *Function.choices],
    )
    kind = forms.MultipleChoiceField(
        required=False, choices=GapKind.choices, widget=forms.MultipleHiddenInput
    )

    @property
    def kinds(self) -> tuple[GapKind, ...]:
        """Return the kinds of gap to list; none means all."""
        return tuple(GapKind(kind) for kind in self.value("kind") or ())


class CoverageFilter(PeriodFilter):
    """Filters of the coverage table."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Kind of unit"), required=False, choices=[("", EVERY), *UnitKind.choices]
    )
    silent = forms.BooleanField(label=gettext_lazy("Only silent units"), required=False)


class BoardFilter(FilterForm):
    """Filters of the board: in whose hands, which kind, which branch, only what is overdue."""

    holder = forms.ChoiceField(
        label=gettext_lazy("In whose hands"), required=False, choices=[("", EVERY), *Holder.choices]
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Gap"), required=False, choices=[("", EVERY), *GapKind.choices]
    )
    own = forms.BooleanField(label=gettext_lazy("Without the units below"), required=False)
    overdue = forms.BooleanField(label=gettext_lazy("Only overdue"), required=False)
    soon = forms.BooleanField(label=gettext_lazy("Only what Ortal must do within seven days"), required=False)
    parked = forms.BooleanField(
        label=gettext_lazy("Only what is held back until a later day"), required=False
    )

    field_order = ("holder", "kind", "unit", "own", "overdue", "soon", "parked")


class FlowFilter(PeriodFilter):
    """Filters of the flow figures."""

    function = forms.ChoiceField(
        label=gettext_lazy("Function of government"),
        required=False,
        choices=[("", EVERY), *Function.choices],
    )
