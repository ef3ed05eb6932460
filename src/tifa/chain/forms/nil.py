"""A unit says that it has no innovation in a year."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from tifa.core.forms import PlainTextField
from tifa.organisation.forms import unit_options
from tifa.organisation.models import Unit
from tifa.organisation.selectors import UnitChoice


class NilForm(forms.Form):
    """Unit, year, who signs, and a note."""

    unit = forms.ChoiceField(
        label=gettext_lazy("Unit"),
        error_messages={
            "required": gettext_lazy("Choose the unit."),
            "invalid_choice": gettext_lazy("You do not report for this unit. Choose one of the list."),
        },
    )
    year = forms.TypedChoiceField(label=gettext_lazy("Year"), coerce=int)
    signed_by = PlainTextField(
        label=gettext_lazy("Signed by"),
        max_length=200,
        help_text=gettext_lazy("Name and post of whoever answers for it."),
        error_messages={"required": gettext_lazy("Write who signs.")},
    )
    note = PlainTextField(
        label=gettext_lazy("Note"), required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )

    use_required_attribute = False

    def __init__(self, *args: Any, units: Sequence[UnitChoice], years: Sequence[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.units = {choice.unit.code: choice.unit for choice in units}
        for name, choices in (
            ("unit", unit_options(units)),
            ("year", [(str(year), str(year)) for year in years]),
        ):
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = choices

    def clean_unit(self) -> Unit:
        """Return the unit itself."""
        return self.units[self.cleaned_data["unit"]]
