"""A workbook through the browser: sent, checked, looked at, taken over once."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from tests.conftest import ClientOf
from tests.exchange.workbooks import WHOLE, changed, write
from tests.factories import Town, make_innovation, make_person
from tests.whole.html import faults_of
from tifa.core.files import CheckedFile
from tifa.core.models import Event
from tifa.exchange import services
from tifa.exchange.models import ImportRun, ImportState
from tifa.organisation.choices import Role
from tifa.organisation.models import Person
from tifa.registry.models import Innovation


@pytest.fixture
def ortal_client(client_of: ClientOf, ortal: Person) -> Client:
    client = client_of(ortal)
    client.cookies["tifa_language"] = "en"
    return client


def upload(path: Path) -> SimpleUploadedFile:
    return SimpleUploadedFile(path.name, path.read_bytes())


def send(client: Client, path: Path) -> ImportRun:
    response = client.post(reverse("exchange:import_new"), {"workbook": upload(path)})
    run = ImportRun.objects.get()
    assert response.status_code == 302, response.content.decode()
    assert response.headers["Location"] == detail(run)
    return run


def detail(run: ImportRun) -> str:
    return reverse("exchange:import_detail", args=[run.pk])


def page(client: Client, address: str) -> str:
    response = client.get(address)
    text = response.content.decode()
    assert response.status_code == 200
    assert faults_of(text) == []
    return text


def report_of(run: ImportRun) -> dict[str, Any]:
    assert isinstance(run.report, dict)
    return run.report


def waiting(person: Person, path: Path, state: ImportState) -> ImportRun:
    from_file = SimpleUploadedFile(path.name, path.read_bytes())
    checked = CheckedFile(path.name, "application/x", path.stat().st_size, "0" * 64)
    run = services.start_import(actor=person, upload=from_file, checked=checked)
    ImportRun.objects.filter(pk=run.pk).update(state=state)
    run.refresh_from_db()
    return run


def test_workbook_is_checked_shown_and_taken_over(ortal_client: Client, tmp_path: Path) -> None:
    run = send(ortal_client, write(tmp_path / "buku.xlsx"))
    run.refresh_from_db()
    preview = page(ortal_client, detail(run))

    assert run.state == ImportState.READY
    assert "Nothing is stored yet" in preview
    assert Innovation.objects.count() == 0

    response = ortal_client.post(reverse("exchange:import_apply", args=[run.pk]))
    run.refresh_from_db()

    assert response.status_code == 302
    assert run.state == ImportState.DONE
    assert report_of(run)["applied"] is True
    assert Innovation.objects.count() == 2
    assert "The workbook is taken over" in page(ortal_client, detail(run))
    assert Event.objects.filter(action="workbook.imported", actor=run.person).count() == 1


def test_workbook_with_errors_is_shown_with_them(ortal_client: Client, tmp_path: Path) -> None:
    run = send(ortal_client, write(tmp_path / "buku.xlsx", changed("Inovasi", 0, unit="<b>TIDAK</b>")))

    text = page(ortal_client, detail(run))
    csv = b"".join(ortal_client.get(reverse("exchange:import_errors", args=[run.pk])).streaming_content)  # type: ignore[attr-defined]

    assert "Sheet Inovasi, row 2, column unit" in text
    assert "&lt;b&gt;TIDAK&lt;/b&gt;" in text
    assert (
        csv.decode("utf-8-sig").splitlines()[1].startswith("Inovasi,2,unit,<b>TIDAK</b>,the code of a unit")
    )
    ortal_client.post(reverse("exchange:import_apply", args=[run.pk]))
    run.refresh_from_db()
    assert run.state == ImportState.REFUSED
    assert Innovation.objects.count() == 0


def test_unreadable_workbook_is_one_sentence(ortal_client: Client, tmp_path: Path) -> None:
    path = write(tmp_path / "buku.xlsx")
    path.write_bytes(path.read_bytes()[:-300])

    run = send(ortal_client, path)

    assert "damaged or was cut short" in page(ortal_client, detail(run))


def test_workbook_that_says_nothing_new_offers_nothing(ortal_client: Client, tmp_path: Path) -> None:
    run = send(ortal_client, write(tmp_path / "buku.xlsx"))
    ortal_client.post(reverse("exchange:import_apply", args=[run.pk]))
    ImportRun.objects.all().delete()

    again = send(ortal_client, write(tmp_path / "buku.xlsx"))

    text = page(ortal_client, detail(again))
    assert "Nothing would change" in text
    assert reverse("exchange:import_apply", args=[again.pk]) not in text


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("buku.pdf", b"%PDF-1.7", "is not an Excel workbook"),
        ("buku.xlsx", b"%PDF-1.7", "not what its ending says"),
        ("buku.xlsx", b"", "is empty"),
    ],
)
def test_wrong_file_is_refused_at_the_field(
    ortal_client: Client, name: str, data: bytes, sentence: str
) -> None:
    response = ortal_client.post(reverse("exchange:import_new"), {"workbook": SimpleUploadedFile(name, data)})

    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert faults_of(response.content.decode()) == []
    assert not ImportRun.objects.exists()


def test_form_without_a_file_says_so(ortal_client: Client) -> None:
    response = ortal_client.post(reverse("exchange:import_new"), {})

    assert response.status_code == 422


def test_progress_is_a_snippet_until_the_work_is_done(
    ortal_client: Client, ortal: Person, tmp_path: Path
) -> None:
    run = waiting(ortal, write(tmp_path / "buku.xlsx"), ImportState.CHECKING)
    ImportRun.objects.update(done=2000, total=5000)
    address = reverse("exchange:import_progress", args=[run.pk])

    snippet = ortal_client.get(address, headers={"HX-Request": "true"})
    plain = ortal_client.get(address)
    whole = page(ortal_client, detail(run))
    ImportRun.objects.update(state=ImportState.READY)
    done = ortal_client.get(address, headers={"HX-Request": "true"})

    assert '<progress value="2000" max="5000">' in snippet.content.decode()
    assert address in snippet.content.decode()
    assert plain.status_code == 302
    assert '<noscript><meta http-equiv="refresh" content="3"></noscript>' in whole
    assert (done.status_code, done.headers["HX-Refresh"]) == (204, "true")


def test_work_can_be_begun_again_after_a_stop(ortal_client: Client, ortal: Person, tmp_path: Path) -> None:
    run = waiting(ortal, write(tmp_path / "buku.xlsx"), ImportState.CHECKING)

    ortal_client.post(reverse("exchange:import_resume", args=[run.pk]))

    run.refresh_from_db()
    assert run.state == ImportState.READY


def test_import_that_is_done_is_not_taken_over_twice(ortal_client: Client, tmp_path: Path) -> None:
    run = send(ortal_client, write(tmp_path / "buku.xlsx"))
    ortal_client.post(reverse("exchange:import_apply", args=[run.pk]))
    Innovation.objects.filter(code="INV-1").update(title="Diubah sesudahnya")

    services.apply_import(run_id=run.pk)
    ortal_client.post(reverse("exchange:import_apply", args=[run.pk]))
    ortal_client.post(reverse("exchange:import_resume", args=[run.pk]))

    assert Innovation.objects.get(code="INV-1").title == "Diubah sesudahnya"


def test_what_changed_since_the_check_is_checked_again(
    ortal_client: Client, town: Town, tmp_path: Path
) -> None:
    rows = [{**WHOLE["Inovasi"][0], "unit": town.kampung.code}]
    run = send(ortal_client, write(tmp_path / "buku.xlsx", {"Inovasi": rows}))
    town.kampung.delete()

    ortal_client.post(reverse("exchange:import_apply", args=[run.pk]))

    run.refresh_from_db()
    assert run.state == ImportState.REFUSED
    assert [error["column"] for error in report_of(run)["errors"]] == ["unit"]
    assert Innovation.objects.count() == 0


def test_failure_inside_leaves_a_sentence_and_no_rows(
    ortal_client: Client, ortal: Person, tmp_path: Path
) -> None:
    run = send(ortal_client, write(tmp_path / "buku.xlsx"))
    Path(run.file.file.path).unlink()

    ortal_client.post(reverse("exchange:import_apply", args=[run.pk]))

    run.refresh_from_db()
    assert run.state == ImportState.REFUSED
    assert report_of(run)["errors"][0]["message"]
    assert Innovation.objects.count() == 0


def test_exchanged_file_is_not_taken_over(ortal_client: Client, tmp_path: Path) -> None:
    run = send(ortal_client, write(tmp_path / "buku.xlsx"))
    write(Path(run.file.file.path), changed("Inovasi", 0, judul="Lain"))

    ortal_client.post(reverse("exchange:import_apply", args=[run.pk]))

    run.refresh_from_db()
    assert (run.state, Innovation.objects.count()) == (ImportState.REFUSED, 0)


def test_imports_of_others_do_not_exist(
    ortal_client: Client, client_of: ClientOf, administrator: Person, tmp_path: Path
) -> None:
    run = send(ortal_client, write(tmp_path / "rahasia.xlsx"))
    other = client_of(administrator)

    for name in ("import_detail", "import_progress", "import_errors"):
        assert other.get(reverse(f"exchange:{name}", args=[run.pk])).status_code == 404
        assert ortal_client.get(reverse(f"exchange:{name}", args=[run.pk])).status_code in {200, 302}
    for name in ("import_apply", "import_resume"):
        assert other.post(reverse(f"exchange:{name}", args=[run.pk])).status_code == 404
    assert "rahasia.xlsx" not in page(other, reverse("exchange:import_list"))
    assert "rahasia.xlsx" in page(ortal_client, reverse("exchange:import_list"))


@pytest.mark.parametrize("fixture", ["operator", "head", "judge", "leader", "auditor"])
def test_other_roles_are_refused(client_of: ClientOf, request: pytest.FixtureRequest, fixture: str) -> None:
    client = client_of(request.getfixturevalue(fixture))

    assert client.get(reverse("exchange:import_new")).status_code == 403
    assert client.get(reverse("exchange:export_all")).status_code == 403


def test_workbook_of_a_part_of_the_city_stays_in_it(client_of: ClientOf, town: Town, tmp_path: Path) -> None:
    partial = make_person("part@example.org", Role.ORTAL, town.department)
    client = client_of(partial)
    rows: list[dict[str, Any]] = [
        {**WHOLE["Inovasi"][0], "kode": code, "unit": unit}
        for code, unit in (("A", "PKM.ABEPURA"), ("B", "91.71.03"))
    ]

    run = send(client, write(tmp_path / "buku.xlsx", {"Inovasi": rows}))

    run.refresh_from_db()
    assert [(error["row"], error["column"]) for error in report_of(run)["errors"]] == [(3, "unit")]


@pytest.mark.parametrize("count", [1, 3])
def test_list_reads_a_fixed_number_of_statements(
    ortal_client: Client,
    ortal: Person,
    tmp_path: Path,
    count: int,
    django_assert_num_queries: Any,
) -> None:
    path = write(tmp_path / "buku.xlsx")
    for _number in range(count):
        waiting(ortal, path, ImportState.READY)
    ortal_client.get(reverse("exchange:import_list"))

    with django_assert_num_queries(5):
        ortal_client.get(reverse("exchange:import_list"))


def test_everything_is_taken_along_as_one_file(ortal_client: Client, tmp_path: Path) -> None:
    response = ortal_client.get(reverse("exchange:export_all"))

    book = load_workbook(io.BytesIO(b"".join(response.streaming_content)))  # type: ignore[attr-defined]
    assert response.status_code == 200
    assert timezone.localdate().isoformat() in response.headers["Content-Disposition"]
    assert book["Unit"].max_row == 7


def test_text_that_fits_no_cell_is_named_instead_of_an_error_page(ortal_client: Client, town: Town) -> None:
    make_innovation(town.kampung, source_note="x" * 40_000)

    response = ortal_client.get(reverse("exchange:export_all"), follow=True)

    assert response.redirect_chain == [(reverse("exchange:import_list"), 302)]
    assert "does not fit into a cell" in response.content.decode()
