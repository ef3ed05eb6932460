"""The board, the leader's page, decisions on many, and the deadlines, as people use them."""

import io
from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse
from openpyxl import load_workbook
from pypdf import PdfReader

from tests.chain.conftest import Enter
from tests.conftest import TODAY
from tests.factories import Town, make_handoff, make_innovation, make_person, walk_chain
from tests.whole.html import faults_of
from tifa.chain.choices import DayCount, GapKind, Step
from tifa.chain.models import DecisionBatch, HandOff, HoldReason, Holiday, ServiceLevel
from tifa.chain.selectors.deadlines import offered_reasons, state_of_reasons
from tifa.chain.selectors.ledgers import Scope
from tifa.chain.services.publishing import publish_ledgers
from tifa.core.models import Event
from tifa.organisation.choices import Role
from tifa.organisation.models import Person
from tifa.registry.models import Innovation

DAY = date(2026, 3, 1)


def text_of(response: Any) -> str:
    return " ".join(response.content.decode().split())


def reported(town: Town, title: str = "Perahu Sehat") -> Innovation:
    return walk_chain(make_innovation(town.puskesmas, title=title), (Step.REPORTED, DAY))


def held(town: Town, until: date, title: str) -> Innovation:
    innovation = walk_chain(
        make_innovation(town.puskesmas, title=title), (Step.REPORTED, DAY), (Step.VERIFIED, DAY)
    )
    make_handoff(innovation, Step.HELD, DAY, reason="menunggu anggaran", due=until)
    return innovation


@pytest.mark.parametrize(
    ("name", "statements"), [("board", 9), ("brief", 11), ("flow", 7), ("deadlines", 6), ("holiday_list", 4)]
)
def test_statements_do_not_grow_with_the_rows(
    enter: Enter, ortal: Person, town: Town, django_assert_num_queries: Any, name: str, statements: int
) -> None:
    browser = enter(ortal)
    for rows in (1, 3):
        for number in range(rows):
            reported(town)
            make_innovation(town.kampung)
            held(town, TODAY, "Ditahan")
            Holiday.objects.create(day=date(2027, rows, number + 1), name="Libur")
        with django_assert_num_queries(statements):
            response = browser.get(reverse(f"chain:{name}"))
        assert response.status_code == 200
        assert faults_of(response.content.decode()) == []


def test_board_shows_each_holder_the_oldest_first(enter: Enter, ortal: Person, town: Town) -> None:
    walk_chain(make_innovation(town.puskesmas, title="Muda"), (Step.REPORTED, DAY + timedelta(days=9)))
    reported(town, "Tua")
    make_innovation(town.kampung, title="Belum dilaporkan")

    page = text_of(enter(ortal).get(reverse("chain:board")))

    assert page.index(">Tua<") < page.index(">Muda<") < page.index(">Belum dilaporkan<")
    assert "3 innovations lie with somebody" in page
    assert "https://wa.me/?text=" in page


def test_board_counts_only_what_the_person_may_see(
    enter: Enter, stranger: Person, operator: Person, town: Town
) -> None:
    reported(town, "Rahasia unit lain")
    make_innovation(town.kampung, title="Milik kampung")

    page = text_of(enter(stranger).get(reverse("chain:board")))

    assert "Milik kampung" in page
    assert "Rahasia" not in page
    assert "1 innovation lies with somebody" in page
    assert "Puskesmas Abepura" not in page
    assert 'name="pick"' not in page
    assert "Rahasia" in text_of(enter(operator).get(reverse("chain:board")))


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ({"holder": "ortal"}, {"Dilaporkan", "Kembali"}),
        ({"holder": "unit", "unit": "91.71.03"}, {"Kampung"}),
        ({"holder": "unit", "unit": "91.71.03", "own": "on"}, set()),
        ({"kind": "held"}, {"Kembali"}),
        ({"parked": "on"}, {"Ditahan"}),
        ({"overdue": "on"}, {"Kembali"}),
        ({"soon": "on"}, {"Kembali"}),
    ],
)
def test_board_is_narrowed(
    enter: Enter, ortal: Person, town: Town, query: dict[str, str], titles: set[str]
) -> None:
    reported(town, "Dilaporkan")
    make_innovation(town.kampung, title="Kampung")
    held(town, TODAY + timedelta(days=1), "Ditahan")
    held(town, TODAY - timedelta(days=1), "Kembali")

    page = text_of(enter(ortal).get(reverse("chain:board"), query))

    found = {name for name in ("Dilaporkan", "Kampung", "Ditahan", "Kembali") if f">{name}</a>" in page}
    assert found == titles


