"""What a careful reader would stumble over."""

import pytest

from tests.dossiers.making import SENTENCES, checked, kinds, proposal


def with_text(text: str, name: str = "implementasi") -> dict[str, object]:
    values = proposal()
    values["items"] = {**values["items"], name: text}
    return values


def test_a_careful_proposal_has_nothing_to_mend() -> None:
    assert kinds(checked(proposal())) == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Tuliskan di sini ...", "placeholder"),
        ("belum diisi", "placeholder"),
        ("Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor.", "placeholder"),
        (f"{' '.join(SENTENCES)} [nama OPD ....] {' '.join(SENTENCES[:2])}", "placeholder"),
        ("XXXX", "placeholder"),
        ("n/a", "placeholder"),
        ("-----", "no_content"),
        ("1234567890 12 34", "no_content"),
        ("aaaa aaaa aaaa", "no_content"),
        (SENTENCES[0], "too_short"),
    ],
)
def test_a_careless_answer_is_named(text: str, kind: str) -> None:
    assert (kind, "implementasi") in kinds(checked(with_text(text)))


@pytest.mark.parametrize(
    "text",
    [
        "Contoh baik dari kampung lain dipakai sejak awal. " + " ".join(SENTENCES),
        "Tes darah dan uji coba alat dilakukan di kapal. " + " ".join(SENTENCES),
        "Draf peraturan kampung disusun bersama warga (dua kali rapat). " + " ".join(SENTENCES),
        "Sebelumnya formulir belum diisi lengkap oleh pasien. " + " ".join(SENTENCES),
    ],
)
def test_words_of_drafts_inside_a_sentence_are_no_placeholder(text: str) -> None:
    assert kinds(checked(with_text(text))) == []


def test_an_answer_that_repeats_itself_another_one_or_the_question() -> None:
    again = checked(with_text(" ".join([SENTENCES[0]] * 6)))
    assert ("repeated_text", "implementasi") in kinds(again)

    values = proposal()
    values["items"]["sumber_daya"] = values["items"]["implementasi"].upper()
    (finding,) = checked(values).lint
    assert (finding.kind, finding.item, finding.found["same_as"]) == (
        "repeated_text",
        "sumber_daya",
        "implementasi",
    )

    question = "Gagasan dan keunggulannya: keunikan, nilai tambah, atau kebaruan."
    assert ("copied_question", "kebaruan") in kinds(checked(with_text(question, "kebaruan")))


@pytest.mark.parametrize(
    ("title", "found"),
    [
        ("PERAHU  SEHAT!", True),
        ("Sehat Perahu", True),
        ("Perahu Sehat Pulau Kosong", False),
        ("Antre dari Rumah", False),
    ],
)
def test_a_title_that_was_used_before(title: str, found: bool) -> None:
    assert kinds(checked(proposal(other_titles=[title]))) == ([("duplicate_title", None)] if found else [])


def test_a_claim_without_proof_is_named_with_what_is_asked_for() -> None:
    check = checked({"items": {"regulasi": {"level": 2, "proof": ["SK 12/2024"]}, "sdm": 2}}, "iga-2026")

    (finding,) = check.lint
    assert (finding.kind, finding.item) == ("no_proof", "sdm")
    assert finding.found["asked"] in finding.sentence


def test_the_lower_limit_of_an_edition_goes_before_our_own() -> None:
    # IGA 2026 asks for a design of at least 300 words.
    short = checked({"items": {"rancang_bangun": " ".join(SENTENCES)}}, "iga-2026")

    (finding,) = [one for one in short.lint if one.kind == "too_short"]
    assert finding.found["least"] == 300
