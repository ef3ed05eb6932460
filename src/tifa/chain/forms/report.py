"""The report of an innovation, and the same form for a finding."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tifa.chain.forms.evidence import EVIDENCE_NAMES, EvidenceFields, link_field
from tifa.core.forms import PlainTextField, day_field
from tifa.core.models import StoredFile
from tifa.organisation.choices import Function
from tifa.organisation.forms import unit_options
from tifa.organisation.models import Unit
from tifa.organisation.selectors import UnitChoice
from tifa.registry.choices import Stage
from tifa.registry.models import SUMMARY_LENGTH

INNOVATION_NAMES = (
    "title",
    "unit",
    "function",
    "stage",
    "trial_started",
    "use_started",
    "summary",
    "affairs",
    "service",
    "initiator",
)
SOURCE_NAMES = ("source_note", "source_url")
# What a draft keeps; the last one is the version of the innovation that is being reported again.
DRAFT_NAMES = (*INNOVATION_NAMES, *SOURCE_NAMES, *EVIDENCE_NAMES, "innovation_version")

FUNCTION_MEANING: Mapping[str, str | Promise] = {
    Function.SERVICE: gettext_lazy("Something people get: care, a document, help, a place."),
    Function.REGULATION: gettext_lazy("A rule, permit or procedure is made or made simpler."),
    Function.SUPERVISION: gettext_lazy("It is checked, inspected or followed up."),
}
STAGE_MEANING: Mapping[str, str | Promise] = {
    Stage.INITIATIVE: gettext_lazy("An idea or a plan; nothing is tried yet."),
    Stage.TRIAL: gettext_lazy("It is being tried in one place or for a limited time."),
    Stage.USE: gettext_lazy("It is part of the daily service."),
}


class ReportForm(EvidenceFields):
    """All fields of a report; a draft may have gaps, a report that is sent may not."""

    title = PlainTextField(
        label=gettext_lazy("Title"),
        max_length=200,
        help_text=gettext_lazy("The name by which people know it."),
        error_messages={"required": gettext_lazy("Give the innovation a title.")},
    )
    unit = forms.ChoiceField(
        label=gettext_lazy("Unit"),
        error_messages={
            "required": gettext_lazy("Choose the unit that does it."),
            "invalid_choice": gettext_lazy("You do not report for this unit. Choose one of the list."),
        },
    )
    service = PlainTextField(
        label=gettext_lazy("Public service"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"list": "services", "autocomplete": "off"}),
        help_text=gettext_lazy("The service that got better, for example: immunisation, identity card."),
    )
    function = forms.ChoiceField(
        label=gettext_lazy("Function of government"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose one of the three functions.")},
    )
    stage = forms.ChoiceField(
        label=gettext_lazy("Stage"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose how far the innovation has come.")},
    )
    trial_started = day_field(gettext_lazy("Start of the trial"))
    use_started = day_field(gettext_lazy("Start of use"))
    summary = PlainTextField(
        label=gettext_lazy("Summary"),
        max_length=SUMMARY_LENGTH,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=gettext_lazy("What was the problem, what is done differently, who gains? A few sentences."),
        error_messages={"required": gettext_lazy("Describe the innovation in a few sentences.")},
    )
    affairs = PlainTextField(
        label=gettext_lazy("Government affairs (urusan)"),
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"list": "affairs", "autocomplete": "off"}),
        help_text=gettext_lazy("For example: health, education, population administration."),
    )
    initiator = PlainTextField(
        label=gettext_lazy("Initiator"),
        required=False,
        max_length=120,
        help_text=gettext_lazy("A post or a team, for example: head of the health centre."),
    )
    innovation_version = forms.CharField(required=False, max_length=10, widget=forms.HiddenInput)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        units: Sequence[UnitChoice],
        files: QuerySet[StoredFile],
        today: date,
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data, files=files, initial=dict(initial or {}))
        self.today = today
        self.units = {choice.unit.code: choice.unit for choice in units}
        self.fields["unit"] = _with_choices(self.fields["unit"], unit_options(units))
        self.fields["function"] = _with_choices(
            self.fields["function"], _cards(Function.choices, FUNCTION_MEANING)
        )
        self.fields["stage"] = _with_choices(self.fields["stage"], _cards(Stage.choices, STAGE_MEANING))

    def clean_unit(self) -> Unit:
        """Return the unit itself."""
        return self.units[self.cleaned_data["unit"]]

    def clean(self) -> dict[str, Any]:
        """Check that the dates fit the stage, each other and today."""
        said = super().clean()
        for name in ("trial_started", "use_started"):
            day = said.get(name)
            if day and day > self.today:
                self.add_error(name, _("This day lies in the future. Give the day on which it really began."))
        self._clean_stage(said.get("stage"))
        trial, use = said.get("trial_started"), said.get("use_started")
        if trial and use and trial > use:
            self.add_error("use_started", _("The start of use lies before the start of the trial."))
        return said

    def content(self) -> dict[str, Any]:
        """Return what is said of the innovation."""
        return {name: self.cleaned_data[name] for name in INNOVATION_NAMES}

    def _clean_stage(self, stage: str | None) -> None:
        if stage == Stage.TRIAL and self._lacks("trial_started"):
            self.add_error(
                "trial_started", _("Give the day on which the trial began, or choose the stage “initiative”.")
            )
        if stage == Stage.USE and self._lacks("use_started"):
            self.add_error(
                "use_started", _("Give the day from which it is in use, or choose an earlier stage.")
            )

    def _lacks(self, name: str) -> bool:
        return not self.cleaned_data.get(name) and name not in self.errors


class FindingForm(ReportForm):
    """What Ortal noticed and no unit reported, with the place where it was noticed."""

    source_note = PlainTextField(
        label=gettext_lazy("Where it was noticed"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("For example: a news item, a visit, a list of another department."),
        error_messages={"required": gettext_lazy("Write where it was noticed, so that others can check it.")},
    )
    source_url = link_field(gettext_lazy("Link to the source"))

    field_order = [*INNOVATION_NAMES, *SOURCE_NAMES, *EVIDENCE_NAMES]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Whoever notices something often does not know more than the title and the unit.
        self.fields["summary"].required = False

    def content(self) -> dict[str, Any]:
        """Return what is said of the innovation and of the source."""
        return super().content() | {name: self.cleaned_data[name] for name in SOURCE_NAMES}

    def _clean_stage(self, stage: str | None) -> None:
        # The dates of a finding are unknown until its unit reports it.
        return


def _cards(choices: Sequence[tuple[Any, Any]], meaning: Mapping[str, Any]) -> list[tuple[str, Any]]:
    return [
        (value, format_html('<b>{}</b><br><small class="muted">{}</small>', label, meaning[value]))
        for value, label in choices
    ]


def _with_choices(field: forms.Field, choices: Sequence[tuple[Any, Any]]) -> forms.Field:
    if isinstance(field, forms.ChoiceField):
        field.choices = choices
    return field
