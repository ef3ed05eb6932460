"""The funnel of every unit, to be frozen, and the copy that the public reads."""

from collections import Counter
from typing import Any

from tifa.chain.choices import LEDGER_STEPS, Ledger, Step
from tifa.chain.models import LedgerPublication
from tifa.chain.selectors.ledgers import Scope
from tifa.organisation.selectors import UnitTree, unit_tree


def unit_funnels(scope: Scope) -> list[dict[str, Any]]:
    """Return the ledgers of every unit of the scope with its subtree, in the order of the tree."""
    tree = unit_tree()
    own = _own_counts(scope)
    return [
        {
            "code": unit.code,
            "name": unit.name,
            "kind": unit.kind,
            "depth": depth,
            "ledgers": _summed(own, tree, unit.pk),
        }
        for depth, unit in tree.in_order()
        if scope.unit_ids is None or unit.pk in scope.unit_ids
    ]


def current_ledgers() -> LedgerPublication | None:
    """Return the newest published funnel, or nothing."""
    return LedgerPublication.objects.first()


def _own_counts(scope: Scope) -> dict[int, Counter[str]]:
    counts: dict[int, Counter[str]] = {}
    for unit_id in scope.innovations().values_list("unit_id", flat=True):
        counts.setdefault(unit_id, Counter())[Ledger.KNOWN.value] += 1
    ledger_of = {step: ledger for ledger, steps in LEDGER_STEPS.items() for step in steps}
    reached = scope.handoffs().filter(step__in=list(ledger_of)).order_by()
    pairs = {
        (unit_id, key, ledger_of[Step(step)])
        for unit_id, key, step in reached.values_list("innovation__unit", "innovation", "step").distinct()
    }
    for unit_id, _, ledger in pairs:
        counts[unit_id][ledger.value] += 1
    return counts


def _summed(own: dict[int, Counter[str]], tree: UnitTree, unit_id: int) -> dict[str, int]:
    total: Counter[str] = Counter()
    for key in tree.subtree(unit_id):
        total.update(own.get(key, {}))
    return {ledger.value: total[ledger.value] for ledger in Ledger}
