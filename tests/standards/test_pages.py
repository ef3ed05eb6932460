"""Services on their pages: from the empty catalogue to the public page and the sheet on the wall."""

import io
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook
from pytest_django import DjangoAssertNumQueries

from tests import files
from tests.conftest import TODAY, ClientOf
from tests.factories import Town
from tests.standards.making import DAY, NAMES, WHOLE, determined, draft, make_service, step
from tests.whole.html import faults_of
from tifa.core.looking import look
from tifa.organisation.models import Person
from tifa.standards.choices import Progress
from tifa.standards.models import Service, Standard, StandardStep

pytestmark = pytest.mark.django_db
SECRET = "Daftar nama petugas pengawas."


def page(client: Client, address: str, status: int = 200) -> str:
    client.cookies["tifa_language"] = "en"
    response = client.get(address)
    assert response.status_code == status
    text = str(response.content.decode())
    assert faults_of(text) == []
    return text


def typed(version: int, **changes: str) -> dict[str, Any]:
    texts = {**WHOLE, "pengawasan": SECRET, **changes}
    return {"version": version, **{f"text-{name}": text for name, text in texts.items()}}


def test_from_the_empty_catalogue_to_the_wall(
    client: Client, client_of: ClientOf, operator: Person, town: Town
) -> None:
    unit = client_of(operator)
    assert "Add the first one" in page(unit, reverse("standards:list"))
    facts = {"unit": town.puskesmas.code, "name": "Imunisasi", "function": "pelayanan", "users": "Bayi"}
    unit.post(reverse("standards:add"), facts)
    service = Service.objects.get()
    whole = service.get_absolute_url()
    assert "It has no standard yet." in page(unit, whole)

    unit.post(reverse("standards:begin", args=[service.pk]))
    writing = reverse("standards:standard", args=[service.pk, 1])
    assert page(unit, writing).count("<textarea") == 14
    stored = unit.post(reverse("standards:autosave", args=[service.pk, 1]), typed(1)).json()
    assert stored == {"version": 2}
    assert page(client, reverse("portal:service", args=[service.pk]), 404)

    minutes = SimpleUploadedFile("notulen.pdf", files.pdf("Notulen forum"))
    steps = reverse("standards:step", args=[service.pk, 1])
    said = {"step": "dibahas", "on": DAY.isoformat(), "circles": ["pengguna", "media"], "upload": minutes}
    assert unit.post(steps, said).status_code == 302
    said = {"step": "ditetapkan", "on": DAY.isoformat(), "number": "800/9/2026"}
    assert unit.post(steps, said).status_code == 302
    shown = page(unit, whole)
    assert "notulen.pdf" in shown
    assert "Users of the service, Media" in shown
    handed = unit.get(reverse("standards:step_file", args=[StandardStep.objects.order_by("pk")[0].pk]))
    assert handed.status_code == 200

    public = page(client, reverse("portal:service", args=[service.pk]))
    assert WHOLE["biaya"] in public
    assert "800/9/2026" in public
    assert SECRET not in public
    assert "Imunisasi" in page(client, reverse("portal:services"))
    paper = client.get(reverse("portal:service_sheet", args=[service.pk])).content
    words = look(paper, ".pdf")["text"]
    assert WHOLE["jangka_waktu"] in " ".join(words.split())
    assert SECRET not in words


def test_what_lacks_is_listed_narrowed_and_exported(client_of: ClientOf, ortal: Person, town: Town) -> None:
    desk = client_of(ortal)
    bare = make_service(ortal, town.kampung, "Surat pengantar")
    late = make_service(ortal, town.distrik, "Izin keramaian")
    determined(ortal, late, TODAY - timedelta(days=2000))
    draft(ortal, make_service(ortal, town.puskesmas, "Imunisasi"), {"biaya": "Gratis."})
    board = reverse("standards:list")

    def listed(**asked: str) -> list[str]:
        found = desk.get(board, asked)
        return [line.service.name for line in found.context["page_obj"]]

    assert set(listed()) == {"Imunisasi", "Izin keramaian", "Surat pengantar"}
    assert set(listed(lacks="standar")) == {bare.name, "Imunisasi"}
    assert listed(lacks="ditinjau") == [late.name]
    assert listed(lacks="dibahas") == [late.name]
    assert listed(unit=town.kampung.code) == [bare.name]
    assert listed(q="keramaian") == [late.name]
    assert len(listed(unit="TIDAK", lacks="apa")) == 3
    book = load_workbook(io.BytesIO(b"".join(desk.get(reverse("standards:export", args=["xlsx"])))))
    assert book.worksheets[0].max_row == 4
    assert faults_of(desk.get(board).content.decode()) == []


