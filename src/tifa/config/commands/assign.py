"""`tifa assign`: who reviews what, or why nobody can."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import BaseModel, ConfigDict, ValidationError

from tifa.stats.assignment import Assignment, AssignmentError, AssignmentProblem, assign
from tifa.stats.assignment_problem import BRIDGE

HELP = "assign judges to proposals: conflicts, loads, expertise, comparability"
BAD_INPUT = 2


class _Problem(BaseModel):
    """The file as it is written."""

    model_config = ConfigDict(extra="forbid", strict=True)

    proposals: list[str]
    judges: list[str]
    reviews_each: int
    load: tuple[int, int] | None = None
    conflicts: list[tuple[str, str]] = []
    affinity: list[list[float]] | None = None
    bridge: float = BRIDGE
    seed: int = 0


class _Unreadable(Exception):
    """A file cannot be used; the message names it."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "problem",
        metavar="PROBLEM.json",
        help="proposals, judges, reviews_each, load [least, most], conflicts, affinity, bridge",
    )
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(options: argparse.Namespace) -> int:
    """Print the assignment; bad input leaves with 2."""
    try:
        problem = _problem(options.problem)
        found = assign(problem)
    except (_Unreadable, AssignmentError) as error:
        print(f"{options.problem}: {error}", file=sys.stderr)
        return BAD_INPUT
    if options.json:
        print(json.dumps(_as_json(problem, found), ensure_ascii=False, indent=2))
    else:
        _print(problem, found)
    return 0


def _problem(name: str) -> AssignmentProblem:
    try:
        read = _Problem.model_validate_json(Path(name).read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise _Unreadable(f"cannot be read ({error.strerror}); expected a JSON file.") from error
    except UnicodeDecodeError as error:
        raise _Unreadable(f"byte {error.start + 1} is not UTF-8; expected a JSON file.") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "the file"
        raise _Unreadable(f"{where}: {first['msg']}; found {first['input']!r:.60}.") from error
    return AssignmentProblem(
        proposals=tuple(read.proposals),
        judges=tuple(read.judges),
        affinity=_affinity(read),
        reviews_each=read.reviews_each,
        conflicts=frozenset(read.conflicts),
        load=read.load,
        bridge=read.bridge,
        seed=read.seed,
    )


def _affinity(read: _Problem) -> Any:
    if read.affinity is None:
        return np.zeros((len(read.proposals), len(read.judges)))
    for number, row in enumerate(read.affinity, start=1):
        if len(row) != len(read.judges):
            raise _Unreadable(
                f"affinity: row {number} has {len(row)} numbers; expected {len(read.judges)}, one a judge."
            )
    return np.array(read.affinity, dtype=np.float64).reshape(len(read.affinity), len(read.judges))


def _as_json(problem: AssignmentProblem, found: Assignment) -> dict[str, Any]:
    return {
        "pairs": [list(pair) for pair in found.pairs],
        "total": found.total,
        "loads": dict(zip(problem.judges, found.loads, strict=True)),
        "components": found.components,
        "efficiency": found.efficiency,
        "infeasible_because": list(found.infeasible_because),
    }


def _print(problem: AssignmentProblem, found: Assignment) -> None:
    for sentence in found.infeasible_because:
        print(sentence)
    for proposal, judge in found.pairs:
        print(f"{proposal}\t{judge}")
    if found.pairs:
        print(
            f"\ntotal affinity {found.total:.3f}, loads {min(found.loads)} to {max(found.loads)}, "
            f"{found.components} connected group(s), efficiency {found.efficiency:.2f}"
        )
