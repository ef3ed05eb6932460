"""A day is taken as the hint says it is written, in either language."""

from datetime import date

import pytest
from django import forms
from django.utils import translation

from tifa.core.forms import day_field
from tifa.dossiers.forms import DeadlineForm
from tifa.standards.forms import StepForm
from tifa.surveys.forms import WaveForm


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("typed", ["2026-11-24", "24-11-2026", "24/11/2026"])
def test_day_is_taken_as_it_is_written_here(language: str, typed: str) -> None:
    with translation.override(language):
        assert day_field("Hari").clean(typed) == date(2026, 11, 24)


@pytest.mark.parametrize(("form", "name"), [(DeadlineForm, "day"), (StepForm, "on"), (WaveForm, "starts_on")])
def test_forms_take_the_day_that_their_hint_names(form: type[forms.Form], name: str) -> None:
    with translation.override("en"):
        assert form.base_fields[name].clean("24-11-2026") == date(2026, 11, 24)


def test_what_is_missing_is_said_in_the_words_of_the_form() -> None:
    with pytest.raises(forms.ValidationError, match="Isi harinya"):
        day_field("Hari", required=True, missing="Isi harinya.").clean("")
