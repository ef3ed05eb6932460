"""The sidebar: what each role may open, at the cost of one statement."""

import pytest
from django.test import RequestFactory
from django.utils import timezone, translation
from pytest_django import DjangoAssertNumQueries

from tests.factories import Town, make_person
from tifa.chain.models import ReportDraft
from tifa.organisation.choices import Role
from tifa.organisation.models import Person
from tifa.portal.navigation import NavItem, room_nav

GENERAL = ["Start", "Messages", "Units"]
LOOKING = [
    "Innovations",
    "Services",
    "Surveys",
    "Dossiers",
    "Evidence",
    "For the leader",
    "Who holds what",
    "Reporting gaps",
    "Coverage",
]


def entries(person: Person, path: str = "/ruang/") -> list[NavItem]:
    request = RequestFactory().get(path)
    request.user = person
    with translation.override("en"):
        items: list[NavItem] = list(room_nav(request)["room_nav"])
    return items


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        (
            Role.OPERATOR,
            [
                "Reporting",
                "Campaigns",
                "Innovations",
                "Services",
                "Surveys",
                "Dossiers",
                "Evidence",
                "Who holds what",
                "Reporting gaps",
                "Coverage",
                "Feedback",
            ],
        ),
        (
            Role.HEAD,
            [
                "Reporting",
                "Campaigns",
                "Innovations",
                "Services",
                "Surveys",
                "Dossiers",
                "Evidence",
                "Who holds what",
                "Reporting gaps",
                "Coverage",
                "Feedback",
            ],
        ),
        (
            Role.ORTAL,
            [
                "Campaigns",
                *LOOKING[:-1],
                "Discovery",
                *LOOKING[-1:],
                "Deadlines",
                "Evaluation rounds",
                "Import and export",
            ],
        ),
        (Role.JUDGE, ["Judging"]),
        (Role.LEADER, ["Campaigns", *LOOKING, "Evaluation rounds"]),
        (
            Role.AUDITOR,
            ["Campaigns", *LOOKING, "Evaluation rounds", "Audit trail"],
        ),
        (Role.ADMINISTRATOR, ["Import and export", "People"]),
        (None, []),
    ],
)
def test_each_role_has_its_entries(town: Town, role: Role | None, expected: list[str]) -> None:
    person = make_person("person@example.org", role, town.city)

    with translation.override("en"):
        labels = [str(item.label) for item in entries(person)]

    assert [label for label in labels if label not in GENERAL] == expected
    assert [label for label in labels if label in GENERAL] == GENERAL


def test_the_entry_of_the_page_is_current(ortal: Person) -> None:
    def current(path: str) -> list[str]:
        return [item.url for item in entries(ortal, path) if item.current]

    assert current("/ruang/") == ["/ruang/"]
    assert current("/ruang/inovasi/INV-1/") == ["/ruang/inovasi/"]
    assert current("/ruang/lain/") == []


def test_drafts_are_counted(operator: Person) -> None:
    ReportDraft.objects.create(person=operator, saved_at=timezone.now())

    assert [item.count for item in entries(operator) if item.count] == [1]


def test_navigation_costs_roles_and_one_statement(
    operator: Person, ortal: Person, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(2):
        entries(operator)
    with django_assert_num_queries(1):
        entries(ortal)


def test_navigation_reads_nothing_unless_asked(
    operator: Person, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    request = RequestFactory().get("/")
    request.user = operator

    with django_assert_num_queries(0):
        room_nav(request)
