"""People and roles: entering, changing, and never losing the last administrator."""

import re

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from tests.factories import Town, make_person
from tests.organisation.conftest import RoomOf
from tests.whole.html import faults_of
from tifa.core.models import Event
from tifa.organisation.choices import Role
from tifa.organisation.models import Membership, Person
from tifa.organisation.services import LastAdministrator, revoke_role

LIST = reverse("organisation:people_list")
CREATE = reverse("organisation:person_create")


def edit_url(person: Person) -> str:
    return reverse("organisation:person_edit", args=[person.pk])


def revoke_url(membership: Membership) -> str:
    return reverse("organisation:role_revoke", args=[membership.person_id, membership.pk])


def page_of(client: Client, url: str) -> str:
    page = client.get(url, follow=True).content.decode()
    assert faults_of(page) == []
    return str(page)


def test_list_shows_people_with_their_roles(room_of: RoomOf, administrator: Person, operator: Person) -> None:
    page = page_of(room_of(administrator), LIST)

    assert "operator@example.org" in page
    assert "Operator, Puskesmas Abepura" in page


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?q=oper", ["operator@example.org"]),
        ("?q=OPER+example.org", ["operator@example.org"]),
        ("?role=judge", ["judge@example.org"]),
        ("?q=tidakada", []),
        ("?q=%00oper", ["operator@example.org"]),
    ],
)
def test_list_is_searched(
    room_of: RoomOf, administrator: Person, operator: Person, judge: Person, query: str, expected: list[str]
) -> None:
    page = page_of(room_of(administrator), LIST + query)

    shown = re.findall(r'data-label="E-mail address">([^<]+)<', page)
    assert shown == expected
    assert ("Nobody fits the search." in page) is (not expected)


def test_list_leaves_an_unknown_role_out(room_of: RoomOf, administrator: Person) -> None:
    page = page_of(room_of(administrator), LIST + "?role=raja&page=abc")

    assert "There is no role “raja”" in page
    assert "administrator@example.org" in page


def test_list_costs_the_same_with_one_and_three_people(
    room_of: RoomOf, town: Town, administrator: Person, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = room_of(administrator)
    with django_assert_num_queries(6):
        client.get(LIST)

    for name in ("a", "b"):
        make_person(f"{name}@example.org", Role.OPERATOR, town.kampung)
    with django_assert_num_queries(6):
        client.get(LIST)


@pytest.mark.parametrize("role", ["operator", "ortal", "leader", "auditor", "judge"])
def test_people_are_for_administrators_only(
    room_of: RoomOf, role: str, request: pytest.FixtureRequest
) -> None:
    person: Person = request.getfixturevalue(role)
    client = room_of(person)

    assert [client.get(url).status_code for url in (LIST, CREATE, edit_url(person))] == [403, 403, 403]


def test_new_person_gets_a_role_and_a_link(room_of: RoomOf, town: Town, administrator: Person) -> None:
    client = room_of(administrator)
    content = {"name": "Maria Wanda", "email": "Maria@Example.org", "role": "operator", "unit": "PKM.ABEPURA"}

    response = client.post(CREATE, content)

    person = Person.objects.get(email="maria@example.org")
    assert response.status_code == 302
    assert [(one.role, one.unit) for one in person.memberships.all()] == [("operator", town.puskesmas)]
    assert not person.has_usable_password()
    assert [message.to for message in mail.outbox] == [["maria@example.org"]]
    assert "A mail with the link to set a password went to maria@example.org" in page_of(
        client, edit_url(person)
    )
    assert list(Event.objects.order_by("sequence").values_list("action", flat=True)) == [
        "person.created",
        "role.granted",
    ]


def test_the_link_sets_a_password(room_of: RoomOf, town: Town, administrator: Person, client: Client) -> None:
    room_of(administrator).post(CREATE, {"name": "Maria Wanda", "email": "maria@example.org"})
    found = re.search(r"/akun/\S+", str(mail.outbox[0].body))
    assert found is not None

    shown = client.get(found.group(), follow=True)
    client.post(
        shown.redirect_chain[-1][0], {"password1": "burung-cenderawasih", "password2": "burung-cenderawasih"}
    )

    assert Person.objects.get(email="maria@example.org").check_password("burung-cenderawasih")


def test_a_mail_that_cannot_go_loses_nobody(
    room_of: RoomOf, town: Town, administrator: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> int:
        raise ConnectionRefusedError

    monkeypatch.setattr(EmailBackend, "send_messages", refuse)
    client = room_of(administrator)

    client.post(CREATE, {"name": "Maria Wanda", "email": "maria@example.org"})

    person = Person.objects.get(email="maria@example.org")
    assert "could not be sent" in page_of(client, edit_url(person))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ({"name": "", "email": "a@example.org"}, "This field is required."),
        ({"name": "A", "email": "bukan alamat"}, "Enter a valid email address."),
        ({"name": "A", "email": "Administrator@example.org"}, "Somebody has this address already."),
        ({"name": "A", "email": "a@example.org", "role": "operator"}, "In which unit?"),
        ({"name": "A", "email": "a@example.org", "unit": "91.71"}, "Which role in this unit?"),
        ({"name": "A", "email": "a@example.org", "role": "raja", "unit": "91.71"}, "Select a valid choice."),
        ({"name": "A", "email": "a@example.org", "role": "operator", "unit": "X"}, "Select a valid choice."),
    ],
)
def test_wrong_person_comes_back_with_a_sentence(
    room_of: RoomOf, administrator: Person, content: dict[str, str], sentence: str
) -> None:
    response = room_of(administrator).post(CREATE, content)

    page = response.content.decode()
    assert response.status_code == 422
    assert sentence in page
    assert faults_of(page) == []
    assert Person.objects.count() == 1
    assert mail.outbox == []