def test_what_was_held_back_comes_back_on_its_day(enter: Enter, ortal: Person, town: Town) -> None:
    held(town, TODAY, "Hari ini")

    board = text_of(enter(ortal).get(reverse("chain:board")))
    start = text_of(enter(ortal).get(reverse("portal:start")))

    assert "Back to be decided" in board
    assert "1 innovation that was held back is due to be decided anew" in start


def test_leader_reads_it_on_one_page(enter: Enter, leader: Person, town: Town) -> None:
    for number in range(30):
        held(town, TODAY - timedelta(days=number), f"Kembali {number}")
        make_innovation(town.kampung)

    page = text_of(enter(leader).get(reverse("chain:brief")))
    paper = enter(leader).get(reverse("chain:brief_report"))

    assert "Of 60 known innovations, 60 wait for somebody." in page
    assert "40.2% (KIPP 2018), 29.4% (KIPP 2022)" in page
    pages = PdfReader(io.BytesIO(paper.content)).pages
    assert len(pages) == 1
    assert "60 of 60 innovations wait for somebody" in " ".join(pages[0].extract_text().split())


def pick(innovations: list[Innovation], **said: str) -> dict[str, Any]:
    return {"pick": [one.code for one in innovations], **said}


def test_many_are_decided_and_taken_back(enter: Enter, ortal: Person, town: Town) -> None:
    browser = enter(ortal)
    innovations = [reported(town), reported(town)]
    form = browser.post(reverse("chain:bulk_decide"), pick(innovations))
    seen = {f"seen-{one.pk}": str(one.handoffs.get().pk) for one in innovations}
    assert all(f'name="{name}" value="{value}"' in form.content.decode() for name, value in seen.items())

    sent = pick(innovations, decide="1", step="diverifikasi", on="2026-11-24", **seen)
    answer = browser.post(reverse("chain:bulk_decide"), sent, follow=True)

    batch = DecisionBatch.objects.get()
    assert "Recorded for 2 innovations: Verified." in text_of(answer)
    assert "Take it back" in text_of(answer)
    undone = browser.post(reverse("chain:batch_undo", args=[batch.pk]), follow=True)
    assert "2 steps are taken back." in text_of(undone)
    assert HandOff.objects.filter(step=Step.VERIFIED).count() == 0
    page = text_of(browser.get(innovations[0].get_absolute_url()))
    assert "this step does not count" in page


def test_refused_rows_stay_ticked_with_all_that_was_typed(enter: Enter, ortal: Person, town: Town) -> None:
    good, finding = reported(town, "Baik"), make_innovation(town.puskesmas, title="Temuan")
    sent = pick(
        [good, finding], decide="1", step="dikembalikan", on="2026-11-24", reason="Bukti tahun kedua kurang"
    )
    sent[f"seen-{good.pk}"] = str(good.handoffs.get().pk)

    answer = enter(ortal).post(reverse("chain:bulk_decide"), sent)

    page = text_of(answer)
    assert answer.status_code == 409
    assert faults_of(answer.content.decode()) == []
    assert "Recorded for 1 innovation: Returned." in page
    assert "“Returned” cannot follow “not reported”" in page
    assert "Bukti tahun kedua kurang</textarea>" in page
    assert f'value="{finding.code}" checked' in page
    assert f'value="{good.code}"' not in page
    assert Event.objects.filter(action="handoff.dikembalikan").count() == 1


