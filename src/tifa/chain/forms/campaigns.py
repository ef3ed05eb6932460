"""What Ortal enters about a campaign, what a unit answers, and how the list is narrowed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tifa.chain.choices import NEEDS_NOTE, AnswerState, CampaignKind, Vital
from tifa.chain.models import Campaign
from tifa.chain.selectors.campaigns import Known, Window, edition_window, editions
from tifa.core.forms import PlainTextField, day_field
from tifa.organisation.forms import unit_options
from tifa.organisation.models import Unit
from tifa.organisation.selectors import UnitChoice

WHOLE_REACH = "semua"
SOME = "sebagian"
MOST_DAYS = 90
HALF = 6

# The letter and the mails are official Indonesian, whoever prepares them; Ortal changes them as needed.
INVITATION = (
    "Dalam rangka pendataan inovasi pelayanan publik, bersama ini kami mohon setiap unit melaporkan inovasinya. "
    "Unit yang tidak memiliki inovasi baru tetap diminta menjawab dengan pernyataan nihil."
)
ASKED = (
    "1. Keadaan setiap inovasi yang sudah tercatat: masih berjalan, berubah, atau berhenti.\n"
    "2. Laporan inovasi baru, atau pernyataan tidak ada yang baru yang ditandatangani kepala unit."
)


class CampaignForm(forms.Form):
    """A campaign that is being prepared."""

    name = PlainTextField(
        label=gettext_lazy("Name"),
        max_length=120,
        help_text=gettext_lazy("For example: Innovation reporting 2026."),
        error_messages={"required": gettext_lazy("Give the campaign a name.")},
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Period"),
        choices=CampaignKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose for which period it asks.")},
    )
    edition = forms.ChoiceField(label=gettext_lazy("Edition"), required=False)
    starts_on = day_field(
        gettext_lazy("From"),
        gettext_lazy(
            "Reports from this day on are counted as answers. Left empty, it is the first day of the year, the half-year "
            "or the window in which the answer is due."
        ),
    )
    ends_on = day_field(gettext_lazy("Until"), gettext_lazy("Left empty, it is the last day of that period."))
    due = day_field(gettext_lazy("Due"), gettext_lazy("Until when every unit has to answer."), required=True)
    reach = forms.ChoiceField(
        label=gettext_lazy("Who is asked"),
        choices=[
            (WHOLE_REACH, gettext_lazy("All units")),
            (SOME, gettext_lazy("Some units, each with all units below it")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose who is asked.")},
    )
    units = forms.MultipleChoiceField(
        label=gettext_lazy("Units"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": gettext_lazy("This unit is not in your reach. Choose others.")},
    )
    unit_kinds = forms.MultipleChoiceField(
        label=gettext_lazy("Only these kinds of unit"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("None chosen means all kinds."),
    )
    asked = PlainTextField(
        label=gettext_lazy("What is asked"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": gettext_lazy("Write what the units are asked for.")},
    )
    letter_number = PlainTextField(label=gettext_lazy("Letter number"), required=False, max_length=100)
    invitation = PlainTextField(
        label=gettext_lazy("Text of the invitation"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy("It stands in the letter (Word) and in the message to each unit."),
        error_messages={"required": gettext_lazy("Write the text of the invitation.")},
    )
    days_before = forms.IntegerField(
        label=gettext_lazy("Remind how many days before"), min_value=1, max_value=MOST_DAYS, initial=7
    )
    days_to_list = forms.IntegerField(
        label=gettext_lazy("On the leader's list after how many days"),
        min_value=1,
        max_value=MOST_DAYS,
        initial=7,
    )

    use_required_attribute = False
    shows_when = {"edition": "kind=edisi", "units": "reach=sebagian"}

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        units: Sequence[UnitChoice],
        kinds: Sequence[tuple[str, str]],
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=dict(initial or {}))
        self.fields["due"].error_messages["required"] = _("Give the date.")
        self._reach = {choice.unit.code: choice.unit for choice in units}
        self._choose("units", [(code, label) for code, label in unit_options(units) if code])
        self._choose("unit_kinds", kinds)
        self._choose("edition", [("", gettext_lazy("Choose …")), *editions()])

    def clean(self) -> dict[str, Any]:
        """Fill in the period that was left empty, and check that the days are in order."""
        said = super().clean() or {}
        kind = said.get("kind")
        if kind == CampaignKind.EDITION and not said.get("edition") and "edition" not in self.errors:
            self.add_error("edition", _("Choose the edition."))
        if said.get("reach") == SOME and not said.get("units") and "units" not in self.errors:
            self.add_error("units", _("Choose at least one unit."))
        if kind and said.get("due"):
            self._fill_period(kind, said["due"])
        starts, ends, due = (self.cleaned_data.get(name) for name in ("starts_on", "ends_on", "due"))
        if starts and ends and ends < starts:
            self.add_error("ends_on", _("The period ends before it begins."))
        if starts and due and due < starts:
            self.add_error("due", _("The answer would be due before the period begins."))
        return self.cleaned_data

    def content(self, reach: Sequence[int]) -> dict[str, Any]:
        """Return what was entered; ``reach`` are the units that stand for all."""
        said = self.cleaned_data
        chosen = [self._reach[code].pk for code in said["units"]] if said["reach"] == SOME else list(reach)
        names = ("name", "kind", "starts_on", "ends_on", "due", "invitation", "asked", "unit_kinds")
        return {
            **{name: said[name] for name in (*names, "letter_number", "days_before", "days_to_list")},
            "edition": said["edition"] if said["kind"] == CampaignKind.EDITION else "",
            "roots": chosen,
        }

    def _fill_period(self, kind: str, due: date) -> None:
        period = _period(kind, due, self.cleaned_data.get("edition") or "")
        for name, day in (("starts_on", period.opens), ("ends_on", period.closes)):
            if self.cleaned_data.get(name) or name in self.errors or "edition" in self.errors:
                continue
            if day is None:
                self.add_error(name, _("The standard does not tell this day. Write it."))
            else:
                self.cleaned_data[name] = day

    def _choose(self, name: str, choices: Sequence[tuple[Any, Any]]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices


def first_values(today: date) -> dict[str, Any]:
    """Return what the form of a new campaign begins with."""
    return {
        "name": _("Innovation reporting %(year)d") % {"year": today.year},
        "kind": CampaignKind.YEARLY.value,
        "due": today + timedelta(days=30),
        "reach": WHOLE_REACH,
        "asked": ASKED,
        "invitation": INVITATION,
    }


def values_of(campaign: Campaign, units: Mapping[int, str], tops: Sequence[int]) -> dict[str, Any]:
    """Return a campaign as the form shows it; ``units`` are codes, ``tops`` the units that stand for all."""
    names = ("name", "kind", "edition", "starts_on", "ends_on", "due", "asked", "letter_number", "invitation")
    whole = set(campaign.roots) == set(tops)
    return {
        **{name: getattr(campaign, name) for name in (*names, "unit_kinds", "days_before", "days_to_list")},
        "reach": WHOLE_REACH if whole else SOME,
        "units": [] if whole else [units[key] for key in campaign.roots if key in units],
    }


class ExtensionForm(forms.Form):
    """More time for one unit or for all."""

    unit = forms.ChoiceField(label=gettext_lazy("For whom"), required=False)
    due = day_field(gettext_lazy("New due date"), required=True)
    reason = PlainTextField(
        label=gettext_lazy("Reason"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("The unit reads it in the message."),
        error_messages={"required": gettext_lazy("Write why there is more time.")},
    )

    use_required_attribute = False

    def __init__(self, *args: Any, units: Sequence[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["due"].error_messages["required"] = _("Give the date.")
        self._units = {unit.code: unit for unit in units}
        field = self.fields["unit"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [
                ("", gettext_lazy("All units")),
                *((unit.code, f"{unit.name} ({unit.code})") for unit in units),
            ]

    def clean_unit(self) -> Unit | None:
        """Return the unit itself, None for all."""
        code = self.cleaned_data["unit"]
        return self._units[code] if code else None


class DelegationForm(forms.Form):
    """Who answers in the place of a unit."""

    to_unit = forms.ChoiceField(
        label=gettext_lazy("Who answers"),
        error_messages={"required": gettext_lazy("Choose the unit that answers.")},
    )
    reason = PlainTextField(
        label=gettext_lazy("Reason"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("For example: no network, nobody with an account."),
    )

    use_required_attribute = False

    def __init__(self, *args: Any, units: Sequence[UnitChoice], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._units = {choice.unit.code: choice.unit for choice in units}
        field = self.fields["to_unit"]
        if isinstance(field, forms.ChoiceField):
            field.choices = unit_options(units)

    def clean_to_unit(self) -> Unit:
        """Return the unit itself."""
        return self._units[self.cleaned_data["to_unit"]]


@dataclass(frozen=True)
class AskedRow:
    """The fields of one innovation."""

    known: Known
    state: BoundField
    on: BoundField
    note: BoundField


class AnswerForm(forms.Form):
    """The state of each known innovation, and whether there is nothing new; part of it may be answered later."""

    use_required_attribute = False

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        known: Sequence[Known],
        may_sign: bool,
        signer: str,
        today: date,
    ) -> None:
        super().__init__(data)
        self._known = known
        self._may_sign = may_sign
        self._today = today
        self.shows_when: dict[str, str] = {}
        for one in known:
            self._ask(one)
        if may_sign:
            self.fields["nothing_new"] = forms.BooleanField(
                label=gettext_lazy("We have nothing new in this period"), required=False
            )
            self.fields["signed_by"] = PlainTextField(
                label=gettext_lazy("Signed by the head of the unit"),
                required=False,
                max_length=200,
                initial=signer,
                help_text=gettext_lazy("Name and post."),
            )
            self.fields["nil_note"] = PlainTextField(
                label=gettext_lazy("Note"), required=False, max_length=300
            )
            self.shows_when |= {"signed_by": "nothing_new=on", "nil_note": "nothing_new=on"}

    @property
    def rows(self) -> list[AskedRow]:
        """Return the fields innovation by innovation."""
        return [
            AskedRow(one, *(self[f"{name}_{one.innovation.pk}"] for name in ("state", "on", "note")))
            for one in self._known
        ]

    def clean(self) -> dict[str, Any]:
        """Ask for day and words where something changed or stopped, and for a signature under “nothing new”."""
        said = super().clean() or {}
        for one in self._known:
            self._check(one.innovation.pk, said)
        if said.get("nothing_new") and not said.get("signed_by"):
            self.add_error("signed_by", _("Write who signs."))
        return said

    def answers(self) -> list[dict[str, Any]]:
        """Return what was said of innovations; those without a word are left out."""
        said = self.cleaned_data
        return [
            {
                "innovation": one.innovation,
                "state": said[f"state_{one.innovation.pk}"],
                "on": self._day(one),
                "note": said.get(f"note_{one.innovation.pk}", ""),
            }
            for one in self._known
            if said.get(f"state_{one.innovation.pk}")
        ]

    def nil(self) -> dict[str, str] | None:
        """Return who signs that there is nothing new, or None."""
        if not self.cleaned_data.get("nothing_new"):
            return None
        return {"signed_by": self.cleaned_data["signed_by"], "note": self.cleaned_data["nil_note"]}

    def _day(self, one: Known) -> date:
        """Return since when it is so; what still runs does so on the day on which it is said."""
        key = one.innovation.pk
        day = self.cleaned_data.get(f"on_{key}")
        changed = self.cleaned_data[f"state_{key}"] in NEEDS_NOTE
        return day if day and changed else self._today

    def _ask(self, one: Known) -> None:
        key, check = one.innovation.pk, one.check
        self.fields[f"state_{key}"] = forms.ChoiceField(
            label=one.innovation.title,
            required=False,
            choices=Vital.choices,
            widget=forms.RadioSelect,
            initial=check.state if check else None,
        )
        on = day_field(gettext_lazy("Since when"))
        on.initial = check.on if check and check.state != Vital.RUNNING else None
        self.fields[f"on_{key}"] = on
        self.fields[f"note_{key}"] = PlainTextField(
            label=gettext_lazy("What changed, or why it stopped"),
            required=False,
            max_length=300,
            initial=check.note if check else "",
        )
        shown = f"state_{key}={'|'.join(sorted(NEEDS_NOTE))}"
        self.shows_when |= {f"on_{key}": shown, f"note_{key}": shown}

    def _check(self, key: int, said: Mapping[str, Any]) -> None:
        day = said.get(f"on_{key}")
        if day and day > self._today:
            self.add_error(
                f"on_{key}",
                _("This day lies in the future; today is %(day)s.")
                % {"day": date_format(self._today, "j F Y")},
            )
        if said.get(f"state_{key}") not in NEEDS_NOTE:
            return
        if not day and f"on_{key}" not in self.errors:
            self.add_error(f"on_{key}", _("Give the day since when it is so."))
        if not said.get(f"note_{key}") and f"note_{key}" not in self.errors:
            self.add_error(f"note_{key}", _("Write in a few words what changed or why it stopped."))


class ProgressFilter(forms.Form):
    """Narrows the list of a campaign; a value that does not exist does not narrow."""

    branch = forms.ChoiceField(label=gettext_lazy("Unit with everything below it"), required=False)
    state = forms.ChoiceField(
        label=gettext_lazy("Answer"),
        required=False,
        choices=[("", gettext_lazy("All")), *AnswerState.choices],
    )
    late = forms.BooleanField(label=gettext_lazy("Only overdue"), required=False)

    def __init__(self, data: Mapping[str, Any], *, branches: Sequence[tuple[str, str]]) -> None:
        super().__init__(data)
        field = self.fields["branch"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", gettext_lazy("All units")), *branches]

    def value(self, name: str) -> Any:
        """Return one choice, empty when there is none."""
        self.is_valid()
        return self.cleaned_data.get(name) or ""

    @property
    def narrows(self) -> bool:
        """Whether anything was chosen."""
        return any(self.value(name) for name in self.fields)


def _period(kind: str, due: date, edition: str) -> Window:
    if kind == CampaignKind.EDITION:
        return edition_window(edition) if edition else Window(None, None)
    if kind == CampaignKind.YEARLY:
        return Window(date(due.year, 1, 1), date(due.year, 12, 31))
    if due.month <= HALF:
        return Window(date(due.year, 1, 1), date(due.year, 6, 30))
    return Window(date(due.year, 7, 1), date(due.year, 12, 31))
