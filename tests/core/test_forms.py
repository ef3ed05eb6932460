"""Texts that people type."""

import pytest
from django import forms

from tifa.core.forms import PlainTextField


def test_typed_text_comes_back_from_a_workbook_as_it_was() -> None:
    assert PlainTextField().clean(" one\r\ntwo\rthree ") == "one\ntwo\nthree"


def test_unprintable_character_is_named() -> None:
    with pytest.raises(forms.ValidationError, match="nomor 11, di tempat ke-4"):
        PlainTextField().clean("abc\x0bdef")


def test_missing_text_of_an_optional_field_is_empty() -> None:
    assert PlainTextField(required=False).clean(None) == ""


def test_line_ends_of_browsers_do_not_count_twice() -> None:
    assert PlainTextField(max_length=3).clean("a\r\nb") == "a\nb"
