"""Attacks: what a conflict hides is looked for on every page, count, search and export, in every role."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import pytest
from django.test import Client
from django.urls import reverse

from tests.conftest import ClientOf
from tests.evaluation.dividing import divide
from tests.evaluation.makers import CLOSED, NOW, entries_of, judge_entry, make_judges, make_round
from tests.factories import Town, make_innovation, make_person
from tifa.evaluation.models import AssignmentPlan, Conflict, Entry, PanelMember, Round
from tifa.evaluation.selectors.dividing import newest_plan
from tifa.evaluation.services.panel import declare_conflict
from tifa.evaluation.services.rounds import close_round, open_round
from tifa.evaluation.urls import urlpatterns
from tifa.organisation.choices import Role
from tifa.organisation.models import Membership, Person
from tifa.registry.choices import EvidenceKind
from tifa.registry.models import Evidence

HIDDEN_TITLE = "Perahu Rahasia"
SECRET = re.compile(r"77[,.]31")
DOWNLOADS = ("csv", "xlsx")


@dataclass(frozen=True)
class Scene:
    """A round with an entry of the health centre, which a judge of the department must not see."""

    round: Round
    hidden: Entry
    shown: Entry
    insider: Person
    others: list[Person]
    evidence: Evidence


@pytest.fixture(params=["everyone", "divided"])
def scene(request: pytest.FixtureRequest, town: Town, ortal: Person) -> Scene:
    insider, *others = make_judges(town, 3)
    Membership.objects.create(person=insider, unit=town.department, role=Role.OPERATOR)
    round_ = make_round(town, [insider, *others], entries=0)
    for unit, title in ((town.puskesmas, HIDDEN_TITLE), (town.distrik, "Antre"), (town.kampung, "Pos")):
        innovation = make_innovation(unit, title=title, verified_on=NOW.date(), published_on=NOW.date())
        Entry.objects.create(round=round_, innovation=innovation)
    round_ = open_round(actor=None, round_=round_, on=NOW.date())
    if request.param == "divided":
        round_ = divide(ortal, round_, each=2)
    by_title = {entry.innovation.title: entry for entry in entries_of(round_)}
    hidden = by_title[HIDDEN_TITLE]
    for judge in others:
        judge_entry(judge, hidden, "77.31")
    evidence = Evidence.objects.create(
        innovation=hidden.innovation,
        kind=EvidenceKind.OTHER,
        title=HIDDEN_TITLE,
        url="https://contoh.example.org",
        added_by=ortal,
        added_at=NOW,
    )
    return Scene(round_, hidden, by_title["Antre"], insider, others, evidence)


def addresses(scene: Scene) -> Iterator[str]:
    """Yield every address of the evaluation, with the round, the hidden entry and what hangs on it; then searches."""
    round_ = scene.round.pk
    for pattern in urlpatterns:
        for values in _values(scene, str(pattern.pattern)):
            yield reverse(f"evaluation:{pattern.name}", args=values)
    for query in ("?q=Rahasia", "?sort=mean", "?sort=judges", "?state=complete", "?page=2"):
        yield reverse("evaluation:round_detail", args=[round_]) + query
    for query in ("?q=Rahasia", "?state=submitted", "?state=not_begun"):
        yield reverse("evaluation:judging_round", args=[round_]) + query
    yield reverse("evaluation:round_entries", args=[round_]) + "?choice=in"
    yield reverse("evaluation:conflict_list", args=[round_]) + "?q=Rahasia"
    yield reverse("portal:start")
    yield reverse("portal:results")
    yield reverse("portal:result", args=[scene.round.code])
    for fmt in (*DOWNLOADS, "json"):
        yield reverse("portal:result_download", args=[scene.round.code, fmt])


def _values(scene: Scene, route: str) -> Iterator[list[object]]:
    """Yield what fits the parameters of a route, in their order; a parameter that is not known here fails."""
    names = re.findall(r"<(?:\w+:)?(\w+)>", route)
    about = "entry" if route.startswith(("putaran/entri/", "penilaian/lembar/", "umpan-balik/")) else "round"
    known: dict[str, list[object]] = {
        "pk": [scene.hidden.pk if about == "entry" else scene.round.pk],
        "conflict_pk": [*Conflict.objects.filter(entry=scene.hidden).values_list("pk", flat=True)],
        "member_pk": [*PanelMember.objects.filter(round=scene.round).values_list("pk", flat=True)],
        "plan_pk": [*AssignmentPlan.objects.filter(round=scene.round).values_list("pk", flat=True)],
        "evidence_pk": [scene.evidence.pk],
        "fmt": [*DOWNLOADS, "json"],
    }
    for values in product(*(known[name] for name in names)):
        yield list(values)


def text_of(client: Client, address: str) -> str:
    """Return what an address shows, whatever its form; nothing when it is refused."""
    response = client.get(address)
    if response.status_code != 200:
        return ""
    content = b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined]
    return content.decode(errors="replace")


def leaks(client: Client, scene: Scene) -> list[str]:
    """Return the addresses that show a trace of the hidden entry.

    The start page names what waits in the chain of the person's own unit, by right: there only scores would be a trace.
    """
    own = reverse("portal:start")
    traces = re.compile(f"{HIDDEN_TITLE}|{re.escape(scene.hidden.innovation.code)}|{SECRET.pattern}")
    return [
        address
        for address in addresses(scene)
        if (SECRET if address == own else traces).search(text_of(client, address))
    ]


def test_there_is_something_to_leak(client_of: ClientOf, scene: Scene, ortal: Person) -> None:
    assert Conflict.objects.get(entry=scene.hidden).source == "branch"
    found = leaks(client_of(ortal), scene)

    assert reverse("evaluation:round_detail", args=[scene.round.pk]) in found
    assert reverse("evaluation:entry_detail", args=[scene.hidden.pk]) in found
    assert reverse("evaluation:round_export", args=[scene.round.pk, "csv"]) in found


def test_a_conflicted_judge_finds_nothing(client_of: ClientOf, scene: Scene) -> None:
    assert leaks(client_of(scene.insider), scene) == []


@pytest.mark.parametrize("role", [Role.ORTAL, Role.LEADER])
def test_another_role_does_not_help_a_conflicted_judge(
    client_of: ClientOf, scene: Scene, town: Town, ortal: Person, role: Role
) -> None:
    Membership.objects.create(person=scene.insider, unit=town.city, role=role)
    client = client_of(scene.insider)

    assert leaks(client, scene) == []
    close_round(actor=ortal, round_=scene.round, on=CLOSED)
    assert leaks(client, scene) == []


@pytest.mark.parametrize("role", [Role.ORTAL, Role.LEADER])
def test_no_count_tells_a_conflicted_judge_of_the_entry(
    client_of: ClientOf, scene: Scene, town: Town, role: Role
) -> None:
    """The same pages with the entry gone from the round show the same numbers."""
    Membership.objects.create(person=scene.insider, unit=town.city, role=role)
    client = client_of(scene.insider)

    def numbers() -> list[object]:
        detail = client.get(reverse("evaluation:round_detail", args=[scene.round.pk])).context["progress"]
        listed = client.get(reverse("evaluation:round_list")).context["page_obj"].object_list
        judging = client.get(reverse("evaluation:judging_list")).context["page_obj"].object_list
        return [
            (detail.entries, detail.complete, detail.begun, detail.expected, detail.submitted, detail.drafts),
            [(one.submitted, one.expected, one.drafts, one.conflicts) for one in detail.judges],
            [one.entry_count for one in listed],
            [(one.expected, one.submitted, one.drafts) for one in judging],
        ]

    with_it = numbers()
    Entry.objects.filter(pk=scene.hidden.pk).delete()

    assert numbers() == with_it


def test_a_judge_of_others_sees_no_score_but_their_own(client_of: ClientOf, scene: Scene) -> None:
    """A judge without a conflict sees the entry, and of the scores only what they gave."""
    first, second = scene.others
    judge_entry(second, scene.shown, "66.13") if can_judge(second, scene.shown) else None
    client = client_of(first)
    wrong = [address for address in addresses(scene) if re.search(r"66[,.]13", text_of(client, address))]

    assert wrong == []


def can_judge(person: Person, entry: Entry) -> bool:
    divided = entry.round.reviews_each is not None
    return not divided or entry.assignments.filter(member__person=person).exists()


def test_nobody_sees_what_is_assigned_to_others(client_of: ClientOf, scene: Scene, town: Town) -> None:
    if scene.round.reviews_each is None:
        pytest.skip("everybody judges everything")
    for person in (scene.insider, *scene.others):
        client = client_of(person)
        for entry in entries_of(scene.round):
            for name in ("sheet_edit", "sheet_conflict"):
                status = client.get(reverse(f"evaluation:{name}", args=[entry.pk])).status_code
                assert status == (200 if can_judge(person, entry) else 404)
            saved = client.post(reverse("evaluation:sheet_autosave", args=[entry.pk]), {"version": 0})
            assert (saved.status_code == 404) != can_judge(person, entry)


def test_whoever_judges_does_not_divide_the_work(
    client_of: ClientOf, scene: Scene, town: Town, ortal: Person
) -> None:
    Membership.objects.create(person=scene.insider, unit=town.city, role=Role.ORTAL)
    client = client_of(scene.insider)
    round_ = scene.round
    post = {
        reverse("evaluation:assignment", args=[round_.pk]): {"reviews_each": 1},
        reverse("evaluation:assignment_judges", args=[round_.pk]): {},
        reverse("evaluation:assignment_dissolve", args=[round_.pk]): {},
        reverse("evaluation:entry_assign", args=[scene.shown.pk]): {"action": "topic", "topic": "x"},
        reverse("evaluation:judge_withdraw", args=[round_.pk, PanelMember.objects.all()[0].pk]): {
            "action": "withdraw",
            "reason": "x",
        },
    }

    for address, data in post.items():
        assert (client.get(address).status_code, client.post(address, data).status_code) in {
            (404, 404),
            (405, 404),
        }
    assert newest_plan(round_) is None


@pytest.mark.parametrize("place", ["puskesmas", "distrik"])
def test_operators_and_the_public_learn_nothing_before_the_publication(
    client_of: ClientOf, scene: Scene, town: Town, ortal: Person, place: str
) -> None:
    """The applicant, an operator of another unit, and a visitor: neither pages nor files name the round or a score."""
    people = [make_person("applicant@example.org", Role.OPERATOR, getattr(town, place)), None]
    for close in (False, True):
        if close:
            close_round(actor=ortal, round_=scene.round, on=CLOSED)
        for person in people:
            client = client_of(person) if person else Client()
            pages = [
                *addresses(scene),
                reverse("portal:catalogue"),
                reverse("portal:catalogue") + "?q=Rahasia",
                reverse("portal:innovation", args=[scene.hidden.innovation.code]),
                reverse("chain:innovation_detail", args=[scene.hidden.innovation.code]),
                reverse("chain:innovation_export", args=["csv"]),
            ]
            texts = {address: text_of(client, address) for address in pages}
            named = [
                address
                for address, text in texts.items()
                if SECRET.search(text) or scene.round.name in text or scene.round.code in text
            ]
            assert named == []


def test_a_declared_conflict_hides_as_a_found_one_does(
    client_of: ClientOf, scene: Scene, ortal: Person
) -> None:
    judge = next(one for one in scene.others if can_judge(one, scene.shown))
    member = PanelMember.objects.get(person=judge, round=scene.round)
    declare_conflict(actor=ortal, entry=scene.shown, member=member, reason="", now=NOW)
    client = client_of(judge)

    texts = [text_of(client, address) for address in addresses(scene)]

    assert not any(scene.shown.innovation.code in text for text in texts)