def test_held_back_with_a_reason_of_the_list(enter: Enter, ortal: Person, town: Town) -> None:
    HoldReason.objects.get_or_create(name="Menunggu anggaran")
    innovation = walk_chain(make_innovation(town.puskesmas), (Step.VERIFIED, DAY))
    address = reverse("chain:handoff_decide", args=[innovation.code])
    sent = {"step": "ditahan", "on": "2026-11-24", "seen": str(innovation.handoffs.get().pk)}
    browser = enter(ortal)

    lacking = browser.post(address, {**sent, "because": "Menunggu anggaran"})
    recorded = browser.post(
        address, {**sent, "because": "Menunggu anggaran", "reason": "APBD 2027", "due": "2027-01-10"}
    )

    assert (lacking.status_code, recorded.status_code) == (422, 302)
    assert '<option value="Menunggu anggaran" selected>' in lacking.content.decode()
    assert innovation.handoffs.get(step=Step.HELD).reason == "Menunggu anggaran: APBD 2027"


def test_only_what_the_person_decides_is_taken_from_a_forged_form(enter: Enter, town: Town) -> None:
    narrow = make_person("sempit@example.org", Role.ORTAL, town.distrik)
    foreign = reported(town)
    sent = pick([foreign], decide="1", step="diverifikasi", on="2026-11-24")
    sent[f"seen-{foreign.pk}"] = str(foreign.handoffs.get().pk)

    answer = enter(narrow).post(reverse("chain:bulk_decide"), sent)

    assert "None of these is yours to decide." in text_of(answer)
    assert foreign.handoffs.count() == 1


def levels(page: Any, **said: str) -> dict[str, str]:
    form = page.context["form"]
    empty = {f"days-{row.kind}": "" for row in form.rows} | {
        f"counting-{row.kind}": "kalender" for row in form.rows
    }
    return {**empty, "seen": form["seen"].value(), **said}


def test_deadlines_of_a_branch_are_saved_and_audited(enter: Enter, ortal: Person, town: Town) -> None:
    ServiceLevel.objects.create(unit=town.city, kind=GapKind.RETURNED, days=21)
    address = f"{reverse('chain:deadlines')}?unit={town.distrik.code}"
    browser = enter(ortal)
    page = browser.get(address)
    assert "Empty: 21 calendar days, as in Kota Jayapura." in text_of(page)
    assert "days-unverified" not in text_of(page)

    said = {"days-returned": "10", "counting-returned": "kerja"}
    saved = browser.post(address, levels(page, **said), follow=True)

    level = ServiceLevel.objects.get(unit=town.distrik)
    assert (level.days, level.counting) == (10, DayCount.WORKING)
    assert "The deadlines of Abepura are saved." in text_of(saved)
    assert Event.objects.get(action="service_levels.changed").detail["after"] == {"returned": "10 kerja"}


def test_deadlines_changed_meanwhile_are_not_overwritten(enter: Enter, ortal: Person, town: Town) -> None:
    browser = enter(ortal)
    address = f"{reverse('chain:deadlines')}?unit={town.city.code}"
    page = browser.get(address)
    ServiceLevel.objects.create(unit=town.city, kind=GapKind.RETURNED, days=21)

    answer = browser.post(address, levels(page, **{"days-returned": "5"}))

    assert answer.status_code == 422
    assert "Somebody changed these deadlines meanwhile" in text_of(answer)
    assert ServiceLevel.objects.get().days == 21


@pytest.mark.parametrize("days", ["-1", "empat", "5000"])
def test_a_wrong_number_of_days_is_said_at_the_field(
    enter: Enter, ortal: Person, town: Town, days: str
) -> None:
    browser = enter(ortal)
    page = browser.get(reverse("chain:deadlines"))

    answer = browser.post(reverse("chain:deadlines"), levels(page, **{"days-returned": days}))

    assert answer.status_code == 422
    assert f'value="{days}"' in answer.content.decode()
    assert list(answer.context["form"].errors) == ["days-returned"]


