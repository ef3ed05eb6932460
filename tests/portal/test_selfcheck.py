"""Anybody answers a standard: the result is that of the engine, bad input is kept, nothing is stored."""

import io
import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader
from pytest_django import DjangoAssertNumQueries

from tests.whole.html import faults_of
from tifa.instruments import list_instruments, load_instrument, score
from tifa.portal.forms.selfcheck import SelfCheckForm
from tifa.portal.selectors.outcomes import elsewhere, told
from tifa.portal.selectors.selfcheck import checks_of, chosen_check
from tifa.portal.selectors.standards import checkable

SKM, IGA, KIPP = "skm-2017", "iga-2026", "kipp-2023"
DAY = date(2026, 11, 24)
MEANS = {
    "persyaratan": "3.868",
    "prosedur": "3,67",
    "waktu": "3.758",
    "biaya": "3.879",
    "produk": "3.879",
    "kompetensi": "3.868",
    "perilaku": "3.835",
    "sarana": "3.549",
    "pengaduan": "3.725",
}
CHECKABLE = [one.id for one in list_instruments() if checkable(load_instrument(one.id))]


def skm(**more: str) -> dict[str, str]:
    return {f"j-{name}-mean": value for name, value in MEANS.items()} | more


def send(client: Client, instrument_id: str, data: dict[str, Any]) -> Any:
    return client.post(reverse("portal:self_check", args=[instrument_id]), data)


def page_of(response: Any, status: int = 200) -> str:
    assert response.status_code == status
    page = str(response.content.decode())
    assert faults_of(page) == []
    return page


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("instrument_id", CHECKABLE)
def test_every_form_of_every_standard_is_a_valid_page(
    visitor: Client, instrument_id: str, language: str
) -> None:
    visitor.cookies["tifa_language"] = language
    url = reverse("portal:self_check", args=[instrument_id])

    for check in checks_of(load_instrument(instrument_id)):
        page = page_of(visitor.get(url, check.query))
        form = SelfCheckForm(check=check)
        missing = [field.html_name for field in form if f'name="{field.html_name}"' not in page]
        assert missing == []


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("instrument_id", CHECKABLE)
def test_first_answers_of_every_standard_give_a_valid_page(
    visitor: Client, instrument_id: str, language: str
) -> None:
    visitor.cookies["tifa_language"] = language

    for check in checks_of(load_instrument(instrument_id)):
        given = {field.html_name: _example(field) for field in SelfCheckForm(check=check)}
        page_of(send(visitor, instrument_id, {**check.query, **given}))


def _example(field: Any) -> str:
    """Return an answer: the first choice, and the smallest number where only a number can be given."""
    if field.widget_type == "radioselect":
        return str(field.field.choices[0][0])
    if field.name.endswith(("-number", "-mean", "-score")):
        return ""
    return "1"


def test_result_is_that_of_the_engine(visitor: Client) -> None:
    page = page_of(send(visitor, SKM, skm()))

    outcome = score(load_instrument(SKM), {"items": MEANS}, on=DAY)
    assert outcome.result is not None
    assert outcome.result.shown == Decimal("94.53")
    assert "<dd>94.53</dd>" in page
    assert "<dd>A, Very good</dd>" in page
    assert '<span class="badge ok">final</span>' in page
    assert "Exactly 94.53055555…; shown with 2 decimals, half up." in page


def test_every_value_of_the_explanation_stands_in_the_page(visitor: Client) -> None:
    page = page_of(send(visitor, SKM, skm()))

    explained = page[page.index('<details class="explain" open') :]
    for value in ("3.868", "3.67", "0.4298", "94.5306"):
        assert f">{value}</td>" in explained


def test_other_ways_to_compute_stand_beside_the_result(visitor: Client) -> None:
    page = page_of(send(visitor, SKM, skm()))

    others = page[page.index("<h2>Other ways to compute") :].split("</section>")[0]
    assert "A weight of 0.111 for each element" in others
    assert re.findall(r'data-label="Would be">([\d.]+)', others) == ["94.44", "93.59"]
    assert re.findall(r'data-label="Difference">(.\d+\.\d+)', others) == ["−0.09", "−0.94"]


def test_next_steps_name_the_band_above_and_what_each_answer_adds(visitor: Client) -> None:
    answers = {f"j-{name}": "3" for name in MEANS}

    page = page_of(send(visitor, SKM, answers))

    assert "The next band is “B, Good”; 1.61 is missing for it." in page
    assert page.count("+2.7778") == 9
    assert page.count('<span class="badge ok">enough</span>') == 9


