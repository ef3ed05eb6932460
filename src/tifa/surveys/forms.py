"""Forms of waves, and the one that people answer."""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tifa.core.forms import PlainTextField, day_field
from tifa.instruments import Instrument, spoken
from tifa.organisation.forms import unit_options
from tifa.organisation.models import Unit
from tifa.organisation.selectors import UnitChoice
from tifa.standards.models import Service
from tifa.surveys.models import FEWEST, LONGEST_REMARK
from tifa.surveys.sheets import items_of


class WaveForm(forms.Form):
    """A wave that is prepared."""

    name = PlainTextField(label=gettext_lazy("Name"), max_length=120)
    instrument_id = forms.ChoiceField(label=gettext_lazy("Edition"))
    unit = forms.ChoiceField(
        label=gettext_lazy("Unit"),
        help_text=gettext_lazy("Its services and those of all units below it are asked about."),
    )
    starts_on = day_field(gettext_lazy("First day"), required=True)
    ends_on = day_field(gettext_lazy("Last day"), required=True)
    least = forms.IntegerField(
        label=gettext_lazy("Fewest people behind a number"),
        initial=10,
        min_value=FEWEST,
        max_value=100,
        help_text=gettext_lazy("What fewer people said is not shown, so that nobody is recognised."),
    )

    use_required_attribute = False

    def __init__(
        self, data: Any = None, *, units: Sequence[UnitChoice], editions: Sequence[Instrument], **options: Any
    ) -> None:
        super().__init__(data, **options)
        self._units = {choice.unit.code: choice.unit for choice in units}
        for name, choices in (
            ("unit", unit_options(units)),
            ("instrument_id", [(one.id, spoken(one.title)) for one in editions]),
        ):
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = choices

    def clean(self) -> dict[str, Any]:
        """Refuse a wave that ends before it begins."""
        said = self.cleaned_data
        first, last = said.get("starts_on"), said.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("The last day lies before the first."))
        return said

    @property
    def chosen_unit(self) -> Unit:
        """Return the unit that was chosen."""
        return self._units[self.cleaned_data["unit"]]


class ServicesForm(forms.Form):
    """Which services are asked about."""

    services = forms.MultipleChoiceField(
        label=gettext_lazy("Services"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Tick at least one service.")},
    )

    use_required_attribute = False

    def __init__(self, data: Any = None, *, services: Sequence[Service]) -> None:
        super().__init__(data)
        self._services = {str(one.pk): one for one in services}
        field = self.fields["services"]
        if isinstance(field, forms.MultipleChoiceField):
            field.choices = [(str(one.pk), f"{one.name} ({one.unit.name})") for one in services]

    def chosen(self) -> list[Service]:
        """Return the services that were ticked."""
        return [self._services[key] for key in self.cleaned_data["services"]]


class PopulationForm(forms.Form):
    """How many people use a service in the period."""

    population = forms.IntegerField(
        label=gettext_lazy("Users in the period"), required=False, min_value=1, max_value=10_000_000
    )


class AnswerForm(forms.Form):
    """The questions of an edition; on paper as numbers, else with the words of each answer."""

    client_id = forms.UUIDField(widget=forms.HiddenInput)
    remark = PlainTextField(
        label=gettext_lazy("What should be better?"),
        required=False,
        max_length=LONGEST_REMARK,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Do not write your name or telephone number."),
    )

    use_required_attribute = False

    def __init__(
        self, data: Any = None, *, instrument: Instrument, client_id: UUID, paper: bool = False
    ) -> None:
        super().__init__(data, initial={"client_id": client_id})
        self._items = items_of(instrument)
        if paper:
            self.fields["given_on"] = day_field(gettext_lazy("Date on the paper"), required=True)
        for item in self._items:
            choices = [(f"{one.value}", spoken(one.label)) for one in item.answers]
            asked = spoken(item.guidance) if item.guidance else spoken(item.label)
            self.fields[item.id] = forms.TypedChoiceField(
                label=f"{item.number} {spoken(item.label)}" if paper else asked,
                required=False,
                choices=[("", gettext_lazy("not answered")), *choices] if paper else choices,
                coerce=int,
                empty_value=None,
                widget=forms.Select if paper else forms.RadioSelect,
            )

    def questions(self) -> Iterator[forms.BoundField]:
        """Yield the fields of the questions in the order of the edition."""
        yield from (self[item.id] for item in self._items)

    def clean(self) -> dict[str, Any]:
        """Refuse a sheet on which nothing is answered."""
        said = self.cleaned_data
        if not self.errors and all(said.get(item.id) is None for item in self._items):
            raise forms.ValidationError(_("Nothing is answered yet. Choose at least one answer."))
        return said

    def answers(self) -> dict[str, int | None]:
        """Return the answers by item."""
        return {item.id: self.cleaned_data.get(item.id) for item in self._items}
