"""Forms of rounds, panels and score sheets."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.formats import get_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tifa.core.forms import PlainTextField
from tifa.evaluation.choices import ReopeningKind, ScoreState
from tifa.evaluation.models import (
    TOPIC_LENGTH,
    Conflict,
    PanelMember,
    Reopening,
    Round,
    TrainingExample,
)
from tifa.evaluation.selectors.judging import Sheet
from tifa.evaluation.selectors.rubrics import guidance_of, label_of
from tifa.evaluation.selectors.terms import DATES, FIELDS
from tifa.instruments import Rubric, RubricSection
from tifa.organisation.models import Person

NOTE_LENGTH = 4000
Said = tuple[str, ScoreState, Decimal | None, str, bool]


TERM_WIDGETS = {
    **dict.fromkeys(("official", "ties", "band"), forms.RadioSelect),
    **{name: forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}) for name in DATES},
}
TERM_HELP = {
    "official": gettext_lazy("Both are published; this one makes the official order."),
    "top": gettext_lazy(
        "For example how many go on to the province. Left empty, it is a tenth of the entries."
    ),
    "score_until": gettext_lazy(
        "Judges see how many days are left. Only closing the round ends the scoring."
    ),
}


class RoundForm(forms.ModelForm[Round]):
    """Code, name and instrument of a round, and what is announced of it."""

    instrument_id = forms.ChoiceField(
        label=gettext_lazy("Instrument"),
        help_text=gettext_lazy("It is frozen when the round opens; later editions do not change the round."),
    )

    class Meta:
        model = Round
        fields = ["code", "name", "instrument_id", *FIELDS]
        field_classes = {"name": PlainTextField}
        widgets = TERM_WIDGETS
        help_texts = TERM_HELP | {
            "blind": gettext_lazy(
                "Their pages then name no unit. What is public elsewhere, such as the catalogue, is not hidden."
            ),
            "code": gettext_lazy("Short and without spaces, for example KIPP-2026."),
            "name": gettext_lazy("As the judges and the public read it."),
        }

    def __init__(self, *args: Any, instruments: Collection[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["instrument_id"]
        if isinstance(field, forms.ChoiceField):
            field.choices = list(instruments)


class AmendmentForm(forms.ModelForm[Round]):
    """What of a running round is changed, and why."""

    reason = PlainTextField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("Every judge reads it, and so does everybody who reads the result."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    class Meta:
        model = Round
        fields = [name for name in FIELDS if name != "blind"]
        widgets = TERM_WIDGETS
        help_texts = TERM_HELP

    def __init__(self, *args: Any, dates_only: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if dates_only:
            for name in FIELDS:
                if name not in DATES:
                    self.fields.pop(name, None)

    def changes(self) -> dict[str, Any]:
        """Return the values by the name of the field, without the reason."""
        return {name: value for name, value in self.cleaned_data.items() if name != "reason"}


class AssessmentForm(forms.Form):
    """How many places count as the top when a result is computed."""

    top = forms.IntegerField(
        label=gettext_lazy("How many places count as the top?"),
        help_text=gettext_lazy(
            "For example how many go on to the province. Left empty, it is a tenth of the entries."
        ),
        required=False,
        min_value=1,
    )

    def __init__(self, *args: Any, most: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.most = max(most, 1)

    def clean_top(self) -> int | None:
        """Refuse more places than there are entries."""
        top: int | None = self.cleaned_data["top"]
        if top is not None and top > self.most:
            raise forms.ValidationError(
                _("There are only %(most)s entries. Give a number from 1 to %(most)s."),
                params={"most": self.most},
            )
        return top


class PublicationForm(forms.Form):
    """Why a publication is corrected, and what the panel decided on those in doubt; each only where it is needed."""

    reason = PlainTextField(
        label=gettext_lazy("Reason for the correction"),
        help_text=gettext_lazy("Anyone reads it beside the new result. The old one stays readable."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    chosen = forms.MultipleChoiceField(
        label=gettext_lazy("Of those in doubt, these go on"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    decision = PlainTextField(
        label=gettext_lazy("How the panel decided"),
        help_text=gettext_lazy("Anyone reads it with the result."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(
        self, *args: Any, correction: bool, band: Collection[tuple[str, str]] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if not correction:
            del self.fields["reason"]
        self.fields["chosen"].choices = list(band)  # type: ignore[attr-defined]  # a field of choices
        if not band:
            del self.fields["chosen"], self.fields["decision"]


class ReopeningForm(forms.ModelForm[Reopening]):
    """Why an entry is taken up again."""

    class Meta:
        model = Reopening
        fields = ["kind", "reason"]
        field_classes = {"reason": PlainTextField}
        widgets = {"kind": forms.RadioSelect, "reason": forms.Textarea(attrs={"rows": 3})}
        help_texts = {"reason": gettext_lazy("Everybody reads it with the correction; name no judge.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A choice without an empty line.
        self.fields["kind"].choices = ReopeningKind.choices  # type: ignore[attr-defined]  # a field of choices


class AnswerForm(forms.Form):
    """Why nothing changes."""

    answer = PlainTextField(
        label=gettext_lazy("Why nothing changes"),
        help_text=gettext_lazy("The unit and the auditor read it."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class NotesForm(forms.Form):
    """Which notes on an entry its unit may read."""

    released = forms.TypedMultipleChoiceField(coerce=int, required=False)

    def __init__(self, data: Any, *, known: Collection[int]) -> None:
        super().__init__(data)
        field = self.fields["released"]
        if isinstance(field, forms.TypedMultipleChoiceField):
            field.choices = [(key, key) for key in known]


class EntriesForm(forms.Form):
    """Which of the innovations shown on a page are in the round."""

    shown = forms.TypedMultipleChoiceField(coerce=int, required=False)
    chosen = forms.TypedMultipleChoiceField(coerce=int, required=False)

    def __init__(self, data: Any, *, known: Collection[int]) -> None:
        super().__init__(data)
        for name in ("shown", "chosen"):
            field = self.fields[name]
            if isinstance(field, forms.TypedMultipleChoiceField):
                field.choices = [(key, key) for key in known]

    def added(self) -> list[int]:
        """Return what is ticked."""
        return [key for key in self.cleaned_data["chosen"] if key in self.cleaned_data["shown"]]

    def removed(self) -> list[int]:
        """Return what was shown and is not ticked."""
        return [key for key in self.cleaned_data["shown"] if key not in self.cleaned_data["chosen"]]


class PanelForm(forms.Form):
    """Who judges in a round."""

    people = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Judges"),
        queryset=Person.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["people"]
        if isinstance(field, forms.ModelMultipleChoiceField):
            field.queryset = people


class ConflictForm(forms.ModelForm[Conflict]):
    """Why a judge does not judge an entry."""

    class Meta:
        model = Conflict
        fields = ["reason"]
        help_texts = {"reason": gettext_lazy("For example: I lead the unit. Ortal and the auditor read it.")}


class MemberConflictForm(ConflictForm):
    """Which judge has a conflict of interest, told by Ortal."""

    member = forms.ModelChoiceField(label=gettext_lazy("Judge"), queryset=PanelMember.objects.none())

    field_order = ("member", "reason")

    def __init__(self, *args: Any, members: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["member"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = members


class ReasonForm(forms.Form):
    """Why something is taken back or withdrawn."""

    reason = PlainTextField(
        label=gettext_lazy("Reason"),
        max_length=300,
        help_text=gettext_lazy("Ortal and the auditor read it."),
    )


class PlanForm(forms.Form):
    """How the work of a round is to be divided."""

    reviews_each = forms.IntegerField(
        label=gettext_lazy("Judges for each entry"),
        min_value=1,
        max_value=50,
        help_text=gettext_lazy("Three is usual. More judges make the result surer than any formula."),
    )
    largest_load = forms.IntegerField(
        label=gettext_lazy("Most entries of one judge"),
        required=False,
        min_value=1,
        max_value=10000,
        help_text=gettext_lazy(
            "Empty: the same for everybody, as far as conflicts allow. With a number, expertise has more room."
        ),
    )
    keep = forms.BooleanField(
        label=gettext_lazy("Leave those who are assigned already, and fill what is missing"), required=False
    )


class AssignForm(forms.Form):
    """Who gets an entry, and in whose place."""

    member = forms.ModelChoiceField(label=gettext_lazy("Judge"), queryset=PanelMember.objects.none())
    instead_of = forms.ModelChoiceField(
        label=gettext_lazy("Instead of"),
        queryset=PanelMember.objects.none(),
        required=False,
        empty_label=gettext_lazy("nobody: one more judge"),
    )

    def __init__(self, *args: Any, free: Any, assigned: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, members in (("member", free), ("instead_of", assigned)):
            field = self.fields[name]
            if isinstance(field, forms.ModelChoiceField):
                field.queryset = members


class TopicForm(forms.Form):
    """What an entry is about."""

    topic = PlainTextField(
        label=gettext_lazy("Topic"),
        required=False,
        max_length=TOPIC_LENGTH,
        help_text=gettext_lazy(
            "It comes from the government affairs of the innovation. Judges who know it come first."
        ),
        widget=forms.TextInput(attrs={"list": "topics", "autocomplete": "off"}),
    )


class ExpertiseForm(forms.Form):
    """Which topics the judges shown on a page know."""

    def __init__(self, data: Any = None, *, members: Collection[Any]) -> None:
        super().__init__(data)
        for member in members:
            self.fields[self.name_of(member)] = PlainTextField(
                label=_("Topics of %(judge)s") % {"judge": member.name},
                required=False,
                max_length=1000,
                initial="; ".join(member.expertise),
                widget=forms.TextInput(attrs={"autocomplete": "off"}),
            )
        self.members = list(members)

    @staticmethod
    def name_of(member: Any) -> str:
        """Return the name of the field of a judge."""
        return f"expertise-{member.pk}"

    def rows(self) -> Iterator[tuple[Any, forms.BoundField]]:
        """Return the judges with their fields."""
        for member in self.members:
            yield member, self[self.name_of(member)]

    def clean(self) -> dict[str, Any]:
        """Say which topic is too long."""
        for member in self.members:
            name = self.name_of(member)
            long = next((one for one in self._topics(name) if len(one) > TOPIC_LENGTH), None)
            if long:
                self.add_error(
                    name,
                    _("The topic “%(topic)s…” is too long. Put a semicolon between topics.")
                    % {"topic": long[:40]},
                )
        return self.cleaned_data

    def expertise(self) -> dict[int, list[str]]:
        """Return the topics by the key of the judge."""
        return {member.pk: self._topics(self.name_of(member)) for member in self.members}

    def _topics(self, name: str) -> list[str]:
        return [one.strip() for one in self.cleaned_data.get(name, "").split(";") if one.strip()]


class ScoreField(forms.DecimalField):
    """A number of the scale; a comma and a dot are both a decimal sign, as people type both."""

    def __init__(self, *, label: str, minimum: Decimal, maximum: Decimal) -> None:
        scale = {"least": minimum, "most": maximum}
        wrong = (
            _("This is not a number from %(least)s to %(most)s with at most two decimals, such as 78,5.")
            % scale
        )
        super().__init__(
            label=label,
            required=False,
            min_value=minimum,
            max_value=maximum,
            decimal_places=2,
            help_text=_("A number from %(least)s to %(most)s.") % scale,
            widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "maxlength": "12"}),
            error_messages=dict.fromkeys(
                ("invalid", "min_value", "max_value", "max_decimal_places", "max_digits", "max_whole_digits"),
                wrong,
            ),
        )

    def to_python(self, value: Any) -> Any:
        """Return the number."""
        return super().to_python(value.strip().replace(",", ".") if isinstance(value, str) else value)

    def prepare_value(self, value: Any) -> Any:
        """Return the number as the language writes it, and without empty decimals."""
        if isinstance(value, Decimal):
            return f"{value.normalize():f}".replace(".", get_format("DECIMAL_SEPARATOR"))
        return value


@dataclass(frozen=True)
class SectionFields:
    """The fields of one section, with the section itself for its guidance and weight."""

    section: RubricSection
    state: forms.BoundField
    value: forms.BoundField
    note: forms.BoundField
    released: forms.BoundField

    @property
    def label(self) -> str:
        """Return the name of the section."""
        return label_of(self.section)

    @property
    def guidance(self) -> str:
        """Return what the section asks for."""
        return guidance_of(self.section)

    @property
    def has_errors(self) -> bool:
        """Whether something in the section is to be mended."""
        return bool(self.state.errors or self.value.errors or self.note.errors)


class ScoreSheetForm(forms.Form):
    """A score sheet: state, number and note of every section of a rubric.

    As a draft everything may be open; to submit, every section that counts needs a number or a reason.
    """

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        rubric: Rubric,
        sheet: Sheet,
        submit: bool = False,
    ) -> None:
        super().__init__(data, initial=_initial(sheet))
        self.rubric, self.submit = rubric, submit
        for section in rubric.sections:
            name = {"section": label_of(section)}
            self.fields[f"{section.id}-state"] = forms.ChoiceField(
                label=_("Judgement of “%(section)s”") % name,
                required=False,
                choices=[(state.value, state.label) for state in ScoreState if state != ScoreState.NOT_YET],
                widget=forms.RadioSelect,
            )
            self.fields[f"{section.id}-value"] = ScoreField(
                label=_("Score of “%(section)s”") % name, minimum=rubric.minimum, maximum=rubric.maximum
            )
            self.fields[f"{section.id}-note"] = PlainTextField(
                label=_("Note on “%(section)s”") % name,
                required=False,
                max_length=NOTE_LENGTH,
                widget=forms.Textarea(attrs={"rows": 3}),
            )
            self.fields[f"{section.id}-released"] = forms.BooleanField(
                label=_("The applicant may read this note (“%(section)s”)") % name, required=False
            )

    def sections(self) -> Iterator[SectionFields]:
        """Return the fields by section, for the template."""
        for section in self.rubric.sections:
            yield SectionFields(
                section, *(self[f"{section.id}-{name}"] for name in ("state", "value", "note", "released"))
            )

    def clean(self) -> dict[str, Any]:
        """Join state and number of each section, and say what does not fit."""
        for section in self.rubric.sections:
            self._clean_section(section)
        return self.cleaned_data

    def said(self) -> list[Said]:
        """Return what is said of the sections without an error: section, state, number, note, release."""
        return [self._said(section.id) for section in self.rubric.sections if not self._wrong(section.id)]

    def _clean_section(self, section: RubricSection) -> None:
        name = section.id
        state, value = self.cleaned_data.get(f"{name}-state"), self.cleaned_data.get(f"{name}-value")
        if self._wrong(name):
            return
        if value is not None and state in {ScoreState.CONFLICT, ScoreState.NOT_ASSESSABLE}:
            self.add_error(
                f"{name}-value",
                _("A number and “%(state)s” do not go together. Delete the number, or choose “Scored”.")
                % {"state": ScoreState(state).label},
            )
        elif self.submit and value is None and state == ScoreState.SCORED:
            self.add_error(f"{name}-value", _("Give the number, or choose why there is none."))
        elif self.submit and section.weight and value is None and not state:
            self.add_error(
                f"{name}-state", _("This section counts. Give a number, or choose why there is none.")
            )

    def _wrong(self, name: str) -> bool:
        return any(f"{name}-{part}" in self.errors for part in ("state", "value", "note"))

    def _said(self, name: str) -> Said:
        value: Decimal | None = self.cleaned_data[f"{name}-value"]
        state = self.cleaned_data[f"{name}-state"]
        if value is not None:
            state = ScoreState.SCORED
        elif not state or state == ScoreState.SCORED:
            state = ScoreState.NOT_YET
        # Browsers send line ends as two characters; a workbook and the database have one.
        note = self.cleaned_data[f"{name}-note"].replace("\r\n", "\n")
        # An empty note has nothing to release.
        return name, ScoreState(state), value, note, bool(note and self.cleaned_data.get(f"{name}-released"))


class RevisionForm(ScoreSheetForm):
    """A submitted sheet with other scores, and why; notes stay as they are."""

    reason = PlainTextField(
        label=gettext_lazy("Why you revise"), max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, rubric: Rubric, sheet: Sheet) -> None:
        super().__init__(data, rubric=rubric, sheet=sheet, submit=True)
        self._stored = sheet.scores

    def said(self) -> list[Said]:
        """Return what is said now, each section with the note that it had."""
        return [
            (name, state, value, self._stored[name].note, self._stored[name].note_released)
            if name in self._stored
            else (name, state, value, "", False)
            for name, state, value, _note, _released in super().said()
        ]


class ExampleForm(forms.ModelForm[TrainingExample]):
    """An example for the training of the judges."""

    class Meta:
        model = TrainingExample
        fields = ["title", "text"]
        field_classes = {"title": PlainTextField, "text": PlainTextField}
        widgets = {"text": forms.Textarea(attrs={"rows": 10})}
        help_texts = {
            "text": gettext_lazy(
                "A proposal of an earlier year or one that you wrote for the training; not one of this round."
            )
        }


class TrainingForm(forms.Form):
    """A judge's marks of an example: a number for each section that counts."""

    def __init__(self, data: Mapping[str, Any] | None = None, *, rubric: Rubric) -> None:
        super().__init__(data)
        self._counting = [section for section in rubric.sections if section.weight]
        for section in self._counting:
            field = ScoreField(
                label=f"{section.number}. {label_of(section)}", minimum=rubric.minimum, maximum=rubric.maximum
            )
            field.required, field.help_text = True, f"{guidance_of(section)} {field.help_text}".strip()
            self.fields[section.id] = field

    def sections(self) -> Iterator[forms.BoundField]:
        """Return the fields in the order of the rubric."""
        return (self[section.id] for section in self._counting)

    def marks(self) -> dict[str, Decimal]:
        """Return the marks by section."""
        return {section.id: self.cleaned_data[section.id] for section in self._counting}


class AgreementForm(forms.Form):
    """What the judges agreed on after they had compared their marks."""

    agreed = PlainTextField(
        label=gettext_lazy("What was agreed"),
        help_text=gettext_lazy(
            "For example: a pilot in one place is at most 60 under impact. Judges read it once they have scored."
        ),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class NoteForm(forms.Form):
    """Something to say of an entry or an example."""

    text = PlainTextField(
        label=gettext_lazy("Your message"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )


class SettlementForm(forms.Form):
    """How the moderation of an entry ended."""

    note = PlainTextField(
        label=gettext_lazy("How it ended"),
        max_length=500,
        help_text=gettext_lazy(
            "For example: two judges revised; or: left as it is, because the views differ."
        ),
        widget=forms.Textarea(attrs={"rows": 2}),
    )


def _initial(sheet: Sheet) -> dict[str, Any]:
    initial: dict[str, Any] = {"version": sheet.version}
    for name, score in sheet.scores.items():
        initial[f"{name}-state"] = "" if score.state == ScoreState.NOT_YET else score.state
        initial[f"{name}-value"] = score.value
        initial[f"{name}-note"] = score.note
        initial[f"{name}-released"] = score.note_released
    return initial
