from collections import Counter
from datetime import date
from itertools import pairwise

import pytest

from tifa.demo.city import City, HandOffFacts, InnovationFacts, RoundFacts, load_city
from tifa.instruments import load_instrument, rubric

TODAY = date(2026, 11, 24)
BEFORE: dict[str, set[str | None]] = {
    "dilaporkan": {None, "dikembalikan"},
    "diverifikasi": {"dilaporkan"},
    "dikembalikan": {"dilaporkan", "diverifikasi"},
    "dipilih": {"diverifikasi", "ditahan"},
    "ditahan": {"diverifikasi", "dipilih"},
    "diteruskan": {"dipilih"},
    "diterima": {"diteruskan"},
    "ditolak": {"diteruskan", "diterima"},
    "finalis": {"diterima"},
}
# Which of trial and use have begun at a stage.
STARTS: dict[str, set[tuple[bool, bool]]] = {
    "inisiatif": {(False, False)},
    "uji coba": {(True, False)},
    "penerapan": {(True, True), (False, True)},
}


@pytest.fixture(scope="module")
def city() -> City:
    return load_city()


def chains(city: City) -> dict[str, list[HandOffFacts]]:
    found: dict[str, list[HandOffFacts]] = {row.code: [] for row in city.innovations}
    for step in city.handoffs:
        found[step.innovation].append(step)
    return found


def own_chains(city: City) -> dict[str, list[HandOffFacts]]:
    own = {row.code for row in city.own_innovations}
    return {code: steps for code, steps in chains(city).items() if code in own}


def marked(city: City, marking: str) -> list[InnovationFacts]:
    return [row for row in city.innovations if row.marking == marking]


def test_city_loads_equal_twice(city: City) -> None:
    assert load_city() == city


def test_units_are_those_of_the_code_list(city: City) -> None:
    kinds = Counter(unit.kind for unit in city.units if not unit.external)

    assert (kinds["distrik"], kinds["kelurahan"], kinds["kampung"]) == (5, 25, 14)
    assert (kinds["kota"], kinds["setda"], kinds["ortal"], kinds["puskesmas"]) == (1, 1, 1, 5)


def test_units_stand_after_their_parents(city: City) -> None:
    seen: set[str | None] = {None}
    for unit in city.units:
        assert unit.parent in seen, unit.code
        seen.add(unit.code)
    roots = {unit.code for unit in city.units if unit.parent is None and not unit.external}

    assert roots == {"91.71"}
    assert len(seen) == len(city.units) + 1


def test_unit_lies_below_the_distrik_of_its_code(city: City) -> None:
    places = [unit for unit in city.units if unit.kind in {"kelurahan", "kampung"}]

    assert all(unit.parent == unit.code.rsplit(".", 1)[0] for unit in places)
    assert all(("1" if unit.kind == "kelurahan" else "2") == unit.code[9] for unit in places)


def test_two_units_named_waena_differ(city: City) -> None:
    waena = {unit.code: unit for unit in city.units if "Waena" in unit.aliases}

    assert {code: unit.name for code, unit in waena.items()} == {
        "91.71.05.1002": "Kelurahan Waena",
        "91.71.05.2005": "Kampung Waena",
    }
    assert "91.71.03.2013" in waena["91.71.05.2005"].aliases


def test_former_codes_are_nobody_elses_code(city: City) -> None:
    codes = {unit.code for unit in city.units}
    aliases = [alias for unit in city.units for alias in unit.aliases]

    assert codes.isdisjoint(aliases)
    assert {"91.71.02.1004", "91.71.02.1009", "91.71.02.1010", "91.71.03.2013"} <= set(aliases)


def test_city_has_75_innovations_of_its_own(city: City) -> None:
    assert len(city.own_innovations) == 75
    assert len({row.code for row in city.innovations}) == len(city.innovations)
    assert len({row.title for row in city.innovations}) == len(city.innovations)


def test_innovations_use_the_words_of_the_workbook(city: City) -> None:
    units = {unit.code for unit in city.units}

    assert {row.unit for row in city.innovations} <= units
    assert {row.function for row in city.innovations} == {"pelayanan", "pengaturan", "pengawasan"}
    assert {row.stage for row in city.innovations} == {"inisiatif", "uji coba", "penerapan"}
    assert {row.source for row in city.innovations} == {"laporan", "temuan"}
    assert {row.marking for row in city.innovations} == {"nyata", "contoh"}


def test_innovations_fit_the_registry(city: City) -> None:
    for row in city.innovations:
        assert len(row.title) <= 200, row.code
        assert len(row.affairs) <= 120, row.code
        assert len(row.initiator or "") <= 120, row.code
        assert len(row.source_url or "") <= 500, row.code
        assert row.affairs, row.code
        assert row.service, row.code


def test_stages_and_dates_agree(city: City) -> None:
    for row in marked(city, "contoh"):
        starts = (row.trial_started is not None, row.use_started is not None)
        assert starts in STARTS[row.stage], row.code
        dates = [day for day in (row.trial_started, row.use_started) if day]
        assert dates == sorted(dates), row.code
        assert all(date(2014, 1, 1) <= day < date(2026, 11, 1) for day in dates), row.code


