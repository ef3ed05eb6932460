"""Who may enter: age, window, earlier awards, attachments; what no source tells stays unknown."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.dossiers.making import checked, proposal, states
from tifa.core.clock import months_after

KIPP_2019 = {"title": "Perahu Sehat", "category": "kesehatan", "goals": [3], "awards": []}


def test_a_proposal_that_breaks_no_rule_may_enter() -> None:
    check = checked(proposal())

    assert check.eligible
    assert check.closing == date(2023, 5, 6)
    # The minimum age of 2023 could not be read: it is neither met nor failed.
    assert states(check)["umur_minimum"] == "unknown"


@pytest.mark.parametrize(
    ("started", "closing", "state"),
    [
        ("2020-05-06", date(2022, 5, 6), "met"),
        ("2020-05-07", date(2022, 5, 6), "failed"),
        ("2020-02-29", date(2022, 2, 28), "met"),
        ("2020-02-29", date(2022, 2, 27), "failed"),
    ],
)
def test_age_is_counted_back_from_the_closing_day(started: str, closing: date, state: str) -> None:
    check = checked({"use_started": started}, "kipp-2020", closing)

    # KIPP 2020 asks for twelve months, so two years always suffice; 2022 asks for twenty-four.
    assert states(check)["umur_minimum"] == "met"
    later = checked({"use_started": started, "category": None}, "kipp-2021", closing)
    assert states(later)["umur_minimum"] == state


def test_a_moved_deadline_decides_anew_and_the_first_good_day_is_told() -> None:
    early = checked({"use_started": "2021-03-01"}, "kipp-2021", date(2023, 2, 28))
    late = checked({"use_started": "2021-03-01"}, "kipp-2021", date(2023, 3, 1))

    (failed,) = [one for one in early.verdicts if one.id == "umur_minimum"]
    assert (failed.state, failed.eligible_from) == ("failed", date(2023, 3, 1))
    assert states(late)["umur_minimum"] == "met"


def test_a_shorter_age_counts_only_in_the_case_that_a_person_sees() -> None:
    assert (
        states(checked({"use_started": "2021-01-01"}, "kipp-2022", date(2022, 4, 16)))["umur_minimum"]
        == "judged"
    )
    assert (
        states(checked({"use_started": "2021-06-01"}, "kipp-2022", date(2022, 4, 16)))["umur_minimum"]
        == "failed"
    )


@pytest.mark.parametrize(
    ("awards", "terpuji", "top99"),
    [
        (None, "unknown", "unknown"),
        ([], "met", "met"),
        ([{"award": "top99", "year": 2021}], "met", "met"),
        ([{"award": "top99", "year": 2020}, {"award": "top99", "year": 2021}], "met", "failed"),
        ([{"award": "terpuji"}], "failed", "met"),
    ],
)
def test_earlier_awards_decide(awards: list[object] | None, terpuji: str, top99: str) -> None:
    found = states(checked(proposal(awards=awards)))

    assert (found["belum_terpuji"], found["belum_dua_kali_top99"]) == (terpuji, top99)
    assert "pernah_terpuji" not in found


@pytest.mark.parametrize(
    ("award", "state"),
    [
        ({"award": "terpuji", "year": 2021}, "met"),
        ({"award": "terpuji", "year": 2022}, "failed"),
        ({"award": "terpuji"}, "unknown"),
    ],
)
def test_the_special_group_asks_for_an_award_of_its_years(award: dict[str, object], state: str) -> None:
    check = checked(proposal(group="khusus", awards=[award], items={}))

    assert states(check)["pernah_terpuji"] == state
    assert states(check)["bukan_oapsi"] == "met"


@pytest.mark.parametrize(
    ("started", "state"),
    [("2024-01-01", "met"), ("2025-12-31", "met"), ("2026-01-01", "failed"), ("2023-12-31", "judged")],
)
def test_a_window_of_first_use(started: str, state: str) -> None:
    assert states(checked({"use_started": started}, "iga-2026"))["jendela_penerapan"] == state


def test_what_a_form_asks_for_must_be_there() -> None:
    check = checked(proposal(category=None, goals=[], attachments=["video"]))

    failed = {verdict.id for verdict in check.verdicts if verdict.state == "failed"}
    assert failed == {
        "category",
        "goals",
        "attachment:pernyataan_implementasi",
        "attachment:pernyataan_identitas",
        "attachment:pernyataan_replikasi",
    }
    assert not check.eligible


def test_nobody_may_enter_an_edition_that_did_not_take_place() -> None:
    assert states(checked({}, "kipp-2024"))["cancelled"] == "failed"


@given(st.dates(date(1950, 1, 1), date(2100, 1, 1)), st.integers(0, 240))
def test_months_are_whole_months(day: date, months: int) -> None:
    after = months_after(day, months)

    assert (after.year - day.year) * 12 + after.month - day.month == months
    assert after.day == day.day or (after.day < day.day and (after + timedelta(days=1)).day == 1)