def test_person_is_renamed_and_closed(room_of: RoomOf, administrator: Person, operator: Person) -> None:
    room_of(administrator).post(edit_url(operator), {"name": "Nama Baru"})

    operator.refresh_from_db()
    assert (operator.name, operator.is_active) == ("Nama Baru", False)
    assert Event.objects.get().detail["before"] == {"name": "operator", "is_active": True}


def test_nobody_closes_their_own_sign_in(room_of: RoomOf, administrator: Person) -> None:
    response = room_of(administrator).post(edit_url(administrator), {"name": "Saya"})

    administrator.refresh_from_db()
    assert response.status_code == 422
    assert "You cannot take your own sign-in away." in response.content.decode()
    assert (administrator.name, administrator.is_active) == ("administrator", True)


def test_role_is_granted_once(room_of: RoomOf, town: Town, administrator: Person, operator: Person) -> None:
    client = room_of(administrator)
    url = reverse("organisation:role_grant", args=[operator.pk])

    first = client.post(url, {"new-role": "judge", "new-unit": "91.71"})
    second = client.post(url, {"new-role": "judge", "new-unit": "91.71"})

    assert (first.status_code, second.status_code) == (302, 422)
    assert "This person has that role in that unit already." in second.content.decode()
    assert Membership.objects.filter(person=operator).count() == 2


def test_role_is_taken_away(room_of: RoomOf, administrator: Person, operator: Person) -> None:
    room_of(administrator).post(revoke_url(operator.memberships.get()))

    assert not operator.memberships.exists()
    assert Event.objects.get().action == "role.revoked"


def test_own_last_administrator_role_stays(room_of: RoomOf, town: Town, administrator: Person) -> None:
    make_person("second@example.org", Role.ADMINISTRATOR, town.city)
    client = room_of(administrator)

    client.post(revoke_url(administrator.memberships.get()))

    assert administrator.memberships.count() == 1
    assert "This is your own last role as administrator." in page_of(client, edit_url(administrator))


def test_one_of_two_own_administrator_roles_goes(room_of: RoomOf, town: Town, administrator: Person) -> None:
    extra = Membership.objects.create(person=administrator, unit=town.distrik, role=Role.ADMINISTRATOR)

    room_of(administrator).post(revoke_url(extra))

    assert [one.unit for one in administrator.memberships.all()] == [town.city]


def test_last_administrator_stays_even_for_others(town: Town, administrator: Person) -> None:
    gone = make_person("gone@example.org", Role.ADMINISTRATOR, town.city, is_active=False)

    with pytest.raises(LastAdministrator):
        revoke_role(actor=gone, membership=administrator.memberships.get())

    assert administrator.memberships.count() == 1


def test_role_of_somebody_else_is_not_reached_by_address(
    room_of: RoomOf, administrator: Person, operator: Person, judge: Person
) -> None:
    url = reverse("organisation:role_revoke", args=[judge.pk, operator.memberships.get().pk])

    assert room_of(administrator).post(url).status_code == 404
    assert operator.memberships.count() == 1


def test_link_is_sent_again(room_of: RoomOf, administrator: Person, operator: Person) -> None:
    room_of(administrator).post(reverse("organisation:password_link", args=[operator.pk]))

    assert [message.to for message in mail.outbox] == [["operator@example.org"]]
