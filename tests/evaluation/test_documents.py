"""The printed report of a round."""

import io

import pytest
from django.urls import reverse
from pypdf import PdfReader

from tests.conftest import ClientOf
from tests.evaluation.makers import entries_of, make_closed_round, make_judges
from tests.factories import Town, make_person
from tests.whole.world import build_world
from tifa.organisation.choices import Role
from tifa.organisation.models import Person
from tifa.registry.models import Innovation


def text_of(content: bytes) -> str:
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


@pytest.mark.django_db
def test_report_of_a_published_round_shows_the_frozen_ranking(client_of: ClientOf) -> None:
    world = build_world()
    world.published.title = "Judul yang diubah kemudian"
    world.published.save(update_fields=["title"])

    response = client_of(world.people["ortal"]).get(
        reverse("evaluation:round_report", args=[world.done_round.pk])
    )

    text = text_of(response.content)
    assert response["Content-Type"] == "application/pdf"
    assert "weighted-mean/1" in text
    assert world.published.code in text
    assert "80,00" in text
    assert "Judul yang diubah" not in text


@pytest.mark.django_db
def test_report_is_withheld_from_those_who_may_not_see_scores_yet(client_of: ClientOf) -> None:
    world = build_world()
    url = reverse("evaluation:round_report", args=[world.open_round.pk])

    assert client_of(world.people["ortal"]).get(url).status_code == 200
    assert client_of(world.people["leader"]).get(url).status_code == 404
    assert client_of(world.people["judge"]).get(url).status_code == 403


@pytest.mark.django_db
def test_report_before_publication_holds_only_what_its_reader_may_watch(
    client_of: ClientOf, town: Town, ortal: Person
) -> None:
    closed = make_closed_round(town, ortal, make_judges(town, 3), entries=2)
    other = entries_of(closed)[0]
    Innovation.objects.filter(pk=other.innovation_id).update(unit=town.kampung, title="Rahasia Kampung")
    partial = make_person("kepala.dinas@example.org", Role.LEADER, town.department)
    url = reverse("evaluation:round_report", args=[closed.pk])

    text = text_of(client_of(partial).get(url).content)

    own = entries_of(closed)[1].innovation
    assert own.code in text
    assert other.innovation.code not in text
    assert "Rahasia Kampung" not in text
    assert other.innovation.code in text_of(client_of(ortal).get(url).content)
