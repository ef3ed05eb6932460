"""What the tags and filters of every template print."""

from decimal import Decimal

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template, TemplateSyntaxError
from django.test import RequestFactory
from django.utils import translation

from tifa.core.templatetags import tifa


def rendered(source: str, **context: object) -> str:
    return Template(source).render(Context(context))


def test_capture_keeps_text_for_later() -> None:
    assert rendered("{% capture kept %}<b>a</b>{% endcapture %}[{{ kept }}]") == "[<b>a</b>]"


def test_capture_without_name_is_refused() -> None:
    with pytest.raises(TemplateSyntaxError, match="capture takes one name"):
        Template("{% capture %}{% endcapture %}")


def test_first_heading_is_words_only() -> None:
    assert tifa.first_heading('<p>x</p><h1 class="a">\n A &amp; <b>B</b></h1><h1>C</h1>') == "A &amp; B"


def test_badge_escapes_and_falls_back_to_neutral() -> None:
    assert tifa.badge("odd", "<i>") == '<span class="badge neutral">&lt;i&gt;</span>'


def test_query_string_replaces_and_removes() -> None:
    request = RequestFactory().get("/", {"q": "air & api", "page": "2", "unit": "1"})

    link = rendered("{% query_string page=3 unit=None %}", request=request)

    assert link == "?q=air+%26+api&amp;page=3"


def test_query_string_works_without_request() -> None:
    assert rendered("{% query_string page=3 %}") == "?page=3"


@pytest.mark.parametrize(
    ("part", "whole", "width"),
    [(1, 3, "33.3%"), (5, 2, "100.0%"), (None, 3, "0%"), (3, 0, "0%"), (-1, 3, "0.0%")],
)
def test_share_is_a_width_in_every_language(part: object, whole: object, width: str) -> None:
    with translation.override("id"):
        assert tifa.share(part, whole) == width


@pytest.mark.parametrize(("language", "text"), [("id", "1.284,50"), ("en", "1,284.50")])
def test_number_follows_the_language(language: str, text: str) -> None:
    with translation.override(language):
        assert tifa.number(Decimal("1284.5"), 2) == text


def test_missing_values_are_a_word() -> None:
    with translation.override("en"):
        shown = [tifa.dash(None), tifa.dash(""), tifa.number(None), tifa.percent(1, 0), tifa.percent(None)]

    assert shown == ['<span class="unknown">unknown</span>'] * 5


def test_zero_is_a_number() -> None:
    assert (tifa.dash(0), tifa.number(0), tifa.percent(0, 4)) == (0, "0", "0%")


def test_percent_rounds_half_up() -> None:
    assert (tifa.percent(1, 8), tifa.percent(Decimal("44.5"))) == ("13%", "45%")


def test_page_window_leaves_out_the_middle() -> None:
    page = Paginator(range(100), 10).page(5)

    assert tifa.page_window(page) == [1, "…", 4, 5, 6, "…", 10]


class ReturnForm(forms.Form):
    shows_when = {"reason": "decision=return|refuse"}

    decision = forms.ChoiceField(choices=[("return", "Return")], widget=forms.RadioSelect)
    reason = forms.CharField(help_text="Read by the unit.")


def test_field_links_hint_and_error_to_its_control() -> None:
    form = ReturnForm({}, prefix="x")

    page = rendered('{% include "core/field.html" with field=form.reason %}', form=form)

    assert 'aria-describedby="id_x-reason_helptext id_x-reason_error"' in page
    assert 'id="id_x-reason_helptext"' in page
    assert 'id="id_x-reason_error"' in page
    assert 'data-shows-when="x-decision=return|refuse"' in page


def test_form_summary_links_to_each_field() -> None:
    page = rendered('{% include "core/form.html" %}', form=ReturnForm({}))

    assert 'href="#id_decision"' in page
    assert '<fieldset class="field wrong" id="id_decision"' in page
    assert 'href="#id_reason"' in page
