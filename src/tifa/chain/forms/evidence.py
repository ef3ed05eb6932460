"""One piece of evidence: a file or a link, what it is, and what it shows."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator, URLValidator
from django.db.models import QuerySet
from django.forms.utils import ErrorDict
from django.urls import reverse_lazy
from django.utils.formats import date_format
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tifa.core.files import ACCEPTED
from tifa.core.forms import PlainTextField, UploadInput, renew
from tifa.core.models import StoredFile
from tifa.registry.choices import EvidenceKind
from tifa.registry.models import Evidence
from tifa.registry.services import EvidenceFacts

EVIDENCE_NAMES = ("evidence_kind", "evidence_title", "evidence_url", "evidence_file", "evidence_personal")
LINK_ERROR = gettext_lazy("This is not a link. Copy the whole address, beginning with https:// or http://.")


class LinkField(forms.URLField):
    """The address of a web page; one wrong address is one sentence, so its validator stands alone."""

    default_validators = [URLValidator(schemes=["http", "https"], message=LINK_ERROR)]


def link_field(label: Any, help_text: Any = "") -> forms.URLField:
    """Return a field for the address of a web page."""
    return LinkField(
        label=label,
        help_text=help_text,
        required=False,
        max_length=500,
        assume_scheme="https",
        error_messages={"invalid": LINK_ERROR},
    )


def upload_field(label: Any) -> forms.FileField:
    """Return a field for a file; the view checks and keeps it before the rest is looked at."""
    return forms.FileField(
        label=label,
        required=False,
        widget=UploadInput(",".join(ACCEPTED), reverse_lazy("chain:upload_begin")),
        help_text=format_lazy(
            gettext_lazy("PDF, JPG, PNG, Word (docx) or Excel (xlsx), at most {limit} MB."),
            limit=settings.UPLOAD_MAX_BYTES // 2**20,
        ),
    )


class KeptFileField(forms.CharField):
    """The number of a file that was uploaded a moment ago and kept."""

    def __init__(self) -> None:
        super().__init__(required=False, max_length=20, widget=forms.HiddenInput)


def kept_file(value: str, files: QuerySet[StoredFile]) -> StoredFile | None:
    """Return the file of a ``KeptFileField``, or nothing when none was kept.

    Raises
    ------
    forms.ValidationError
        When the person did not upload such a file.
    """
    if not value:
        return None
    found = files.filter(pk=int(value)).first() if value.isascii() and value.isdigit() else None
    if found is None:
        raise forms.ValidationError(_("The uploaded file is no longer there. Choose it again."))
    return found


class FilePlace(forms.Form):
    """A link or a file; a file that came with a form that was wrong elsewhere is kept."""

    evidence_url = link_field(gettext_lazy("Link to the evidence"), gettext_lazy("A link instead of a file."))
    evidence_upload = upload_field(gettext_lazy("File of the evidence"))
    evidence_file = KeptFileField()

    use_required_attribute = False

    def __init__(self, *args: Any, files: QuerySet[StoredFile], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kept = files

    @property
    def file(self) -> StoredFile | None:
        """Return the file that is kept so far."""
        try:
            return kept_file(str(self["evidence_file"].value() or ""), self.kept)
        except forms.ValidationError:
            return None

    def show_only(self, name: str, message: str) -> None:
        """Show one error: the rest of a draft need not be complete yet."""
        self.full_clean()
        self._errors = ErrorDict()
        self.add_error(name, message)

    def clean_evidence_file(self) -> StoredFile | None:
        """Return the kept file itself."""
        return kept_file(self.cleaned_data["evidence_file"], self.kept)

    def clean_place(self) -> None:
        """Say when both a link and a file are given, or neither."""
        link, kept = self.cleaned_data.get("evidence_url"), self.cleaned_data.get("evidence_file")
        if link and kept:
            self.add_error(
                "evidence_url",
                _(
                    "Give either a file or a link. The second one can be added afterwards as evidence of its own."
                ),
            )
        elif not link and not kept and not {"evidence_url", "evidence_file"} & set(self.errors):
            self.add_error("evidence_url", _("Give a link, or choose a file below."))


class EvidenceFields(FilePlace):
    """The four fields of a piece of evidence; whoever fills one of them has to fill what belongs to it."""

    evidence_kind = forms.ChoiceField(
        label=gettext_lazy("Kind of evidence"),
        required=False,
        choices=[("", gettext_lazy("Choose …")), *EvidenceKind.choices],
    )
    evidence_title = PlainTextField(
        label=gettext_lazy("What the evidence shows"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("For example: decree of the head of the department that starts the service."),
    )

    evidence_personal = forms.BooleanField(
        label=gettext_lazy(
            "It holds data of persons, such as a list of names: only the unit and Ortal open it"
        ),
        required=False,
    )

    evidence_required = False

    def clean(self) -> dict[str, Any]:
        """Say what is missing of the evidence."""
        said = self.cleaned_data
        if self.evidence_required or any(said.get(name) for name in EVIDENCE_NAMES):
            self._clean_evidence()
        return said

    def evidence(self) -> dict[str, Any] | None:
        """Return kind, title, link, file and whether it holds data of persons, or nothing when no evidence was given."""
        said = self.cleaned_data
        if not said["evidence_url"] and not said["evidence_file"]:
            return None
        return {
            "kind": said["evidence_kind"],
            "title": said["evidence_title"],
            "url": said["evidence_url"],
            "stored": said["evidence_file"],
            "personal": said["evidence_personal"],
        }

    def _clean_evidence(self) -> None:
        wrong = self.errors
        self.clean_place()
        if not self.cleaned_data.get("evidence_kind") and "evidence_kind" not in wrong:
            self.add_error("evidence_kind", _("Choose what kind of evidence this is."))
        if not self.cleaned_data.get("evidence_title") and "evidence_title" not in wrong:
            self.add_error("evidence_title", _("Write in a few words what the evidence shows."))


class OtherFileForm(FilePlace):
    """Another file or link in the place of one that is there."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        """Say what is missing."""
        self.clean_place()
        return self.cleaned_data


class RedactedForm(forms.Form):
    """The copy without data of persons."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    evidence_upload = upload_field(gettext_lazy("Copy without names, numbers and faces"))
    evidence_file = KeptFileField()