def test_most_ten_steps_are_shown() -> None:
    instrument = load_instrument(IGA)
    (check,) = checks_of(instrument)
    answers = {item.id: {"level": 1} for item in check.items if item.kind == "choice" and not item.bases}

    shown = told(check, score(instrument, check.values(answers), on=DAY))

    assert len(shown.advice) == 10
    assert shown.more_advice > 0
    assert [one.gain for one in shown.advice] == sorted((one.gain for one in shown.advice), reverse=True)
    assert shown.proofs


def test_bad_input_is_said_at_its_field_and_everything_typed_is_kept(visitor: Client) -> None:
    page = page_of(send(visitor, SKM, skm(**{"j-waktu-mean": "7", "j-biaya": "2"})), 422)

    assert 'href="#id_j-waktu-mean"' in page
    assert "Found “7”; expected a number from 1 to 4." in page
    assert 'href="#id_j-biaya-mean"' in page
    assert "Found “2 / 3.879”" in page
    for value in (*MEANS.values(), "7"):
        assert f'value="{value}"' in page or value == MEANS["waktu"]
    assert re.search(r'name="j-biaya" value="2"[^>]*checked', page)


def test_nothing_answered_is_said(visitor: Client) -> None:
    page = page_of(send(visitor, SKM, {}), 422)

    assert "Nothing is answered yet." in page


@pytest.mark.parametrize("instrument_id", CHECKABLE)
def test_form_that_was_only_sent_has_no_result(visitor: Client, instrument_id: str) -> None:
    for check in checks_of(load_instrument(instrument_id)):
        page = page_of(send(visitor, instrument_id, dict(check.query)), 422)

        assert "Nothing is answered yet." in page


def test_mark_that_nobody_made_is_not_answered() -> None:
    (check,) = checks_of(load_instrument("sop-2012"))
    first, second, *_others = (item.id for item in check.items if item.kind == "check")

    form = SelfCheckForm({f"j-{first}": "true", f"j-{second}": "false"}, check=check)

    assert form.is_valid()
    assert form.answers() == {first: "true", second: "false"}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("kata " * 4001, "at most 20000"),
        ("_" * 501, "501 signs without a space"),
    ],
)
def test_text_that_would_take_long_or_cannot_be_is_refused(visitor: Client, text: str, sentence: str) -> None:
    page = page_of(send(visitor, KIPP, {"kelompok": "umum", "j-signifikansi": text}), 422)

    assert sentence in page


def test_a_choice_that_is_not_offered_is_refused(visitor: Client) -> None:
    page_of(send(visitor, SKM, {"j-waktu": "9"}), 422)


