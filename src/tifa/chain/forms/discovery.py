"""What people type around discovery: texts, decisions, answers, words, hosts and feeds."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tifa.chain.choices import DECLINING, Answer, Dismissal, DocumentKind, TermKind, TextStatus
from tifa.chain.forms.evidence import link_field
from tifa.chain.forms.filters import ALL_UNITS, EVERY, FilterForm
from tifa.chain.forms.report import FindingForm
from tifa.chain.selectors.candidates import Looking
from tifa.chain.selectors.questions import ANSWERED, OPEN
from tifa.core.files import READABLE, CheckedFile, RefusedFile, check_upload
from tifa.core.forms import PlainTextField, UploadInput, day_field
from tifa.organisation.forms import unit_options
from tifa.organisation.models import Unit
from tifa.organisation.selectors import UnitChoice
from tifa.registry.models import Innovation

LONGEST_PASTE = 300_000
MOST_FILES = 20
NO_UNIT = "-"
PASTED = (
    DocumentKind.NEWS,
    DocumentKind.REPORT,
    DocumentKind.POST,
    DocumentKind.DECREE,
    DocumentKind.BUDGET,
    DocumentKind.OTHER,
)
SENT = (*PASTED[:-1], DocumentKind.PAGE, DocumentKind.EXPORT, DocumentKind.OTHER)
# How sure the reading has to be, in the steps in which people think.
LEVELS = (("0.9", gettext_lazy("High (0.9 and more)")), ("0.7", gettext_lazy("Fair (0.7 and more)")))


def _kinds(kinds: Iterable[DocumentKind]) -> list[tuple[str, Any]]:
    return [(kind.value, kind.label) for kind in kinds]


class PasteForm(forms.Form):
    """A text from the clipboard, with where it came from."""

    text = PlainTextField(
        label=gettext_lazy("Text"),
        max_length=LONGEST_PASTE,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text=gettext_lazy("The whole text: a news item, a report, a post."),
        error_messages={"required": gettext_lazy("Paste the text that is to be read.")},
    )
    title = PlainTextField(
        label=gettext_lazy("Title"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Left empty, the first line of the text is taken."),
    )
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=_kinds(PASTED))
    on = day_field(gettext_lazy("Date of the text"))
    url = link_field(gettext_lazy("Address"), gettext_lazy("Where others can read it."))

    use_required_attribute = False

    def clean(self) -> dict[str, Any]:
        """Take the first line as the title where none was given."""
        said = super().clean() or {}
        lines = [line.strip() for line in str(said.get("text") or "").splitlines() if line.strip()]
        if lines and not said.get("title"):
            said["title"] = lines[0][:120]
        return said


class FilesInput(UploadInput):
    """A field for several files."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files; each is looked at, and the sentence names the one that is refused."""

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Return the files with what a look at each of them found."""
        files = [one for one in (data if isinstance(data, list | tuple) else [data]) if one]
        if not files:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        if len(files) > MOST_FILES:
            raise forms.ValidationError(
                _("These are %(count)d files; at most %(limit)d are taken at once. Put them into a ZIP.")
                % {"count": len(files), "limit": MOST_FILES}
            )
        return [self._checked(one) for one in files]

    def _checked(self, upload: "UploadedFile[Any]") -> tuple["UploadedFile[Any]", CheckedFile]:
        try:
            return upload, check_upload(upload, READABLE)
        except RefusedFile as refusal:
            raise forms.ValidationError(str(refusal)) from refusal


class FilesForm(forms.Form):
    """Files to be read: documents, saved pages, or tables of which each row is a text."""

    documents = FilesField(
        label=gettext_lazy("Files"),
        widget=FilesInput(",".join(READABLE)),
        help_text=format_lazy(
            gettext_lazy(
                "PDF, Word (docx), Excel (xlsx), text, HTML, CSV, or a ZIP of these; at most {limit} MB each."
            ),
            limit=settings.UPLOAD_MAX_BYTES // 2**20,
        ),
        error_messages={"required": gettext_lazy("Choose at least one file.")},
    )
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=_kinds(SENT))
    rows = forms.BooleanField(
        label=gettext_lazy("A list: each row of a table (Excel, CSV) is a text of its own"), required=False
    )
    on = day_field(gettext_lazy("Date of the texts"))

    use_required_attribute = False


class PageForm(forms.Form):
    """The address of one page on a named host."""

    url = link_field(gettext_lazy("Address of the page"))
    on = day_field(gettext_lazy("Date of the text"))

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["url"].required = True


class FeedForm(forms.Form):
    """A news feed of a named host."""

    title = PlainTextField(label=gettext_lazy("Name"), max_length=200)
    url = link_field(
        gettext_lazy("Address of the feed"), gettext_lazy("RSS or Atom, on one of the named hosts.")
    )
    pages = forms.BooleanField(
        label=gettext_lazy("Read the linked pages too, as far as their hosts are named"),
        required=False,
        initial=True,
    )

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["url"].required = True


class HostForm(forms.Form):
    """A host that may be asked."""

    name = PlainTextField(
        label=gettext_lazy("Host"),
        max_length=255,
        help_text=gettext_lazy("Only the name, for example berita.example.go.id."),
    )
    inside = forms.BooleanField(
        label=gettext_lazy("It stands in our own network and has no public address"), required=False
    )

    use_required_attribute = False


class CandidateFilter(FilterForm):
    """Search and filters of the queue."""

    q = forms.CharField(
        label=gettext_lazy("Search"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search"}),
        help_text=gettext_lazy("Name, sentence or title of the text."),
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind of text"), required=False, choices=[("", EVERY), *DocumentKind.choices]
    )
    year = forms.TypedChoiceField(label=gettext_lazy("Year"), required=False, coerce=int, empty_value=None)
    status = forms.ChoiceField(
        label=gettext_lazy("What the text says"), required=False, choices=[("", EVERY), *TextStatus.choices]
    )
    confidence = forms.ChoiceField(
        label=gettext_lazy("Confidence"), required=False, choices=[("", EVERY), *LEVELS]
    )

    field_order = ("q", "unit", "kind", "year", "status", "confidence")

    def __init__(self, data: Mapping[str, Any], *, units: Sequence[UnitChoice], years: Sequence[int]) -> None:
        super().__init__(data, units=units)
        self.choose(
            "unit",
            [
                ("", ALL_UNITS),
                (NO_UNIT, gettext_lazy("No unit recognised")),
                *unit_options(units, ALL_UNITS)[1:],
            ],
        )
        self.choose("year", [("", EVERY), *((str(year), str(year)) for year in years)])

    def looking(self, state: str) -> Looking:
        """Return what to look for in a state."""
        return Looking(
            state=state,
            query=self.value("q"),
            unit=self.chosen_unit,
            without_unit=self.value("unit") == NO_UNIT,
            kind=self.value("kind"),
            year=self.value("year") or None,
            status=self.value("status"),
            confidence=float(self.value("confidence") or 0),
        )


class AskForm(FindingForm):
    """The finding that is recorded, with a word to the unit."""

    note = PlainTextField(
        label=gettext_lazy("Note to the unit"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("The unit reads it with the question."),
    )


class MergeForm(forms.Form):
    """An innovation of the registry: one that resembles the candidate, or another one by its code."""

    innovation = forms.CharField(
        label=gettext_lazy("Code of the innovation"),
        max_length=40,
        help_text=gettext_lazy("For example INV-2026-001. The list of innovations shows it."),
        error_messages={"required": gettext_lazy("Choose the innovation, or write its code.")},
    )

    use_required_attribute = False

    def __init__(self, *args: Any, innovations: QuerySet[Innovation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._innovations = innovations

    def clean_innovation(self) -> Innovation:
        """Return the innovation of the code."""
        code = str(self.cleaned_data["innovation"]).strip()
        found = self._innovations.filter(code__iexact=code).first()
        if found is None:
            raise forms.ValidationError(
                _("There is no innovation with the code %(code)s among those that you may see.")
                % {"code": code}
            )
        return found


class DismissForm(forms.Form):
    """Why a candidate is put away."""

    reason = forms.ChoiceField(
        label=gettext_lazy("Why is it dismissed?"),
        choices=Dismissal.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose why it is dismissed.")},
    )
    note = PlainTextField(label=gettext_lazy("Note"), required=False, max_length=500)
    remember = forms.BooleanField(
        label=gettext_lazy("Do not propose this name any more"),
        help_text=gettext_lazy("A plan is proposed again in any case: it may start one day."),
        required=False,
        initial=True,
    )

    use_required_attribute = False


class DeclineForm(forms.Form):
    """Why a unit has nothing to report."""

    answer = forms.ChoiceField(
        label=gettext_lazy("Why is there nothing to report?"),
        choices=[(answer.value, answer.label) for answer in DECLINING],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose one of the three reasons.")},
    )
    reason = PlainTextField(
        label=gettext_lazy("In a few words"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("For example: whose it is, since when it stopped, or what it is instead."),
        error_messages={"required": gettext_lazy("Write a few words, so that Ortal need not ask again.")},
    )

    use_required_attribute = False

    def chosen(self) -> Answer:
        """Return the answer that was chosen."""
        return Answer(self.cleaned_data["answer"])


class AskAgainForm(forms.Form):
    """Which unit is asked now, and why."""

    unit = forms.ChoiceField(
        label=gettext_lazy("Unit"), error_messages={"required": gettext_lazy("Choose the unit to ask.")}
    )
    note = PlainTextField(
        label=gettext_lazy("Note to the unit"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Write why this unit is asked.")},
    )

    use_required_attribute = False

    def __init__(self, *args: Any, units: Sequence[UnitChoice], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._units = {choice.unit.code: choice.unit for choice in units}
        _choose(self.fields["unit"], unit_options(units))

    def clean_unit(self) -> Unit:
        """Return the unit itself."""
        return self._units[self.cleaned_data["unit"]]


class QuestionFilter(FilterForm):
    """Which questions are listed."""

    state = forms.ChoiceField(
        label=gettext_lazy("Answer"),
        required=False,
        choices=[
            ("", EVERY),
            (OPEN, gettext_lazy("Waits for an answer")),
            (ANSWERED, gettext_lazy("Answered")),
        ],
    )


class TermForm(forms.Form):
    """One word that the reading should know."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=TermKind.choices)
    text = PlainTextField(
        label=gettext_lazy("Word or name"),
        max_length=200,
        error_messages={"required": gettext_lazy("Write the word or the name.")},
    )
    unit = forms.ChoiceField(
        label=gettext_lazy("Unit"),
        required=False,
        help_text=gettext_lazy("Only for another name of a unit."),
    )

    use_required_attribute = False
    shows_when = {"unit": f"kind={TermKind.UNIT}"}

    def __init__(self, *args: Any, units: Sequence[UnitChoice], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._units = {choice.unit.code: choice.unit for choice in units}
        _choose(self.fields["unit"], unit_options(units))

    def clean(self) -> dict[str, Any]:
        """Ask for the unit where one is needed, and leave it out elsewhere."""
        said = super().clean() or {}
        if said.get("kind") != TermKind.UNIT:
            said["unit"] = None
        elif not said.get("unit") and "unit" not in self.errors:
            self.add_error("unit", _("Choose the unit that has this name."))
        else:
            said["unit"] = self._units.get(said.get("unit") or "")
        return said


def _choose(field: forms.Field, choices: Sequence[tuple[str, Any]]) -> None:
    if isinstance(field, forms.ChoiceField):
        field.choices = choices
