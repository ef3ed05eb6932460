"""Services and standards: what follows what, what is refused, and what nobody overwrites."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from tests.conftest import TODAY
from tests.factories import Town, make_person
from tests.standards.making import DAY, NOW, WHOLE, determined, draft, make_service, step
from tifa.core.models import Event
from tifa.organisation.choices import Function, Role
from tifa.organisation.models import Person
from tifa.organisation.selectors import unit_tree
from tifa.standards.choices import BINDING, NEXT, Circle, Progress
from tifa.standards.facts import ServiceFacts, Taken
from tifa.standards.models import Service, Standard
from tifa.standards.selectors import (
    binding_standard,
    coverage_of,
    differences_from,
    edition,
    lines_of,
    public_services,
    review_due,
    sisters_of,
    visible_services,
    writable_units,
)
from tifa.standards.services import (
    StaleRow,
    StandardRefused,
    begin_standard,
    change_service,
    save_components,
    take_step,
)

pytestmark = pytest.mark.django_db


def test_edition_has_the_fourteen_components_of_which_six_are_published() -> None:
    public = [one for one in edition().items if one.part == "service_delivery"]

    assert (len(edition().items), len(public)) == (14, 6)


def test_from_draft_to_reviewed(town: Town, operator: Person) -> None:
    service = make_service(operator, town.puskesmas)
    standard = draft(operator, service)
    assert binding_standard(service) is None
    assert not public_services(TODAY).exists()

    standard = step(operator, standard, Progress.DISCUSSED, circles=[Circle.USERS, Circle.MEDIA])
    standard = step(operator, standard, Progress.DETERMINED, DAY + timedelta(days=1), number="800/7")
    standard = step(operator, standard, Progress.DECLARED, DAY + timedelta(days=2))
    standard = step(operator, standard, Progress.APPLIED, DAY + timedelta(days=2))
    step(operator, standard, Progress.REVIEWED, TODAY)

    line = lines_of([service], TODAY)[0]
    assert (line.missing, line.discussed, line.due, line.overdue) == ((), True, review_due(TODAY), False)
    assert list(public_services(TODAY)) == [service]
    actions = Event.objects.filter(object_type="service").order_by("pk").values_list("action", flat=True)
    assert list(actions) == [
        "service.added",
        "standard.begun",
        "standard.discussed",
        "standard.determined",
        "standard.declared",
        "standard.applied",
        "standard.reviewed",
    ]


def test_a_determined_version_rests_and_the_next_one_begins_with_it(town: Town, operator: Person) -> None:
    service = make_service(operator, town.puskesmas)
    first = determined(operator, service)
    with pytest.raises(StandardRefused, match="ditetapkan"):
        save_components(
            actor=operator, standard=first, components={**WHOLE, "biaya": "Gratis."}, version=2, now=NOW
        )

    second = begin_standard(actor=operator, service=service, copy=None, now=NOW)

    assert (second.number, second.components) == (2, WHOLE)
    assert binding_standard(service) == first
    with pytest.raises(StandardRefused):
        begin_standard(actor=operator, service=service, copy=None, now=NOW)
    step(operator, second, Progress.DETERMINED, TODAY)
    assert binding_standard(service) == second


def test_copy_of_a_sister_keeps_the_difference_visible(town: Town, operator: Person, ortal: Person) -> None:
    sister = determined(ortal, make_service(ortal, town.kampung, "Surat pengantar"))
    determined(ortal, make_service(ortal, town.distrik, "Izin keramaian"))
    service = make_service(operator, town.puskesmas, "Surat Pengantar")

    assert next(one for one, _alike in sisters_of(service)) == sister
    copied = begin_standard(actor=operator, service=service, copy=sister, now=NOW)
    copied = save_components(
        actor=operator,
        standard=copied,
        components={**copied.components, "biaya": "Gratis."},
        version=1,
        now=NOW,
    )

    found = list(differences_from(copied, sister, edition()))
    assert len(found) == 1
    assert {piece.kind for piece in found[0][1]} == {"added", "removed"}


@pytest.mark.parametrize("progress", [None, *Progress])
@pytest.mark.parametrize("taken", list(Progress))
def test_only_what_may_follow_follows(
    town: Town, operator: Person, progress: Progress | None, taken: Progress
) -> None:
    standard = draft(operator, make_service(operator, town.puskesmas))
    Standard.objects.filter(pk=standard.pk).update(progress=progress or "")

    if taken in NEXT[progress]:
        assert step(operator, standard, taken).progress == taken
    else:
        with pytest.raises(StandardRefused):
            step(operator, standard, taken)


@pytest.mark.parametrize(
    "taken",
    [
        Taken(Progress.DETERMINED, DAY),
        Taken(Progress.DISCUSSED, DAY),
        Taken(Progress.DETERMINED, TODAY + timedelta(days=1), number="800/1"),
        Taken(Progress.DETERMINED, DAY - timedelta(days=1), number="800/1"),
    ],
    ids=["no decree", "nobody took part", "future", "before the last step"],
)
def test_a_step_that_lacks_something_is_refused(town: Town, operator: Person, taken: Taken) -> None:
    standard = step(operator, draft(operator, make_service(operator, town.puskesmas)), Progress.DISCUSSED)

    with pytest.raises(StandardRefused):
        take_step(actor=operator, standard=standard, taken=taken, today=TODAY, now=NOW)

    assert Standard.objects.get(pk=standard.pk).progress == Progress.DISCUSSED


def test_what_must_be_published_may_not_be_empty(town: Town, operator: Person) -> None:
    service = make_service(operator, town.puskesmas)
    standard = draft(operator, service, {**WHOLE, "biaya": "  ", "evaluasi": ""})

    with pytest.raises(StandardRefused, match="Biaya"):
        step(operator, standard, Progress.DETERMINED)

    assert len(lines_of([service], TODAY)[0].missing) == 2


def test_nobody_overwrites_anybody(town: Town, operator: Person, head: Person) -> None:
    service = make_service(operator, town.puskesmas)
    standard = draft(operator, service, {"biaya": "Gratis."})
    with pytest.raises(StaleRow) as caught:
        save_components(actor=head, standard=standard, components={"biaya": "Rp5.000"}, version=1, now=NOW)
    assert caught.value.stored.components == {"biaya": "Gratis."}
    same = save_components(actor=head, standard=standard, components={"biaya": "Gratis."}, version=1, now=NOW)
    assert same.version == 2

    change_service(
        actor=head, service=service, facts=ServiceFacts("Surat", Function.SERVICE), version=1, now=NOW
    )
    with pytest.raises(StaleRow):
        change_service(
            actor=operator, service=service, facts=ServiceFacts("Lain", Function.SERVICE), version=1, now=NOW
        )
    assert Service.objects.get().name == "Surat"


def test_a_unit_has_one_service_of_a_name(town: Town, operator: Person, ortal: Person) -> None:
    make_service(operator, town.puskesmas)
    make_service(ortal, town.distrik)

    with pytest.raises(ValidationError):
        make_service(operator, town.puskesmas)


def test_review_runs_from_the_last_of_determined_and_reviewed(town: Town, operator: Person) -> None:
    long_ago = date(TODAY.year - 4, 1, 31)
    service = make_service(operator, town.puskesmas)
    standard = determined(operator, service, long_ago)
    late = lines_of([service], TODAY)[0]
    assert (late.due, late.overdue) == (date(TODAY.year - 1, 1, 31), True)

    step(operator, standard, Progress.REVIEWED, TODAY)

    assert not lines_of([service], TODAY)[0].overdue
    assert coverage_of(lines_of([service], TODAY)).undiscussed == 1


def test_a_closed_service_is_not_public_and_not_overdue(town: Town, operator: Person) -> None:
    service = make_service(operator, town.puskesmas, closed_on=TODAY)
    determined(operator, service, date(TODAY.year - 4, 1, 31))

    assert not public_services(TODAY).exists()
    assert public_services(TODAY - timedelta(days=1)).exists()
    assert not lines_of([service], TODAY)[0].overdue


def test_rights_follow_the_tree(town: Town, operator: Person, ortal: Person, leader: Person) -> None:
    service = make_service(operator, town.puskesmas)
    stranger = make_person("lain@example.org", Role.HEAD, town.kampung)
    tree = unit_tree()

    sees = {one.email: service in visible_services(one, tree) for one in (operator, ortal, leader, stranger)}
    assert list(sees.values()) == [True, True, True, False]
    writes = [town.puskesmas.pk in writable_units(one, tree) for one in (operator, ortal, leader, stranger)]
    assert writes == [True, True, False, False]


def test_states_that_bind_are_those_from_determined_on() -> None:
    assert set(Progress) - BINDING == {Progress.DISCUSSED}
