"""A large file on a weak network: it breaks off, the page is left, the same file is chosen again, and it goes on."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests import files
from tests.browser import needs_chromium
from tests.factories import Town, make_innovation, make_person
from tests.journeys.visitor import PHONE_ID, Visit
from tifa.core.models import StoredFile, Upload
from tifa.organisation.choices import Role
from tifa.registry.models import Evidence

pytestmark = [needs_chromium, pytest.mark.django_db(transaction=True)]

TITLE = "Keputusan wali kota"


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    """Return a file of some 700 kB, so that it takes several pieces."""
    path = tmp_path / "keputusan.pdf"
    path.write_bytes(files.pdf("Penetapan loket") + b"%" + b"x" * 700_000)
    return path


def fills(page: Page, scan: Path) -> None:
    page.locator("details summary", has_text="Tambah bukti").click()
    page.get_by_label("Jenis bukti").select_option("keputusan")
    page.get_by_label("Yang ditunjukkan bukti").fill(TITLE)
    page.locator("input[type=file][name=evidence_upload]").set_input_files(scan)
    page.locator("form[action*='bukti/tambah'] button").click()


def test_a_file_breaks_off_and_goes_on(visit: Visit, town: Town, scan: Path) -> None:
    innovation = make_innovation(town.puskesmas, title="Antre dari Rumah")
    sender = visit(
        PHONE_ID, make_person("operator@example.org", Role.OPERATOR, town.puskesmas, name="Operator")
    )
    page = sender.page
    sender.goes_to(innovation.get_absolute_url())
    passed: list[str] = []

    def let_one_through(route: Route) -> None:
        passed.append(route.request.url)
        if len(passed) <= 2:
            route.continue_()
        else:
            route.abort("internetdisconnected")

    page.route("**/unggah/**", let_one_through)
    fills(page, scan)
    expect(page.get_by_role("status").filter(has_text="Jaringan terputus")).to_be_visible()
    begun = Upload.objects.get()
    assert 0 < begun.received < begun.size == scan.stat().st_size

    page.unroute("**/unggah/**")
    sender.goes_to(innovation.get_absolute_url())  # the tab was closed, the file is chosen anew
    offsets: list[str] = []
    page.on("request", lambda request: offsets.append(request.url) if "/unggah/" in request.url else None)
    fills(page, scan)

    expect(page.get_by_role("heading", name=TITLE, level=1)).to_be_visible()
    assert Evidence.objects.get().title == TITLE
    with StoredFile.objects.get().file.open() as file:
        assert file.read() == scan.read_bytes()
    assert not Upload.objects.exists()
