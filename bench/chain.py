"""The reporting gap of 30,000 innovations with planted gaps: how long it takes, and whether all of them are found."""

from collections.abc import Callable, Iterator

from django.db import connection
from tests.planted import DAY, City, plant

from bench.measure import Measurement, measure_call
from tifa.chain.selectors.board import Narrowed, board
from tifa.chain.selectors.flow import flow
from tifa.chain.selectors.ledgers import Scope, reporting_gap
from tifa.organisation.selectors import unit_tree

INNOVATIONS, UNITS = 30_000, 300


class NotFound(AssertionError):
    """A planted gap was not found, or one was found that nobody planted."""


def measure_chain(innovations: int = INNOVATIONS) -> Iterator[Measurement]:
    """Plant a city into the empty database, check what is found in it, then measure."""
    planted = plant(innovations, units=UNITS)
    with connection.cursor() as cursor:
        # A database that has run for a day knows its tables; one that was filled a moment ago does it while we measure.
        cursor.execute("ANALYZE")
    tree = unit_tree()
    scope = Scope(DAY, frozenset(tree.units))
    _check(planted, scope)
    found = reporting_gap(scope, tree=tree)
    calls: dict[str, Callable[[], object]] = {
        "reporting_gap with all lists": lambda: reporting_gap(scope, tree=tree),
        "board of holders": lambda: board(found, Narrowed(), tree),
        "flow figures": lambda: flow(scope, tree),
    }
    for name, call in calls.items():
        yield measure_call(name, innovations, call)


def _check(planted: City, scope: Scope) -> None:
    found = reporting_gap(scope)
    kinds = {gap.innovation: (gap.kind.value, gap.since, gap.due) for gap in found.gaps}
    wanted = {code: (gap.kind, gap.since, gap.due) for code, gap in planted.gaps.items()}
    silent = {unit.code for unit in found.silent_units}
    if (kinds, silent) != (wanted, planted.silent):
        raise NotFound(f"{len(kinds.items() ^ wanted.items())} gaps and {len(silent ^ planted.silent)} units")