def test_real_innovations_name_their_source(city: City) -> None:
    real = marked(city, "nyata")

    assert len(real) == 20
    assert all((row.source_url or "").startswith(("http://", "https://")) for row in real)
    assert all(row.source_note for row in real)


def test_composed_innovations_say_so_and_claim_no_number(city: City) -> None:
    composed = marked(city, "contoh")

    assert all(row.source_note.startswith("Contoh") for row in composed)
    assert all("disusun untuk peragaan" in row.source_note for row in composed)
    assert all(row.source_url is None for row in composed)
    assert not [row.code for row in composed if any(sign.isdigit() for sign in row.summary)]
    assert not [row.code for row in composed if not 2 <= row.summary.count(".") <= 3]


def test_many_units_have_no_innovation(city: City) -> None:
    with_one = {row.unit for row in city.own_innovations}
    own = {unit.code for unit in city.units if not unit.external}

    assert 20 <= len(own - with_one) < len(own) / 2


def test_steps_name_innovations_and_stand_in_order(city: City) -> None:
    assert {step.innovation for step in city.handoffs} <= {row.code for row in city.innovations}
    assert all(earlier.on <= later.on for earlier, later in pairwise(city.handoffs))
    assert city.handoffs[-1].on <= date(2026, 11, 20)


def test_chains_of_the_city_follow_the_rules(city: City) -> None:
    for code, steps in own_chains(city).items():
        before: HandOffFacts | None = None
        for step in steps:
            assert (before.step if before else None) in BEFORE[step.step], code
            assert before is None or before.on < step.on, code
            before = step


def test_report_comes_after_the_start(city: City) -> None:
    first = {code: steps[0].on for code, steps in own_chains(city).items() if steps}
    starts = {row.code: row.use_started or row.trial_started for row in city.own_innovations}

    assert not [code for code, on in first.items() if (start := starts[code]) and on < start]


def test_step_gives_what_it_needs(city: City) -> None:
    for step in city.handoffs:
        if step.step in {"dikembalikan", "ditahan", "ditolak"}:
            assert step.reason, step
        if step.step == "ditahan":
            assert step.due, step
        if step.step == "diteruskan":
            assert (step.letter or "").startswith("CONTOH/"), step
        assert step.due is None or step.due > step.on, step


def test_parties_are_units_or_offices(city: City) -> None:
    names = {unit.name for unit in city.units} | {"Bagian Organisasi", "Kementerian PANRB"}

    assert {party for step in city.handoffs for party in (step.from_party, step.to_party)} <= names


def test_every_kind_of_gap_appears(city: City) -> None:
    last = Counter(steps[-1].step if steps else None for steps in own_chains(city).values())

    assert last == {
        None: 27,
        "dilaporkan": 10,
        "dikembalikan": 5,
        "diverifikasi": 15,
        "ditahan": 3,
        "dipilih": 8,
        "diteruskan": 3,
        "diterima": 2,
        "ditolak": 1,
        "finalis": 1,
    }


def test_few_were_ever_forwarded(city: City) -> None:
    forwarded = [step for step in city.handoffs if step.step == "diteruskan"]

    assert len(forwarded) == 7


def test_some_reports_are_overdue_and_some_are_not(city: City) -> None:
    (days,) = (level.days for level in city.service_levels if level.kind == "unverified")
    waiting = [steps[-1] for steps in own_chains(city).values() if steps and steps[-1].step == "dilaporkan"]
    overdue = [step for step in waiting if (TODAY - step.on).days > days]

    assert (len(overdue), len(waiting)) == (6, 10)


def test_real_innovations_have_only_steps_with_a_source(city: City) -> None:
    real = {row.code for row in marked(city, "nyata")}
    steps = [step for step in city.handoffs if step.innovation in real]

    assert {step.step for step in steps} == {"penghargaan"}
    assert all("(" in (step.reason or "") for step in steps)
    assert {step.innovation for step in steps} == {"EXT-2015-001", "EXT-2018-001"}


def test_awards_are_real_only(city: City) -> None:
    composed = {row.code for row in marked(city, "contoh")}

    assert not [step for step in city.handoffs if step.step == "penghargaan" and step.innovation in composed]


def test_nil_reports_come_from_units_that_reported_nothing(city: City) -> None:
    units = {unit.code for unit in city.units}
    unit_of = {row.code: row.unit for row in city.innovations}
    reported = {
        (unit_of[step.innovation], step.on.year) for step in city.handoffs if step.step == "dilaporkan"
    }

    assert len(city.nil_reports) == 6
    assert {row.unit for row in city.nil_reports} <= units
    assert reported.isdisjoint((row.unit, row.year) for row in city.nil_reports)
    assert all(row.note.startswith("Contoh") and row.on.year == row.year for row in city.nil_reports)