def test_days_off_are_pasted_exported_and_taken_out(enter: Enter, ortal: Person, town: Town) -> None:
    browser = enter(ortal)
    lines = (
        "2027-01-01; Tahun Baru; libur\n17-08-2027\tHari Kemerdekaan\n2027-12-24, Cuti Natal, Cuti bersama\n"
    )

    browser.post(reverse("chain:holiday_list"), {"lines": lines})

    assert list(Holiday.objects.values_list("day", "name", "kind")) == [
        (date(2027, 1, 1), "Tahun Baru", "libur"),
        (date(2027, 8, 17), "Hari Kemerdekaan", "libur"),
        (date(2027, 12, 24), "Cuti Natal", "cuti"),
    ]
    export: Any = browser.get(reverse("chain:holiday_export", args=["xlsx"]))
    book = load_workbook(io.BytesIO(b"".join(export.streaming_content)))
    rows = list(book["Hari libur"].values)
    assert rows[-1][1:] == ("Tahun Baru", "libur")
    browser.post(reverse("chain:holiday_remove"), {"day": ["2027-08-17", "2027-02-30"]})
    assert Holiday.objects.count() == 2
    assert Event.objects.filter(action="holidays.changed").count() == 2


def test_each_line_that_cannot_be_read_is_named_and_nothing_is_lost(
    enter: Enter, ortal: Person, town: Town
) -> None:
    lines = "2027-01-01; Tahun Baru\n2027-02-30; Salah\n2027-03-01\n2027-04-01; X; pesta"

    answer = enter(ortal).post(reverse("chain:holiday_list"), {"lines": lines})

    page = text_of(answer)
    assert answer.status_code == 422
    assert "Line 2: “2027-02-30” is not a date" in page
    assert "Line 3: the name of the day is missing" in page
    assert "Line 4: “pesta” is neither libur nor cuti" in page
    assert "2027-04-01; X; pesta</textarea>" in page
    assert Holiday.objects.count() == 0


def test_reasons_are_replaced_and_the_old_ones_kept(enter: Enter, ortal: Person, town: Town) -> None:
    HoldReason.objects.all().delete()
    browser = enter(ortal)
    for names in ("Satu\nDua", "Dua\nTiga"):
        seen = state_of_reasons(offered_reasons())
        browser.post(reverse("chain:hold_reason_list"), {"names": names, "seen": seen})

    assert list(HoldReason.objects.filter(offered=True).values_list("name", flat=True)) == ["Dua", "Tiga"]
    assert HoldReason.objects.get(name="Satu").offered is False


def test_reasons_that_somebody_changed_meanwhile_are_not_overwritten(
    enter: Enter, ortal: Person, town: Town
) -> None:
    browser = enter(ortal)
    before = offered_reasons()
    seen = state_of_reasons(before)
    browser.post(reverse("chain:hold_reason_list"), {"names": "Satu", "seen": seen})

    refused = browser.post(reverse("chain:hold_reason_list"), {"names": "Dua", "seen": seen})

    assert refused.status_code == 422
    assert "Somebody changed the reasons meanwhile; now they are: Satu." in text_of(refused)
    assert offered_reasons() == ["Satu"]
    fresh = refused.context["form"]["seen"].value()
    browser.post(reverse("chain:hold_reason_list"), {"names": "Satu\nDua", "seen": fresh})
    assert offered_reasons() == ["Satu", "Dua"]


def test_national_figures_tell_where_the_others_lay(enter: Enter, ortal: Person, town: Town) -> None:
    page = text_of(enter(ortal).get(reverse("chain:flow")))

    assert "Where the others lay was not published." in page
    assert "612 lay with their unit and 412 with the administrator of their institution." in page


def test_published_figures_are_a_frozen_copy(enter: Enter, ortal: Person, town: Town) -> None:
    browser = enter(ortal)
    assert "These figures are not published yet." in text_of(browser.get(reverse("portal:flow")))
    reported(town, "Perahu Sehat")
    publish_ledgers(actor=ortal, scope=Scope(TODAY))
    page = text_of(browser.get(reverse("portal:flow")))

    walk_chain(reported(town), (Step.FORWARDED, TODAY))

    main = page.index("<main")
    assert "100%" in page
    assert "Perahu Sehat" not in page
    again = text_of(browser.get(reverse("portal:flow")))
    assert again[again.index("<main") :] == page[main:]
