"""The sheet `Unit`: the tree of government, each unit by its code."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from tifa.core.audit import Action
from tifa.core.batches import chunks
from tifa.core.spreadsheets import Row
from tifa.exchange.format import ALIAS_MARK, NAME_LENGTH, UNITS
from tifa.exchange.report import Tally
from tifa.exchange.sheets.desk import BATCH, Desk
from tifa.organisation.models import Unit, UnitAlias


@dataclass(frozen=True)
class UnitFacts:
    """What a workbook says of a unit; the parent by its code, empty for a root."""

    name: str = ""
    kind: str = ""
    parent: str = ""
    aliases: tuple[str, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True)
class UnitPlan:
    """The units to be written; ``parents`` gives the parent of each unit as it will be."""

    stored: Mapping[str, UnitFacts]
    wanted: Mapping[str, UnitFacts]
    parents: Mapping[str, str]

    @property
    def created(self) -> list[str]:
        """Return the codes of new units."""
        return [code for code in self.wanted if code not in self.stored]

    @property
    def changed(self) -> list[str]:
        """Return the codes of units that are stored otherwise."""
        return [
            code for code, facts in self.wanted.items() if code in self.stored and self.stored[code] != facts
        ]

    @property
    def tally(self) -> Tally:
        """Return how many are new, changed, and the same."""
        created, changed = len(self.created), len(self.changed)
        return Tally(created, changed, len(self.wanted) - created - changed)


def plan_units(desk: Desk) -> UnitPlan:
    """Compare the sheet with what is stored, and note what does not fit."""
    stored = _stored()
    seen: dict[str, Row] = {}
    wanted: dict[str, UnitFacts] = {}
    for row in desk.rows(UNITS):
        code = desk.check_code(UNITS, row, "kode")
        if not code or not desk.check_once(UNITS, row, "kode", seen[code].number if code in seen else None):
            continue
        seen[code] = row
        wanted[code] = _facts(desk, row, stored.get(code, UnitFacts()))
    parents = {code: facts.parent for code, facts in {**stored, **wanted}.items()}
    for code, row in seen.items():
        if parents[code] and parents[code] not in parents:
            desk.refuse(UNITS, row, "induk", _("the code of a unit of this workbook or of the database"))
    _check_tree(desk, seen, parents)
    _check_reach(desk, seen, stored, parents)
    return UnitPlan(stored, wanted, parents)


def write_units(plan: UnitPlan) -> list[Action]:
    """Write new and changed units with their aliases; parents may stand below their children."""
    codes = [*plan.created, *plan.changed]
    if not codes:
        return []
    Unit.objects.bulk_create(
        [_unit(code, plan.wanted[code]) for code in codes],
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["name", "kind", "valid_from", "valid_to"],
    )
    keys = dict(Unit.objects.values_list("code", "pk"))
    blank = UnitFacts()
    moved = [code for code in codes if plan.wanted[code].parent != plan.stored.get(code, blank).parent]
    Unit.objects.bulk_update(
        [Unit(pk=keys[code], parent_id=keys.get(plan.wanted[code].parent)) for code in moved],
        ["parent"],
        batch_size=BATCH,
    )
    renamed = [code for code in codes if plan.wanted[code].aliases != plan.stored.get(code, blank).aliases]
    for piece in chunks(keys[code] for code in renamed):
        UnitAlias.objects.filter(unit__in=piece).delete()
    UnitAlias.objects.bulk_create(
        (UnitAlias(unit_id=keys[code], text=text) for code in renamed for text in plan.wanted[code].aliases),
        batch_size=BATCH,
    )
    return _actions(plan)


def _stored() -> dict[str, UnitFacts]:
    aliases: dict[str, list[str]] = {}
    for code, text in UnitAlias.objects.values_list("unit__code", "text"):
        aliases.setdefault(code, []).append(text)
    fields = ("code", "name", "kind", "parent__code", "valid_from", "valid_to")
    return {
        code: UnitFacts(name, kind, parent or "", tuple(sorted(aliases.get(code, ()))), begin, end)
        for code, name, kind, parent, begin, end in Unit.objects.values_list(*fields)
    }


def _facts(desk: Desk, row: Row, before: UnitFacts) -> UnitFacts:
    has = row.values.__contains__
    facts = UnitFacts(
        name=row.text("nama"),
        kind=row.text("jenis"),
        parent=row.text("induk") if has("induk") else before.parent,
        aliases=_aliases(desk, row) if has("alias") else before.aliases,
        valid_from=row.day("berlaku_dari") if has("berlaku_dari") else before.valid_from,
        valid_to=row.day("berlaku_sampai") if has("berlaku_sampai") else before.valid_to,
    )
    if facts.valid_from and facts.valid_to and facts.valid_from > facts.valid_to:
        desk.refuse(
            UNITS,
            row,
            "berlaku_sampai",
            _("a day on or after the column berlaku_dari (%s)") % facts.valid_from,
            found=str(facts.valid_to),
        )
    return facts


def _aliases(desk: Desk, row: Row) -> tuple[str, ...]:
    texts = {part.strip() for part in row.text("alias").split(ALIAS_MARK)} - {""}
    for text in texts:
        if len(text) > NAME_LENGTH:
            desk.refuse(
                UNITS,
                row,
                "alias",
                _("at most %d characters an alias; a semicolon stands between two") % NAME_LENGTH,
                found=text,
            )
    return tuple(sorted(texts))


def _check_tree(desk: Desk, seen: Mapping[str, Row], parents: Mapping[str, str]) -> None:
    """Note each circle once, at the first row of the sheet that is part of it."""
    done: set[str] = set()
    for start in seen:
        path: dict[str, None] = {}
        code = start
        while code and code in parents and code not in done and code not in path:
            path[code] = None
            code = parents[code]
        done.update(path)
        if code in path:
            walked = list(path)
            circle = walked[walked.index(code) :]
            first = min((seen[one] for one in circle if one in seen), key=lambda one: one.number)
            found = " → ".join([*circle, code])
            desk.refuse(UNITS, first, "induk", _("a tree: no unit is part of itself"), found=found)


def _check_reach(
    desk: Desk, seen: Mapping[str, Row], stored: Mapping[str, UnitFacts], parents: Mapping[str, str]
) -> None:
    if desk.reach is None:
        return
    reach = set(desk.reach)
    for code, row in seen.items():
        line: dict[str, None] = {}
        above = code if code in stored else parents[code]
        while above and above not in line and above not in reach:
            line[above] = None
            above = parents.get(above, "")
        if above in reach:
            reach.update([code, *line])
        desk.reach = frozenset(reach)
        desk.check_reach(UNITS, row, "kode", code)


def _unit(code: str, facts: UnitFacts) -> Unit:
    return Unit(
        code=code, name=facts.name, kind=facts.kind, valid_from=facts.valid_from, valid_to=facts.valid_to
    )


def _actions(plan: UnitPlan) -> list[Action]:
    created = [
        Action("unit.created", "unit", code, {"after": _plain(plan.wanted[code])}) for code in plan.created
    ]
    changed = [
        Action(
            "unit.changed",
            "unit",
            code,
            {"before": _plain(plan.stored[code]), "after": _plain(plan.wanted[code])},
        )
        for code in plan.changed
    ]
    return created + changed


def _plain(facts: UnitFacts) -> dict[str, Any]:
    return {key: str(value) if isinstance(value, date) else value for key, value in asdict(facts).items()}
