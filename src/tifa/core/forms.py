"""Form fields of the house."""

from typing import Any

from django import forms

from tifa.core.spreadsheets import clean_text


class PlainTextField(forms.CharField):
    """Text that goes out in a workbook and comes back as it was: one kind of line end, nothing unprintable."""

    def to_python(self, value: Any) -> str:
        """Return the text; a character that no workbook can hold is named and refused."""
        text = super().to_python(value)
        try:
            return clean_text(text or "")
        except ValueError as error:
            raise forms.ValidationError(str(error), code="unprintable") from error
