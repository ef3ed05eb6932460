"""Judging against RaschPy in one run, and the assignment of a large round.

``python -m bench.judging`` prints the rows of `judging_report`; ``python -m bench.judging one PROGRAM ENTRIES JUDGES`` measures
one fit in this process and is what the report calls, because only a fresh process shows the memory of one fit.
"""

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from tests.stats.optimality import is_optimal
from tests.stats.simulated import World, make

from tifa.stats.assignment import AssignmentProblem, assign
from tifa.stats.mfrm import MfrmOptions, fit_mfrm
from tifa.stats.ratings import Panel
from tifa.stats.uncertain import places_of

ROOT = Path(__file__).resolve().parents[1]
REPEATS = 3
CRITERIA = 8
# Entries, judges, and whether RaschPy is measured three times, once or not at all: it needs 11 GB for the last one.
SIZES = ((300, 40, REPEATS), (3_000, 200, REPEATS), (10_000, 500, 1), (30_000, 1_000, 0))
BASELINE = "raschpy"
OURS = ("mfrm", "mfrm-halo", "mfrm-halo-draws")


@dataclass(frozen=True)
class Run:
    """CPU seconds and added megabytes of one fit in a fresh process."""

    seconds: float
    megabytes: float


@dataclass(frozen=True)
class JudgingRow:
    """One program at one size; the ratios are RaschPy's figure over this one's, None where it was not measured."""

    program: str
    ratings: int
    seconds: float
    megabytes: float
    times_faster: float | None
    times_smaller: float | None


@dataclass(frozen=True)
class AssignmentRow:
    """One assignment: CPU seconds, whether the optimum is proven, and how comparable the judges are."""

    name: str
    seconds: float
    proven: bool
    affinity: float
    efficiency: float


def judging_report(sizes: Iterable[tuple[int, int, int]] = SIZES) -> Iterator[JudgingRow]:
    """Measure every program at every size, taking turns so that a busy machine is busy for all."""
    for entries, judges, baseline_runs in sizes:
        runs: dict[str, list[Run]] = {program: [] for program in (BASELINE, *OURS)}
        for turn in range(REPEATS):
            for program, done in runs.items():
                if program != BASELINE or turn < baseline_runs:
                    done.append(_fresh(program, entries, judges))
        base = _median(runs[BASELINE]) if baseline_runs else None
        for program, done in runs.items():
            if done:
                yield _row(program, entries * 3 * CRITERIA, _median(done), base)


def assignment_report() -> Iterator[AssignmentRow]:
    """Assign 3,000 proposals to 200 judges, three reviews each, and 10,000 to 500."""
    for name, problem in {
        "3,000 x 200 x 3, affinity alone": _problem(3_000, 200, 0.0),
        "3,000 x 200 x 3, bridge 0.2": _problem(3_000, 200, 0.2),
        "10,000 x 500 x 3, affinity alone": _problem(10_000, 500, 0.0),
    }.items():
        started = time.process_time()
        found = assign(problem)
        seconds = time.process_time() - started
        plain = problem.bridge == 0
        yield AssignmentRow(
            name,
            seconds,
            plain and is_optimal(problem, found),
            found.total / len(found.pairs),
            found.efficiency,
        )


def lines() -> Iterator[str]:
    """Return the report as Markdown."""
    yield "| Program | Ratings | CPU s | Added MB | × faster than RaschPy | × smaller |"
    yield "|---|---|---|---|---|---|"
    for row in judging_report():
        ratios = " | ".join(
            "–" if one is None else f"{one:.1f}" for one in (row.times_faster, row.times_smaller)
        )
        yield f"| {row.program} | {row.ratings:,} | {row.seconds:.3f} | {row.megabytes:.0f} | {ratios} |"
    yield ""
    yield "| Assignment | CPU s | Optimum proven | Mean affinity | Efficiency |"
    yield "|---|---|---|---|---|"
    for one in assignment_report():
        proven = "yes" if one.proven else "trades affinity"
        yield f"| {one.name} | {one.seconds:.2f} | {proven} | {one.affinity:.3f} | {one.efficiency:.2f} |"


def _row(program: str, ratings: int, run: Run, base: Run | None) -> JudgingRow:
    return JudgingRow(
        program,
        ratings,
        run.seconds,
        run.megabytes,
        None if base is None else base.seconds / run.seconds,
        None if base is None else base.megabytes / max(run.megabytes, 1.0),
    )


def _median(runs: list[Run]) -> Run:
    return Run(
        statistics.median(one.seconds for one in runs), statistics.median(one.megabytes for one in runs)
    )


def _fresh(program: str, entries: int, judges: int) -> Run:
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    environment["PYTHONPATH"] = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
    done = subprocess.run(
        [sys.executable, "-m", "bench.judging", "one", program, str(entries), str(judges)],
        env=environment,
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return Run(**json.loads(done.stdout.splitlines()[-1]))


def _measured(program: str, entries: int, judges: int) -> Run:
    """Fit once to a small panel, which loads every library, then to the large one."""
    fit, prepare = _program(program)
    fit(prepare(make(World(entries=40, judges=10, criteria=6, halo=0.5), 1).panel))
    prepared = prepare(make(World(entries=entries, judges=judges, criteria=CRITERIA, halo=0.5), 2).panel)
    # Making the panel took memory of its own: the high-water mark starts anew.
    Path("/proc/self/clear_refs").write_text("5", encoding="utf-8")
    before, started = _peak(), time.process_time()
    fit(prepared)
    return Run(time.process_time() - started, _peak() - before)


def _program(name: str) -> tuple[Callable[..., object], Callable[[Panel], object]]:
    """Return what fits, and what brings a panel into its form beforehand."""
    if name == BASELINE:
        from tests.stats.oracles import frame_of, raschpy_measures  # noqa: PLC0415  # loads RaschPy and pandas

        return raschpy_measures, frame_of
    ours: dict[str, Callable[..., object]] = {
        "mfrm": lambda panel: fit_mfrm(panel, MfrmOptions(halo=False)),
        "mfrm-halo": fit_mfrm,
        "mfrm-halo-draws": _with_places,
    }
    return ours[name], lambda panel: panel


def _with_places(panel: Panel) -> object:
    fit = fit_mfrm(panel)
    return places_of(fit.estimates, top=len(panel.entries) // 10, seed=1, draws=1000)


def _peak() -> float:
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) / 1024


def _problem(proposals: int, judges: int, bridge: float) -> AssignmentProblem:
    random = np.random.default_rng(7)
    topics = random.dirichlet(np.full(24, 0.15), proposals + judges)
    topics /= np.linalg.norm(topics, axis=1, keepdims=True)
    names = tuple(f"p{i:05}" for i in range(proposals)), tuple(f"j{j:04}" for j in range(judges))
    row, column = np.nonzero(random.random((proposals, judges)) < 0.026)
    return AssignmentProblem(
        proposals=names[0],
        judges=names[1],
        affinity=topics[:proposals] @ topics[proposals:].T,
        reviews_each=3,
        conflicts=frozenset((names[0][i], names[1][j]) for i, j in zip(row, column, strict=True)),
        bridge=bridge,
    )


def main() -> None:
    """Print the report, or measure one program."""
    if sys.argv[1:2] == ["one"]:
        run = _measured(sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
        print(json.dumps({"seconds": run.seconds, "megabytes": run.megabytes}))
        return
    for line in lines():
        print(line, flush=True)


if __name__ == "__main__":
    main()
