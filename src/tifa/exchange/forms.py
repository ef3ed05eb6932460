"""The form that takes a workbook."""

from pathlib import PurePath
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tifa.core.downloads import WORKBOOK_TYPE
from tifa.core.files import ACCEPTED, CheckedFile, RefusedFile, check_upload
from tifa.core.forms import UploadInput

WORKBOOKS = {".xlsx": ACCEPTED[".xlsx"]}


class WorkbookForm(forms.Form):
    """One Excel file; ``checked`` says what it is after a clean."""

    workbook = forms.FileField(
        label=gettext_lazy("Workbook"),
        help_text=gettext_lazy(
            "An Excel file (.xlsx) with the sheets Unit, Inovasi, Penerusan, Putaran and Nilai."
        ),
        widget=UploadInput(f".xlsx,{WORKBOOK_TYPE}"),
        allow_empty_file=True,
    )
    checked: CheckedFile

    def clean_workbook(self) -> "UploadedFile[Any]":
        """Look at what the file really is."""
        upload: UploadedFile[Any] = self.cleaned_data["workbook"]
        if PurePath(upload.name or "").suffix.lower() != ".xlsx":
            raise ValidationError(
                _(
                    "“%(name)s” is not an Excel workbook. Save it as “Excel Workbook (.xlsx)”, then choose it again."
                )
                % {"name": PurePath(upload.name or "").name[-100:]}
            )
        try:
            self.checked = check_upload(upload, WORKBOOKS)
        except RefusedFile as refusal:
            raise ValidationError(str(refusal)) from refusal
        return upload
