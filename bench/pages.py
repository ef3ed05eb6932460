"""Pages at 40, 300, 3,000 and 30,000 innovations: statements, time, CPU, bytes; the floor is one statement."""

from collections.abc import Callable, Iterator

from django.core.cache import cache
from django.http import HttpResponse, HttpResponseBase
from django.template import engines
from django.test import Client
from django.urls import reverse

from bench.measure import Measurement, measure
from bench.world import ROUND
from tifa.evaluation.models import ScoreSheet
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
    pages: dict[str, Callable[[], HttpResponseBase]] = {
        "floor: one statement, 25 rows": _floor,
        "internal list, searched and filtered": _get(
            ortal, reverse("chain:innovation_list") + "?q=keliling&function=pelayanan"
        ),
        "reporting gaps": _get(ortal, reverse("chain:gaps")),
        "dashboard of the round": _get(ortal, reverse("evaluation:round_detail", args=[ROUND])),
        "one entry": _get(ortal, reverse("chain:innovation_detail", args=[code])),
        "public catalogue": _get(Client(), reverse("portal:catalogue")),
        "export of all scores (CSV)": _get(ortal, reverse("evaluation:round_export", args=[ROUND, "csv"])),
        "score sheet, read": _get(judge, reverse("evaluation:sheet_edit", args=[ROUND, code])),
        "score sheet, saved": _save(judge, sheet),
    }
    for name, call in pages.items():
        cache.clear()
        yield measure(name, rows, call)


def _signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def _get(client: Client, url: str) -> Callable[[], HttpResponseBase]:
    return lambda: client.get(url)


def _floor() -> HttpResponseBase:
    template = engines["django"].from_string(FLOOR)
    rows = Innovation.objects.order_by("-recorded_at", "-pk").only("code", "title")[:25]
    return HttpResponse(template.render({"rows": rows}))


def _save(client: Client, sheet: ScoreSheet) -> Callable[[], HttpResponseBase]:
    url = reverse("evaluation:sheet_edit", args=[ROUND, sheet.entry.innovation.code])
    sections = list(sheet.scores.values_list("section", flat=True))

    def save() -> HttpResponseBase:
        version = ScoreSheet.objects.values_list("version", flat=True).get(pk=sheet.pk)
        data: dict[str, object] = {"version": version}
        for number, section in enumerate(sections):
            data |= {
                f"{section}-state": "scored",
                f"{section}-value": 60 + (version + number) % 40,
                f"{section}-note": "Catatan.",
            }
        return client.post(url, data)

    return save
