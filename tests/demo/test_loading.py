"""The demo city in the database: what the public sees of it, and who is judged."""

import pytest

from tifa.chain.choices import Step
from tifa.demo.loading import AS_OF, load_demo
from tifa.dossiers.models import Dossier, Story
from tifa.evaluation.models import Entry, TrainingExample
from tifa.registry.models import Innovation
from tifa.standards.models import Service, Standard
from tifa.standards.selectors import lines_of


@pytest.mark.django_db
def test_public_is_what_is_verified_or_comes_from_public_sources() -> None:
    city = load_demo()

    verified = {step.innovation for step in city.handoffs if step.step == Step.VERIFIED}
    real = {one.code for one in city.own_innovations if one.marking == "nyata"}
    codes = Innovation.objects.values_list("code", flat=True)
    assert set(codes.exclude(verified_on=None)) == verified
    assert set(codes.exclude(published_on=None)) == verified | real
    assert verified & real == set()


@pytest.mark.django_db
def test_only_verified_innovations_are_judged() -> None:
    load_demo()

    assert Entry.objects.exists()
    assert not Entry.objects.filter(innovation__verified_on=None).exists()


@pytest.mark.django_db
def test_a_story_has_begun_a_dossier_and_judges_can_practise() -> None:
    city = load_demo()

    (dossier,) = Dossier.objects.all()
    assert dossier.innovation.marking == "contoh"
    assert dossier.answers.filter(from_story=True).count() >= 5
    assert dossier.comments.filter(resolved_at=None).exists()
    assert TrainingExample.objects.count() == len(city.examples) == 2
    # Composed texts hold no figure of a result.
    texts = [
        *Story.objects.values_list("text", flat=True),
        *TrainingExample.objects.values_list("text", flat=True),
    ]
    assert not any(char.isdigit() for text in texts for char in text)


@pytest.mark.django_db
def test_services_are_marked_as_composed_and_show_every_state() -> None:
    load_demo()

    lines = {line.service.unit.code: line for line in lines_of(Service.objects.select_related("unit"), AS_OF)}
    assert all("Contoh" in one.channels for one in Service.objects.all())
    texts = [text for one in Standard.objects.all() for text in one.components.values()]
    assert all(text.startswith("Contoh") for text in texts)
    assert {bool(line.standard) for line in lines.values()} == {True, False}
    assert [line.overdue for line in lines.values()].count(True) == 1
    assert Standard.objects.exclude(copied_from=None).count() == 1
