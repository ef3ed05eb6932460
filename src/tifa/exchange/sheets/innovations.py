"""The sheet `Inovasi`: each innovation by its code."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _

from tifa.core.audit import Action
from tifa.core.batches import chunks
from tifa.core.spreadsheets import Row
from tifa.exchange.format import HANDOFFS, INNOVATIONS, SCORES
from tifa.exchange.report import Tally
from tifa.exchange.sheets.desk import BATCH, Desk
from tifa.organisation.models import Unit
from tifa.registry.choices import Source
from tifa.registry.models import Innovation

# Column and field; the unit is held by its code.
TEXTS = {
    "judul": "title",
    "unit": "unit",
    "fungsi": "function",
    "tahap": "stage",
    "ringkasan": "summary",
    "urusan": "affairs",
    "sumber": "source",
    "keterangan_sumber": "source_note",
    "tautan_sumber": "source_url",
}
DATES = {"mulai_uji_coba": "trial_started", "mulai_penerapan": "use_started"}
FIELDS = (*TEXTS.values(), *DATES.values())
WEB_ADDRESS = URLValidator(schemes=["http", "https"])

Facts = Mapping[str, Any]


@dataclass(frozen=True)
class StoredInnovation:
    """An innovation of the database, as far as a workbook speaks of it."""

    pk: int
    version: int
    facts: Facts


@dataclass(frozen=True)
class InnovationPlan:
    """The innovations to be written, and all that other sheets may refer to."""

    stored: Mapping[str, StoredInnovation]
    wanted: Mapping[str, Facts]
    mentioned: frozenset[str]
    changed: Mapping[str, Facts] = field(default_factory=dict)

    @property
    def created(self) -> list[str]:
        """Return the codes of new innovations."""
        return [code for code in self.wanted if code not in self.stored]

    @property
    def tally(self) -> Tally:
        """Return how many are new, changed, and the same."""
        created, changed = len(self.created), len(self.changed)
        return Tally(created, changed, len(self.wanted) - created - changed)

    def knows(self, code: str) -> bool:
        """Return whether an innovation is stored or stands in the workbook."""
        return code in self.stored or code in self.mentioned

    def unit_of(self, code: str) -> str:
        """Return the code of the unit of an innovation, as it will be."""
        if code in self.wanted:
            return str(self.wanted[code]["unit"])
        return str(self.stored[code].facts["unit"]) if code in self.stored else ""


def plan_innovations(desk: Desk, units: Mapping[str, object]) -> InnovationPlan:
    """Compare the sheet with what is stored; ``units`` are the units that there will be."""
    stored = _stored(_referred(desk), locked=desk.locked)
    seen: dict[str, int] = {}
    wanted: dict[str, Facts] = {}
    for row in desk.rows(INNOVATIONS):
        code = desk.check_code(INNOVATIONS, row, "kode")
        if not code or not desk.check_once(INNOVATIONS, row, "kode", seen.get(code)):
            continue
        seen[code] = row.number
        before = stored[code].facts if code in stored else None
        facts = _facts(row, before)
        _check(desk, row, facts, before, units)
        wanted[code] = facts
    changed = {
        code: facts
        for code, facts in wanted.items()
        if code in stored and facts != _unbroken(stored[code].facts)
    }
    return InnovationPlan(stored, wanted, frozenset(seen), changed)


def write_innovations(plan: InnovationPlan, now: datetime) -> list[Action]:
    """Write new and changed innovations; what a workbook does not carry stays as it is."""
    created = plan.created
    if not created and not plan.changed:
        return []
    units = dict(Unit.objects.values_list("code", "pk"))
    Innovation.objects.bulk_create(
        (_innovation(code, plan.wanted[code], units, now, version=1) for code in created), batch_size=BATCH
    )
    Innovation.objects.bulk_create(
        (
            _innovation(code, facts, units, now, version=plan.stored[code].version + 1)
            for code, facts in plan.changed.items()
        ),
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=[*FIELDS, "version"],
    )
    return [
        *(_action("innovation.recorded", code, {"after": _plain(plan.wanted[code])}) for code in created),
        *(
            _action(
                "innovation.revised",
                code,
                {"before": _plain(plan.stored[code].facts), "after": _plain(facts)},
            )
            for code, facts in plan.changed.items()
        ),
    ]


def keys_of(codes: Iterable[str]) -> dict[str, int]:
    """Return the primary keys of innovations by code."""
    return {
        code: key
        for piece in chunks(codes)
        for code, key in Innovation.objects.filter(code__in=piece).values_list("code", "pk")
    }


def _referred(desk: Desk) -> dict[str, None]:
    places = ((INNOVATIONS, "kode"), (HANDOFFS, "inovasi"), (SCORES, "inovasi"))
    return dict.fromkeys(row.text(column) for sheet, column in places for row in desk.rows(sheet))


def _stored(codes: Iterable[str], *, locked: bool) -> dict[str, StoredInnovation]:
    units = dict(Unit.objects.values_list("pk", "code"))
    fields = ("code", "pk", "version", *FIELDS)
    found = {}
    for piece in chunks(codes):
        rows = Innovation.objects.filter(code__in=piece).order_by("pk").values(*fields)
        for values in rows.select_for_update() if locked else rows:
            values["unit"] = units[values["unit"]]
            found[values.pop("code")] = StoredInnovation(values.pop("pk"), values.pop("version"), values)
    return found


def _facts(row: Row, before: Facts | None) -> dict[str, Any]:
    facts: dict[str, Any] = (
        dict(_unbroken(before)) if before else {**dict.fromkeys(TEXTS.values(), ""), **_NO_DATES}
    )
    facts.update((name, row.text(column)) for column, name in TEXTS.items() if column in row.values)
    facts.update((name, row.day(column)) for column, name in DATES.items() if column in row.values)
    if not facts["source"]:
        facts["source"] = before["source"] if before else Source.REPORT.value
    return facts


def _unbroken(facts: Facts) -> Facts:
    """Return facts with the line ends that a workbook keeps."""
    return {
        name: value.replace("\r\n", "\n").replace("\r", "\n").strip() if isinstance(value, str) else value
        for name, value in facts.items()
    }


def _check(desk: Desk, row: Row, facts: Facts, before: Facts | None, units: Mapping[str, object]) -> None:
    if facts["unit"] and facts["unit"] not in units:
        desk.refuse(INNOVATIONS, row, "unit", _("the code of a unit of this workbook or of the database"))
    elif facts["unit"]:
        desk.check_reach(INNOVATIONS, row, "unit", facts["unit"])
    if before and before["unit"] != facts["unit"]:
        desk.check_reach(INNOVATIONS, row, "kode", before["unit"])
    trial, use = facts["trial_started"], facts["use_started"]
    if trial and use and trial > use:
        expected = _("a day on or after the column mulai_uji_coba (%s)") % trial
        desk.refuse(INNOVATIONS, row, "mulai_penerapan", expected, found=str(use))
    if facts["source_url"] and not _is_web_address(facts["source_url"]):
        desk.refuse(INNOVATIONS, row, "tautan_sumber", _("an address that begins with http:// or https://"))


def _is_web_address(text: str) -> bool:
    try:
        WEB_ADDRESS(text)
    except ValidationError:
        return False
    return True


def _innovation(
    code: str, facts: Facts, units: Mapping[str, int], now: datetime, *, version: int
) -> Innovation:
    values = {name: value for name, value in facts.items() if name != "unit"}
    return Innovation(code=code, unit_id=units[facts["unit"]], recorded_at=now, version=version, **values)


def _action(action: str, code: str, detail: dict[str, Any]) -> Action:
    return Action(action, "innovation", code, {"source": "workbook", **detail})


def _plain(facts: Facts) -> dict[str, Any]:
    return {name: str(value) if isinstance(value, date) else value for name, value in facts.items()}


_NO_DATES: dict[str, None] = dict.fromkeys(DATES.values())
