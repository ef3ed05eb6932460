"""The form of a choice under the cap."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from tifa.chain.selectors.choosing import Candidate, taken
from tifa.core.forms import PlainTextField, day_field
from tifa.instruments import Instrument


class ChoiceForm(forms.Form):
    """Which dossiers are sent, why, and what becomes of the others."""

    picked = forms.MultipleChoiceField(required=False)
    reason = PlainTextField(
        label=gettext_lazy("Why these"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Say why these were chosen; the units read it.")},
    )
    rest_reason = PlainTextField(
        label=gettext_lazy("Why the others are held back"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("A rule of admission that is broken is added by itself."),
    )
    due = day_field(
        gettext_lazy("The others are looked at again on"),
        gettext_lazy("On this day they come back to your list."),
    )
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    use_required_attribute = False

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        instrument: Instrument,
        candidates: Sequence[Candidate],
        today: date,
    ) -> None:
        newest = max((one.weighed.selection.pk for one in candidates if one.weighed.selection), default=None)
        held = [one.weighed.selection for one in candidates if one.weighed.selection]
        first = next((one.reason for one in held if one.chosen), "")
        super().__init__(data, initial={"seen": newest, "reason": first})
        self.instrument, self.candidates, self.today, self.newest = instrument, candidates, today, newest
        field = self.fields["picked"]
        if isinstance(field, forms.MultipleChoiceField):
            field.choices = [(str(one.key), str(one.key)) for one in candidates if not one.hindrance]
            field.error_messages["invalid_choice"] = _(
                "One of the ticked dossiers cannot be chosen any more. Look at the list again."
            )

    @property
    def picked_now(self) -> set[int]:
        """Return the keys that are ticked: as sent, else those of the choice that holds."""
        free = {str(one.key): one for one in self.candidates if not one.hindrance}
        if not self.is_bound:
            return {one.key for one in free.values() if one.weighed.chosen}
        return {free[key].key for key in self["picked"].value() if key in free}

    def clean(self) -> dict[str, Any]:
        """Refuse what goes over a cap, and others that are held back without reason or day."""
        said = self.cleaned_data
        if said.get("seen") != self.newest:
            raise forms.ValidationError(
                _("Somebody recorded another choice meanwhile. It is shown below; choose anew.")
            )
        picked = {int(key) for key in said.get("picked", [])}
        for one in taken(self.instrument, self.candidates, picked):
            if one.over and one.cap.most is not None:
                self.add_error("picked", _too_many(one.count, one.cap.most, one.cap.label))
        others = [one for one in self.candidates if not one.weighed.sent and one.key not in picked]
        if any(not one.weighed.broken for one in others) and not said.get("rest_reason"):
            self.add_error(
                "rest_reason", _("Say why the others are held back; nobody is dropped in silence.")
            )
        day = said.get("due")
        if others and day is None and "due" not in self.errors:
            self.add_error("due", _("Give the day on which the others are looked at again."))
        if day is not None and day < self.today:
            self.add_error("due", _("This day has passed. Give today or a later one."))
        return said


class LetterForm(forms.Form):
    """What the covering letter says beside the list of dossiers."""

    nomor = PlainTextField(label=gettext_lazy("Letter number"), required=False, max_length=100)
    kepada = PlainTextField(label=gettext_lazy("To"), required=False, max_length=200)

    use_required_attribute = False


def _too_many(count: int, most: int, group: str) -> str:
    text = ngettext(
        "%(count)d is chosen in “%(group)s”; the edition takes at most %(most)d of one institution.",
        "%(count)d are chosen in “%(group)s”; the edition takes at most %(most)d of one institution.",
        count,
    )
    return text % {"count": count, "most": most, "group": group}
