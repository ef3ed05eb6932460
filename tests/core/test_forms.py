"""Texts that people type."""

from typing import Any

import pytest
from django import forms
from django.utils import translation

from tifa.core.forms import PlainTextField, UploadInput


def test_typed_text_comes_back_from_a_workbook_as_it_was() -> None:
    assert PlainTextField().clean(" one\r\ntwo\rthree ") == "one\ntwo\nthree"


def test_unprintable_character_is_named() -> None:
    with pytest.raises(forms.ValidationError, match="nomor 11, di tempat ke-4"):
        PlainTextField().clean("abc\x0bdef")


def test_missing_text_of_an_optional_field_is_empty() -> None:
    assert PlainTextField(required=False).clean(None) == ""


def test_line_ends_of_browsers_do_not_count_twice() -> None:
    assert PlainTextField(max_length=3).clean("a\r\nb") == "a\nb"


def test_field_for_a_file_carries_its_limit_and_a_sentence(settings: Any) -> None:
    settings.UPLOAD_MAX_BYTES = 3 * 2**20

    with translation.override("en"):
        tag = UploadInput(".pdf").render("file", None)

    assert 'accept=".pdf" data-limit="3145728"' in tag
    assert "has more than 3 MB, so it was not chosen" in tag
