"""Forms of services and their standards."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from tifa.core.files import ACCEPTED
from tifa.core.forms import PlainTextField, UploadInput, day_field
from tifa.organisation.choices import Function
from tifa.organisation.forms import unit_options
from tifa.organisation.models import Unit
from tifa.organisation.selectors import UnitChoice
from tifa.standards.choices import NEEDS_NUMBER, Circle, Progress
from tifa.standards.facts import ServiceFacts, Taken
from tifa.standards.models import LONGEST_COMPONENT, NAME_LENGTH
from tifa.standards.selectors import Component

LACKS = {
    "standar": gettext_lazy("No standard"),
    "komponen": gettext_lazy("Components missing"),
    "dibahas": gettext_lazy("Never discussed with the public"),
    "ditinjau": gettext_lazy("Review overdue"),
}


class BoardFilter(forms.Form):
    """What narrows the list of services; a value that does not exist does not narrow."""

    q = PlainTextField(label=gettext_lazy("Words"), required=False, max_length=100)
    unit = forms.ChoiceField(label=gettext_lazy("Unit"), required=False)
    lacks = forms.ChoiceField(
        label=gettext_lazy("What lacks"),
        required=False,
        choices=[("", gettext_lazy("All")), *LACKS.items()],
    )

    def __init__(self, data: Mapping[str, Any], *, units: Sequence[UnitChoice]) -> None:
        super().__init__(data)
        self._units = {choice.unit.code: choice.unit for choice in units}
        field = self.fields["unit"]
        if isinstance(field, forms.ChoiceField):
            field.choices = unit_options(units, gettext_lazy("All units"))
        self.is_valid()

    def said(self, name: str) -> str:
        """Return one choice, empty when there is none."""
        return self.cleaned_data.get(name) or ""

    @property
    def chosen_unit(self) -> Unit | None:
        """Return the unit to which the list is narrowed."""
        return self._units.get(self.said("unit"))


class ServiceForm(forms.Form):
    """What is said of a service; the unit is chosen when it is added, and stays."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    unit = forms.ChoiceField(label=gettext_lazy("Unit"))
    name = PlainTextField(
        label=gettext_lazy("Name of the service"),
        max_length=NAME_LENGTH,
        help_text=gettext_lazy("As people ask for it at the counter, such as: birth certificate."),
    )
    function = forms.ChoiceField(
        label=gettext_lazy("Function of government"), choices=Function.choices, widget=forms.RadioSelect
    )
    users = PlainTextField(label=gettext_lazy("Who uses it"), required=False, max_length=300)
    channels = PlainTextField(
        label=gettext_lazy("Where and how it is given"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("Counter, hours, telephone, address of the page."),
    )
    closed_on = day_field(
        gettext_lazy("Given until"), gettext_lazy("Only when it is not given any more from that day on.")
    )

    use_required_attribute = False

    def __init__(self, data: Any = None, *, units: Sequence[UnitChoice], **options: Any) -> None:
        super().__init__(data, **options)
        self._units = {choice.unit.code: choice.unit for choice in units}
        field = self.fields["unit"]
        if not units:
            del self.fields["unit"]
        elif isinstance(field, forms.ChoiceField):
            field.choices = unit_options(units)

    @property
    def chosen_unit(self) -> Unit:
        """Return the unit that was chosen."""
        return self._units[self.cleaned_data["unit"]]

    def facts(self) -> ServiceFacts:
        """Return what is said."""
        said = self.cleaned_data
        return ServiceFacts(
            said["name"], Function(said["function"]), said["users"], said["channels"], said["closed_on"]
        )


class ComponentsForm(forms.Form):
    """What a standard says for each component."""

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, components: Sequence[Component], version: int) -> None:
        initial = {f"text-{one.id}": one.text for one in components}
        super().__init__(data, initial={**initial, "version": version})
        self._components = components
        for one in components:
            self.fields[f"text-{one.id}"] = PlainTextField(
                label=one.label,
                help_text=one.guidance,
                required=False,
                max_length=LONGEST_COMPONENT,
                widget=forms.Textarea(attrs={"rows": 4}),
            )

    def places(self, *, public: bool) -> Iterator[forms.BoundField]:
        """Yield the fields of the components that must be published, or those of the others."""
        yield from (self[f"text-{one.id}"] for one in self._components if one.public is public)

    def texts(self) -> dict[str, str]:
        """Return what is written by component."""
        return {one.id: self.cleaned_data[f"text-{one.id}"] for one in self._components}


class StepForm(forms.Form):
    """A step that a standard took."""

    step = forms.ChoiceField(
        label=gettext_lazy("What happened"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose what happened.")},
    )
    on = day_field(gettext_lazy("Date"), required=True)
    number = PlainTextField(label=gettext_lazy("Number of the decree"), required=False, max_length=100)
    circles = forms.MultipleChoiceField(
        label=gettext_lazy("Who took part"),
        required=False,
        choices=Circle.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    note = PlainTextField(
        label=gettext_lazy("Note"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    upload = forms.FileField(
        label=gettext_lazy("Minutes or decree"), required=False, widget=UploadInput(",".join(ACCEPTED))
    )

    use_required_attribute = False
    shows_when = {
        "number": f"step={'|'.join(sorted(NEEDS_NUMBER))}",
        "circles": f"step={Progress.DISCUSSED}",
    }

    def __init__(self, data: Any = None, files: Any = None, *, steps: Collection[Progress]) -> None:
        super().__init__(data, files)
        field = self.fields["step"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(one.value, one.label) for one in steps]

    def taken(self) -> Taken:
        """Return the step without its file, which the view checks."""
        said = self.cleaned_data
        step = Progress(said["step"])
        return Taken(
            step=step,
            on=said["on"],
            number=said["number"] if step in NEEDS_NUMBER else "",
            circles=[Circle(one) for one in said["circles"]] if step == Progress.DISCUSSED else (),
            note=said["note"],
        )