def test_nothing_is_stored_and_nothing_is_read(
    visitor: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        visitor.get(reverse("portal:self_check", args=[SKM]))
        send(visitor, SKM, skm(edisi="skm-2014"))
        send(visitor, SKM, skm(**{"j-waktu-mean": "7"}))

    assert settings.SESSION_COOKIE_NAME not in visitor.cookies


def test_groups_are_chosen_first(visitor: Client) -> None:
    url = reverse("portal:self_check", args=[KIPP])

    chooser = page_of(visitor.get(url))
    special = page_of(visitor.get(url, {"kelompok": "khusus"}))
    unknown = page_of(visitor.get(url, {"kelompok": "lain"}))

    assert 'href="?kelompok=umum"' in chooser
    assert "<textarea" not in chooser
    assert 'name="j-k_dampak"' in special
    assert 'name="j-signifikansi"' not in special
    assert 'href="?kelompok=umum"' in unknown


def test_words_are_counted_and_an_unknown_limit_stays_unknown(visitor: Client) -> None:
    answers = {"kelompok": "umum", "j-signifikansi": "kata " * 601, "j-kebaruan": "kata " * 601}

    page = page_of(send(visitor, KIPP, answers))

    assert '<span class="badge bad">1 too many</span>' in page
    assert '<span class="badge neutral">the limit is unknown</span>' in page
    assert '<span class="badge bad">no result</span>' in page


def test_member_of_a_collection_is_answered_alone_and_the_whole_is_pointed_to(visitor: Client) -> None:
    page = page_of(visitor.get(reverse("portal:self_check", args=[IGA])))

    assert "The result of the whole region also needs" in page
    assert f'href="{reverse("portal:guide")}"' in page
    assert 'name="j-visi_misi"' not in page


def test_level_may_be_chosen_by_one_of_several_ways() -> None:
    (check,) = checks_of(load_instrument(IGA))
    item = next(one for one in check.items if getattr(one, "bases", ()))
    first, second = (basis.id for basis in item.bases[:2])  # type: ignore[union-attr]  # it has bases

    def answers(**given: str) -> dict[str, Any]:
        form = SelfCheckForm({f"j-{item.id}-{name}": value for name, value in given.items()}, check=check)
        form.is_valid()
        return form.answers() | {"errors": list(form.errors)}

    assert answers(basis=first, **{first: "2"})[item.id] == {"level": "2", "basis": first}
    assert answers(**{first: "2"})[item.id] == {"level": "2", "basis": first}
    assert answers(basis=second, **{first: "2", second: "1"})[item.id] == {"level": "1", "basis": second}
    assert answers(**{first: "2", second: "1"})["errors"] == [f"{item.id}-basis"]


def test_same_answers_are_recomputed_under_another_edition(visitor: Client) -> None:
    page = page_of(send(visitor, SKM, skm(edisi="skm-2014", aksi="banding")))

    there = score(load_instrument("skm-2014"), {"items": _carried("skm-2014")}, on=DAY).result
    assert there is not None
    lain = page[page.index('id="edisi-lain"') :].split("</section>")[0]
    assert "8 answers fit there." in lain
    assert "“Facilities”: there is no such item." in lain
    assert f"<dd>{'–' if there.shown is None else there.shown}</dd>" in lain
    assert '<option value="skm-2014" selected>' in page


def _carried(instrument_id: str) -> dict[str, str]:
    known = {item.id for item in load_instrument(instrument_id).items}
    return {name: value for name, value in MEANS.items() if name in known}


def test_text_goes_to_an_edition_without_judges_scale_without_its_score() -> None:
    instrument = load_instrument(KIPP)
    check = chosen_check(checks_of(instrument), "umum", "")
    assert check is not None
    other = instrument.model_copy(update={"scale": None, "results": ()})
    answers = {"signifikansi": {"text": "satu dua", "score": "80"}}

    found = elsewhere(check, answers, other, DAY)

    assert found.told is not None
    assert [(one.label, one.words) for one in found.told.words] == [("Signifikansi", 2)]
    assert len(found.left_out) == 1


def test_questions_within_a_text_are_answered_one_by_one(visitor: Client) -> None:
    first, second = "j-adaptabilitas-q-sudah_direplikasi", "j-adaptabilitas-q-potensi"

    page = page_of(send(visitor, KIPP, {"kelompok": "umum", first: "kata " * 101, second: "kata " * 20}))

    assert "“Replicated or not and by whom” has 101 words; at most 100 are allowed" in page
    assert re.search(r'Adaptability</th><td class="num" data-label="Words">121<', page)


def test_answers_can_be_changed_without_typing_them_again(visitor: Client) -> None:
    result = page_of(send(visitor, SKM, skm()))

    hidden = dict(re.findall(r'<input type="hidden" name="(j-[^"]+)" value="([^"]*)">', result))
    form = page_of(send(visitor, SKM, {**hidden, "aksi": "ubah"}))

    assert hidden == skm()
    for name, value in hidden.items():
        assert re.search(rf'name="{name}" value="{value}"', form)


def test_result_is_printed_as_pdf(visitor: Client) -> None:
    response = send(visitor, SKM, skm(aksi="pdf"))

    reader = PdfReader(io.BytesIO(response.content))
    text = " ".join("".join(page.extract_text() for page in reader.pages).split())
    assert reader.metadata is not None
    assert reader.metadata.title == "Self-check: Public Satisfaction Survey (SKM) 2017"
    assert "94.53 · A, Very good" in text
    assert "A weight of 0.11 for each element" in text


@pytest.mark.parametrize("instrument_id", ["kipp-2024", "kipp-1999"])
def test_what_nobody_can_answer_is_not_found(visitor: Client, instrument_id: str) -> None:
    url = reverse("portal:self_check", args=[instrument_id])

    assert visitor.get(url).status_code == 404
    assert visitor.post(url).status_code == 404


def test_forged_forms_are_refused() -> None:
    client = Client(enforce_csrf_checks=True)

    assert send(client, SKM, skm()).status_code == 403
