"""Every page of the chain opens and is valid HTML."""

import pytest
from django.urls import reverse

from tests.chain.conftest import Enter
from tests.conftest import TODAY
from tests.factories import Town, make_innovation, walk_chain
from tests.whole.html import faults_of
from tifa.chain.choices import Step
from tifa.chain.models import ReportDraft
from tifa.organisation.models import Person


@pytest.mark.parametrize(
    ("name", "who"),
    [
        ("innovation_list", "operator"),
        ("innovation_list", "ortal"),
        ("report_start", "operator"),
        ("nil_report", "operator"),
        ("finding_create", "ortal"),
        ("gaps", "operator"),
        ("gaps", "leader"),
        ("coverage", "auditor"),
        ("ledgers_publish", "ortal"),
    ],
)
def test_page_opens(request: pytest.FixtureRequest, enter: Enter, town: Town, name: str, who: str) -> None:
    walk_chain(make_innovation(town.puskesmas), (Step.REPORTED, TODAY))
    make_innovation(town.puskesmas)

    response = enter(request.getfixturevalue(who)).get(reverse(f"chain:{name}"))

    assert response.status_code == 200
    assert faults_of(response.content.decode()) == []


@pytest.mark.parametrize("who", ["operator", "ortal", "leader", "auditor"])
def test_detail_opens(request: pytest.FixtureRequest, enter: Enter, town: Town, who: str) -> None:
    innovation = walk_chain(
        make_innovation(town.puskesmas, source_url="javascript:alert(1)"),
        (Step.REPORTED, TODAY),
        (Step.VERIFIED, TODAY),
    )

    response = enter(request.getfixturevalue(who)).get(innovation.get_absolute_url())

    assert response.status_code == 200
    assert faults_of(response.content.decode()) == []
    assert 'href="javascript' not in response.content.decode()


def test_draft_opens(enter: Enter, operator: Person, town: Town) -> None:
    client = enter(operator)
    client.post(reverse("chain:report_start"))
    draft = ReportDraft.objects.get()

    for name in ("report_edit", "report_discard"):
        response = client.get(reverse(f"chain:{name}", args=[draft.pk]))

        assert response.status_code == 200
        assert faults_of(response.content.decode()) == []
    assert draft.content == {"unit": town.puskesmas.code}
