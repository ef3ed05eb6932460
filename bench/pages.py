"""Pages at 40 to 30,000 innovations: statements, time, CPU, bytes; the floor is one statement."""

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.template import engines
from django.test import Client
from django.urls import reverse

from bench.measure import Measurement, measure
from bench.world import ROUND
from tifa.evaluation.models import Round, ScoreSheet
from tifa.organisation.models import Person
from tifa.registry.models import Innovation

FLOOR = "{% for row in rows %}<li>{{ row.code }} {{ row.title }}</li>{% endfor %}"


def measure_pages(rows: int) -> Iterator[Measurement]:
    """Yield the measurement of every page in the promise, the floor first."""
    ortal = _signed_in(Person.objects.get(email="ortal@example.org"))
    sheet = ScoreSheet.objects.select_related("member__person", "entry__innovation").first()
    if sheet is None or sheet.member.person is None:
        raise RuntimeError("the round has no score sheet")
    judge = _signed_in(sheet.member.person)
    code = sheet.entry.innovation.code
    round_ = Round.objects.get(code=ROUND)
    pages: dict[str, Callable[[], HttpResponseBase]] = {
        "floor: one statement, 25 rows": _floor,
        "internal list, searched and filtered": _get(
            ortal, reverse("chain:innovation_list") + "?q=keliling&function=pelayanan"
        ),
        "reporting gaps": _get(ortal, reverse("chain:gaps")),
        "dashboard of the round": _get(ortal, reverse("evaluation:round_detail", args=[round_.pk])),
        "the same, all entries by mean": _get(
            ortal, reverse("evaluation:round_detail", args=[round_.pk]) + "?sort=mean"
        ),
        "one entry with its reviews": _get(ortal, reverse("evaluation:entry_detail", args=[sheet.entry.pk])),
        "one innovation": _get(ortal, reverse("chain:innovation_detail", args=[code])),
        "public catalogue": _get(_client(), reverse("portal:catalogue")),
        "export of all scores (CSV)": _get(
            ortal, reverse("evaluation:round_export", args=[round_.pk, "csv"])
        ),
        "score sheet, read": _get(judge, reverse("evaluation:sheet_edit", args=[sheet.entry.pk])),
        "score sheet, saved": _save(judge, sheet),
    }
    for name, call in pages.items():
        yield measure(name, rows, call)


def _client() -> Client:
    return Client(headers={"host": "localhost"})


def _signed_in(person: Person) -> Client:
    client = _client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def _get(client: Client, url: str) -> Callable[[], HttpResponseBase]:
    return lambda: client.get(url)


@cache
def _floor_template() -> Any:
    return engines["django"].from_string(FLOOR)


def _floor() -> HttpResponseBase:
    rows = Innovation.objects.order_by("-recorded_at", "-pk").only("code", "title")[:25]
    return HttpResponse(_floor_template().render({"rows": rows}))


def _save(client: Client, sheet: ScoreSheet) -> Callable[[], HttpResponseBase]:
    url = reverse("evaluation:sheet_edit", args=[sheet.entry.pk])
    sections = list(sheet.scores.values_list("section", flat=True))

    def save() -> HttpResponseBase:
        version = ScoreSheet.objects.values_list("version", flat=True).get(pk=sheet.pk)
        data: dict[str, object] = {"version": version, "action": "submit"}
        for number, section in enumerate(sections):
            data |= {
                f"{section}-state": "scored",
                f"{section}-value": 60 + (version + number) % 40,
                f"{section}-note": "Catatan.",
            }
        return client.post(url, data)

    return save
