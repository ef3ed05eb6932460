"""The demo city in the database: what the public sees of it, and who is judged."""

import pytest

from tifa.chain.choices import Step
from tifa.demo.loading import load_demo
from tifa.evaluation.models import Entry
from tifa.registry.models import Innovation


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
