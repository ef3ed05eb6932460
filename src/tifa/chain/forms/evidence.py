"""One piece of evidence: a file or a link, what it is, and what it shows."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.validators import URLValidator
from django.db.models import QuerySet
from django.forms.utils import ErrorDict
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tifa.core.files import ACCEPTED
from tifa.core.forms import PlainTextField, UploadInput
from tifa.core.models import StoredFile
from tifa.registry.choices import EvidenceKind

EVIDENCE_NAMES = ("evidence_kind", "evidence_title", "evidence_url", "evidence_file")
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
        widget=UploadInput(",".join(ACCEPTED)),
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


class EvidenceFields(forms.Form):
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
    evidence_url = link_field(gettext_lazy("Link to the evidence"), gettext_lazy("A link instead of a file."))
    evidence_upload = upload_field(gettext_lazy("File of the evidence"))
    evidence_file = KeptFileField()

    use_required_attribute = False
    evidence_required = False

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

    def clean(self) -> dict[str, Any]:
        """Say what is missing of the evidence."""
        said = self.cleaned_data
        link, kept = said.get("evidence_url"), said.get("evidence_file")
        if self.evidence_required or any(said.get(name) for name in EVIDENCE_NAMES):
            self._clean_evidence(link, kept)
        return said

    def evidence(self) -> dict[str, Any] | None:
        """Return kind, title, link and file, or nothing when no evidence was given."""
        said = self.cleaned_data
        if not said["evidence_url"] and not said["evidence_file"]:
            return None
        return {
            "kind": said["evidence_kind"],
            "title": said["evidence_title"],
            "url": said["evidence_url"],
            "stored": said["evidence_file"],
        }

    def _clean_evidence(self, link: str | None, kept: StoredFile | None) -> None:
        wrong = self.errors
        if link and kept:
            self.add_error(
                "evidence_url",
                _(
                    "Give either a file or a link. The second one can be added afterwards as evidence of its own."
                ),
            )
        elif not link and not kept and not {"evidence_url", "evidence_file"} & set(wrong):
            self.add_error("evidence_url", _("Give a link, or choose a file below."))
        if not self.cleaned_data.get("evidence_kind") and "evidence_kind" not in wrong:
            self.add_error("evidence_kind", _("Choose what kind of evidence this is."))
        if not self.cleaned_data.get("evidence_title") and "evidence_title" not in wrong:
            self.add_error("evidence_title", _("Write in a few words what the evidence shows."))


class EvidenceForm(EvidenceFields):
    """Evidence that is added to an innovation."""

    evidence_required = True