def test_service_levels_are_the_citys_and_one_distriks(city: City) -> None:
    levels = {(level.unit, level.kind) for level in city.service_levels}
    kinds = {"unreported", "unverified", "returned", "undecided", "unforwarded", "unreceipted"}

    assert {kind for unit, kind in levels if unit == "91.71"} == kinds
    assert {kind for unit, kind in levels if unit == "91.71.04"} == {"unreported", "returned"}
    assert len(levels) == len(city.service_levels)


def test_accounts_cover_every_role(city: City) -> None:
    units = {unit.code for unit in city.units}

    assert Counter(account.role for account in city.accounts) == {
        "operator": 1,
        "head": 1,
        "ortal": 1,
        "judge": 3,
        "leader": 1,
        "auditor": 1,
        "administrator": 1,
    }
    assert {account.unit for account in city.accounts} <= units
    assert all(account.email.endswith("@contoh.invalid") for account in city.accounts)


def entry_days(city: City, round_: RoundFacts) -> list[bool]:
    verified = {step.innovation: step.on for step in city.handoffs if step.step == "diverifikasi"}
    return [verified[entry] <= round_.opened for entry in round_.entries]


def test_rounds_judge_verified_innovations(city: City) -> None:
    closed, running = city.rounds

    assert (closed.code, closed.closed, closed.published) == ("PUTARAN-2025", date(2025, 11, 21), True)
    assert (running.code, running.closed, running.published) == ("PUTARAN-2026", None, False)
    assert all(entry_days(city, closed) + entry_days(city, running))


def test_round_refers_to_its_own_panel_and_to_accounts(city: City) -> None:
    accounts = {account.email: account.name for account in city.accounts if account.role == "judge"}

    for round_ in city.rounds:
        judges = {judge.name for judge in round_.judges}
        assert {row.judge for row in round_.conflicts} | {row.judge for row in round_.sheets} <= judges
        entries = {row.entry for row in round_.conflicts} | {row.entry for row in round_.sheets}
        assert entries <= set(round_.entries)
        assert all(accounts[judge.account] == judge.name for judge in round_.judges if judge.account)


def test_closed_round_is_complete_but_for_conflicts(city: City) -> None:
    closed = city.rounds[0]
    pairs = {(sheet.entry, sheet.judge) for sheet in closed.sheets}
    conflicts = {(conflict.entry, conflict.judge) for conflict in closed.conflicts}

    assert len(conflicts) == 3
    assert pairs | conflicts == {(entry, judge.name) for entry in closed.entries for judge in closed.judges}
    assert pairs.isdisjoint(conflicts)
    assert all(sheet.submitted for sheet in closed.sheets)


def test_sheets_score_the_sections_of_the_instrument(city: City) -> None:
    for round_ in city.rounds:
        sections = [section.id for section in rubric(load_instrument(round_.instrument)).sections]
        assert len(sections) == 8
        for sheet in round_.sheets:
            filled = [score.section for score in sheet.scores]
            assert filled == sections[: len(filled)]
            assert sheet.submitted == (filled == sections)


def test_scores_are_numbers_or_states(city: City) -> None:
    scores = [score for round_ in city.rounds for sheet in round_.sheets for score in sheet.scores]

    assert all((score.value is None) == (score.state == "not_assessable") for score in scores)
    assert all(0 <= score.value <= 100 for score in scores if score.value is not None)
    assert all(score.note for score in scores if score.state == "not_assessable")
    assert sum(score.state == "not_assessable" for score in scores) == 4
    assert sum(bool(score.note) for score in scores if score.state == "scored") == 16


def test_running_round_is_partly_filled(city: City) -> None:
    running = city.rounds[1]
    submitted = Counter(sheet.judge for sheet in running.sheets if sheet.submitted)
    drafts = Counter(sheet.judge for sheet in running.sheets if not sheet.submitted)

    assert submitted == {"Penilai 1": 5, "Penilai 2": 2}
    assert drafts == {"Penilai 1": 1, "Penilai 2": 1, "Penilai 3": 1}


def test_judges_differ_in_severity(city: City) -> None:
    values: dict[str, list[float]] = {}
    for sheet in city.rounds[0].sheets:
        values.setdefault(sheet.judge, []).extend(float(s.value) for s in sheet.scores if s.value is not None)
    means = {judge: sum(found) / len(found) for judge, found in values.items()}

    assert sorted(means, key=lambda judge: -means[judge]) == [
        "Penilai 1",
        "Penilai 2",
        "Penilai 4",
        "Penilai 3",
    ]
    assert means["Penilai 1"] - means["Penilai 3"] > 8


def test_selection_follows_the_closed_round(city: City) -> None:
    closed = city.rounds[0]
    totals: dict[str, list[float]] = {}
    for sheet in closed.sheets:
        totals.setdefault(sheet.entry, []).extend(float(s.value) for s in sheet.scores if s.value is not None)
    means = {entry: sum(found) / len(found) for entry, found in totals.items()}
    selected = {step.innovation for step in city.handoffs if step.step == "dipilih"} & set(closed.entries)

    assert len(selected) == 9
    assert min(means[entry] for entry in selected) > max(means[entry] for entry in means.keys() - selected)
