"""Checks what an administrator enters about people and roles, and offers units to choose from."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tifa.organisation.choices import Role
from tifa.organisation.models import Membership, Person, Unit
from tifa.organisation.selectors import UnitChoice, UnitTree


class UnitField(forms.ChoiceField):
    """Chooses a unit by its code, in the order of the tree."""

    def __init__(self, tree: UnitTree, **options: Any) -> None:
        self._units = tree.by_code()
        listed = [
            (unit.code, "\u2003" * depth + f"{unit.name} ({unit.code})") for depth, unit in tree.in_order()
        ]
        super().__init__(choices=[("", _("Choose a unit")), *listed], label=_("Unit"), **options)

    def clean(self, value: Any) -> Unit | None:
        """Return the unit that was chosen."""
        code = super().clean(value)
        return self._units[code] if code else None


class NewPersonForm(forms.Form):
    """A person with a first role."""

    name = forms.CharField(label=_("Name"), max_length=200)
    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("The person signs in with it, and gets a link to set a password."),
    )
    role = forms.ChoiceField(
        label=_("Role"),
        required=False,
        choices=[("", _("No role yet")), *Role.choices],
        help_text=_("More roles can be given afterwards."),
    )

    def __init__(self, *args: Any, tree: UnitTree, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"] = UnitField(
            tree, required=False, help_text=_("The role reaches down to all units below it.")
        )

    def clean_email(self) -> str:
        """Refuse an address that somebody has."""
        email = str(self.cleaned_data["email"]).lower()
        if Person.objects.filter(email__iexact=email).exists():
            raise forms.ValidationError(_("Somebody has this address already. Search for it in the list."))
        return email

    def clean(self) -> dict[str, Any]:
        """Ask for role and unit together."""
        cleaned = super().clean() or {}
        if cleaned.get("role") and not cleaned.get("unit") and "unit" not in self.errors:
            self.add_error("unit", _("In which unit? A role holds in a unit and in all units below it."))
        if cleaned.get("unit") and not cleaned.get("role") and "role" not in self.errors:
            self.add_error("role", _("Which role in this unit?"))
        return cleaned


class PersonForm(forms.ModelForm[Person]):
    """The name of a person, and whether they may sign in."""

    class Meta:
        model = Person
        fields = ["name", "is_active"]


class RoleForm(forms.Form):
    """One more role of a person."""

    role = forms.ChoiceField(label=_("Role"), choices=[("", _("Choose a role")), *Role.choices])

    def __init__(self, *args: Any, tree: UnitTree, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **{"prefix": "new"} | kwargs)
        self._person = person
        self.fields["unit"] = UnitField(tree, help_text=_("The role reaches down to all units below it."))

    def clean(self) -> dict[str, Any]:
        """Refuse a role that the person has."""
        cleaned = super().clean() or {}
        role, unit = cleaned.get("role"), cleaned.get("unit")
        if role and unit and Membership.objects.filter(person=self._person, role=role, unit=unit).exists():
            self.add_error("role", _("This person has that role in that unit already."))
        return cleaned


def unit_options(units: Sequence[UnitChoice], empty: Any = "") -> list[tuple[str, Any]]:
    """Return units as options, indented by their depth; the code tells two of one name apart."""
    options = [
        (choice.unit.code, f"{'– ' * choice.depth}{choice.unit.name} ({choice.unit.code})")
        for choice in units
    ]
    return [("", empty or _("Choose …")), *options]