class FactsForm(forms.ModelForm[Evidence]):
    """What a piece of evidence is: kind, number, date, issuer, years, page, until when it holds, who may open it."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)

    use_required_attribute = False

    class Meta:
        model = Evidence
        fields = (
            "kind", "title", "number", "dated_on", "issuer", "owner", "first_year", "last_year", "page", "summary",
            "valid_until", "confidentiality",
        )  # fmt: skip
        field_classes = dict.fromkeys(("title", "number", "issuer", "page", "summary"), PlainTextField)
        widgets = {
            "summary": forms.Textarea(attrs={"rows": 3}),
            "confidentiality": forms.RadioSelect,
            "dated_on": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            "valid_until": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        }
        help_texts = {
            "owner": gettext_lazy("Leave it empty when it is a document of the unit itself."),
            "valid_until": gettext_lazy("Leave it empty when it does not expire."),
            "page": gettext_lazy("Where to look, such as page 4 to 6."),
        }

    def __init__(self, *args: Any, units: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner = self.fields["owner"]
        if isinstance(owner, forms.ModelChoiceField):
            owner.choices = [("", "–"), *units]
        for name in ("first_year", "last_year"):
            field = self.fields[name]
            if isinstance(field, forms.IntegerField):
                field.validators += [MinValueValidator(1945), MaxValueValidator(2100)]

    def compare(self, stored: Evidence) -> None:
        """Say beside each field what somebody else stored meanwhile; sent once more, what stands here is kept."""
        renew(self, stored.version)
        self.add_error(
            None,
            _(
                "Somebody changed this evidence meanwhile. Yours stands below; save again to put it in the place of theirs."
            ),
        )
        for name, mine in list(self.cleaned_data.items()):
            theirs = getattr(stored, name)
            if name in self.Meta.fields and theirs != mine:
                label = getattr(stored, f"get_{name}_display", lambda value=theirs: value)()
                self.add_error(name, _("Stored meanwhile: %(value)s") % {"value": _shown(label)})

    def facts(self) -> EvidenceFacts:
        """Return what was said."""
        return EvidenceFacts(**{name: self.cleaned_data[name] for name in self.Meta.fields})


def _shown(value: Any) -> str:
    """Return a value in words; an empty one as a dash."""
    if isinstance(value, date):
        return date_format(value, "j F Y")
    return str(value) if value not in {None, ""} else "–"


class VaultFilter(forms.Form):
    """What narrows the vault."""

    q = forms.CharField(label=gettext_lazy("Words"), required=False, max_length=200)
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind of evidence"),
        required=False,
        choices=[("", gettext_lazy("All")), *EvidenceKind.choices],
    )
    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        required=False,
        choices=[
            ("", gettext_lazy("All")),
            ("expired", gettext_lazy("expired")),
            ("expiring", gettext_lazy("expires within 90 days")),
            ("personal", gettext_lazy("holds data of persons")),
            ("undated", gettext_lazy("without number or date")),
        ],
    )


class EvidenceForm(EvidenceFields):
    """Evidence that is added to an innovation."""

    evidence_required = True
