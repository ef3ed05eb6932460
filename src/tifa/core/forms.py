"""Form fields of the house."""

from typing import Any

from django import forms
from django.conf import settings
from django.http import QueryDict
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy

from tifa.core.spreadsheets import clean_text

DATE_FORMATS = ["%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y"]


class PlainTextField(forms.CharField):
    """Text that goes out in a workbook and comes back as it was: one kind of line end, nothing unprintable."""

    def to_python(self, value: Any) -> str:
        """Return the text; a character that no workbook can hold is named and refused."""
        text = super().to_python(value)
        try:
            return clean_text(text or "")
        except ValueError as error:
            raise forms.ValidationError(str(error), code="unprintable") from error


class UploadInput(forms.FileInput):
    """A field for a file; the script says at once that one is too large, before a weak network carries it.

    With ``pieces``, an address that takes a file in pieces, the script sends a large file so, before the form.
    """

    def __init__(self, accept: str, pieces: Any = None) -> None:
        limit = settings.UPLOAD_MAX_BYTES
        sentence = gettext_lazy(
            "This file has more than {limit} MB, so it was not chosen. Make it smaller, then choose it again."
        )
        said = format_lazy(sentence, limit=limit // 2**20)
        attrs = {"accept": accept, "data-limit": limit, "data-too-large": said}
        if pieces is not None:
            attrs |= {
                "data-pieces": pieces,
                "data-sending": gettext_lazy("The file is on its way"),
                "data-waiting": gettext_lazy(
                    "The network is away. What arrived is safe; it goes on by itself when the network is back."
                ),
                "data-failed": gettext_lazy("The file could not be sent. Choose it again."),
            }
        super().__init__(attrs=attrs)


def day_field(
    label: Any, help_text: Any = "", *, required: bool = False, missing: Any = ""
) -> forms.DateField:
    """Return a field for a calendar day; ``missing`` is what to say when it is required and empty."""
    said = {"required": missing} if missing else {}
    return forms.DateField(
        label=label,
        help_text=help_text,
        required=required,
        input_formats=DATE_FORMATS,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={
            "invalid": gettext_lazy("This is not a date. Write it like 24-11-2026."),
            **said,
        },
    )


def renew(form: forms.BaseForm, version: int) -> None:
    """Let a form that is shown again name the version that lies there now."""
    if isinstance(form.data, QueryDict):
        data = form.data.copy()
        data["version"] = str(version)
        form.data = data