def test_a_step_that_is_refused_says_why_and_keeps_what_was_typed(
    client_of: ClientOf, operator: Person, town: Town
) -> None:
    unit = client_of(operator)
    service = make_service(operator, town.puskesmas)
    draft(operator, service, {"biaya": "Gratis."})
    unit.cookies["tifa_language"] = "en"
    steps = reverse("standards:step", args=[service.pk, 1])

    lacking = unit.post(
        steps, {"step": "ditetapkan", "on": DAY.isoformat(), "number": "800/9", "note": "Catatan"}
    )
    assert lacking.status_code == 422
    assert "These must be published and are empty" in lacking.content.decode()
    assert "Catatan" in lacking.content.decode()
    hostile = SimpleUploadedFile("notulen.pdf", b"<html><script>alert(1)</script>")
    refused = unit.post(
        steps, {"step": "dibahas", "on": DAY.isoformat(), "circles": ["ahli"], "upload": hostile}
    )
    assert refused.status_code == 422
    assert not StandardStep.objects.exists()


def test_two_who_write_at_once_see_both_texts(
    client_of: ClientOf, operator: Person, head: Person, town: Town
) -> None:
    service = make_service(operator, town.puskesmas)
    draft(operator, service, {"biaya": "Gratis."})
    second = client_of(head)
    second.cookies["tifa_language"] = "en"

    late = second.post(
        reverse("standards:standard", args=[service.pk, 1]), {"version": 1, "text-biaya": "Rp5.000"}
    )

    assert late.status_code == 409
    shown = late.content.decode()
    assert "<del>" in shown
    assert "Rp5.000" in shown
    assert 'name="version" value="2"' in shown
    assert Standard.objects.get().components == {"biaya": "Gratis."}
    again = second.post(
        reverse("standards:standard", args=[service.pk, 1]), {"version": 2, "text-biaya": "Rp5.000"}
    )
    assert again.status_code == 302


def test_copy_from_a_sister_shows_what_differs(
    client_of: ClientOf, operator: Person, ortal: Person, town: Town
) -> None:
    sister = determined(ortal, make_service(ortal, town.kampung))
    service = make_service(operator, town.puskesmas)
    unit = client_of(operator)
    assert "sister unit" in page(unit, service.get_absolute_url())

    unit.post(reverse("standards:begin", args=[service.pk]), {"copy": sister.pk})
    unit.post(
        reverse("standards:standard", args=[service.pk, 1]),
        {
            "version": 1,
            **{f"text-{name}": sister.components[name] for name in NAMES},
            "text-biaya": "Gratis.",
        },
    )

    assert f"1 component differs from {town.kampung.name}" in page(
        unit, reverse("standards:standard", args=[service.pk, 1])
    )


@pytest.mark.parametrize("route", ["standard", "step", "begin", "change", "autosave"])
def test_who_only_reads_changes_nothing(
    route: str, client_of: ClientOf, operator: Person, leader: Person, town: Town
) -> None:
    service = make_service(operator, town.puskesmas)
    draft(operator, service)
    arguments = [service.pk] if route in {"begin", "change"} else [service.pk, 1]

    assert client_of(leader).post(reverse(f"standards:{route}", args=arguments), typed(2)).status_code == 403


def test_service_of_another_unit_does_not_exist_for_a_stranger(
    client_of: ClientOf, operator: Person, ortal: Person, town: Town
) -> None:
    service = make_service(ortal, town.kampung)
    standard = draft(ortal, service)
    step(ortal, standard, Progress.DISCUSSED)
    unit = client_of(operator)

    for address in (
        service.get_absolute_url(),
        reverse("standards:standard", args=[service.pk, 1]),
        reverse("standards:step_file", args=[StandardStep.objects.get().pk]),
    ):
        assert unit.get(address).status_code == 404
    sister_draft = make_service(operator, town.puskesmas)
    assert (
        unit.post(reverse("standards:begin", args=[sister_draft.pk]), {"copy": standard.pk}).status_code
        == 404
    )


def test_board_takes_as_many_statements_for_many_services_as_for_few(
    client_of: ClientOf, ortal: Person, town: Town, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    desk = client_of(ortal)
    determined(ortal, make_service(ortal, town.kampung, "Layanan 0"))
    desk.get(reverse("standards:list"))
    with django_assert_max_num_queries(20) as few:
        desk.get(reverse("standards:list"))
    for number in range(1, 8):
        determined(ortal, make_service(ortal, town.kampung, f"Layanan {number}"))

    with django_assert_max_num_queries(20) as many:
        desk.get(reverse("standards:list"))

    assert len(many.captured_queries) == len(few.captured_queries)
