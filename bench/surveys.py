"""Surveys: answers taken in through the page, the end of the process in the middle, and the index of a million answers.

``python -m bench.surveys`` prints its part of docs/capacity.md.
"""

import os
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

SENT, MILLION, COUNTERS = 1_000, 1_000_000, 120
SEED = 20261127
WRITER = """
import os, sys
import django; django.setup()
from bench.report import fresh_database
fresh_database(__import__("pathlib").Path(os.environ["TIFA_DATA_DIR"]) / "survei.sqlite3")
from bench.surveys import senders
for number, sent in enumerate(senders(), start=1):
    print(number, flush=True)
"""


@dataclass(frozen=True)
class SurveyMeasurement:
    """What was measured, in words, and what stands beside it."""

    name: str
    result: str
    beside: str = ""


def measure_surveys() -> Iterator[SurveyMeasurement]:
    """Fill the empty database and measure."""
    times, last = [], time.perf_counter()
    for _sent in senders(SENT):
        now = time.perf_counter()
        times.append(now - last)
        last = now
    times = times[1:]
    minute = 60 / statistics.mean(times)
    yield SurveyMeasurement(
        f"{SENT:,} answers one after the other through the page",
        f"{minute:,.0f} a minute; median {statistics.median(times) * 1000:.1f} ms",
    )
    yield _killed()
    yield _million()


def section(measured: Iterator[SurveyMeasurement]) -> str:
    """Return the part of the page."""
    rows = [f"| {one.name} | {one.result} | {one.beside} |" for one in measured]
    return (
        "## Surveys\n\nSQLite; one process, without network.\n\n| What | Measured | Beside |\n|---|---|---|\n"
        + "\n".join(rows)
        + "\n"
    )


def senders(times: int | None = None) -> Iterator[int]:
    """Send answers through the page, each as a browser does; yield after each that was acknowledged."""
    from uuid import uuid4  # noqa: PLC0415  # with the applications

    from django.test import Client  # noqa: PLC0415
    from django.urls import reverse  # noqa: PLC0415
    from tests.factories import build_town, make_person  # noqa: PLC0415
    from tests.standards.making import make_service  # noqa: PLC0415
    from tests.surveys.making import ITEMS, make_counter  # noqa: PLC0415

    from tifa.organisation.choices import Role  # noqa: PLC0415

    town = build_town()
    person = make_person("survei@example.org", Role.ORTAL, town.city)
    counter = make_counter(person, town.city, make_service(person, town.puskesmas))
    address, number = reverse("surveys:answer", args=[counter.tablet_code]), 0
    client = Client(SERVER_NAME="localhost")
    while times is None or number < times:
        number += 1
        said = {"client_id": str(uuid4()), **dict.fromkeys(ITEMS, number % 4 + 1)}
        if client.post(address, said).status_code != 302:
            raise RuntimeError("An answer was refused")
        yield number


def _killed() -> SurveyMeasurement:
    """End the process without warning while it takes answers, and count what it had acknowledged."""
    lost = acknowledged = 0
    for _turn in range(3):
        with tempfile.TemporaryDirectory(prefix="tifa-bench-") as folder:
            writer = subprocess.Popen(
                [sys.executable, "-c", WRITER],
                env={**os.environ, "TIFA_DATA_DIR": folder},
                stdout=subprocess.PIPE,
                text=True,
            )
            heard = 0
            for line in writer.stdout or ():
                heard = int(line)
                if heard == 200:  # in the middle
                    break
            writer.send_signal(signal.SIGKILL)
            writer.wait()
            rest = (writer.stdout.read() if writer.stdout else "").split()
            heard = max(heard, *(int(one) for one in rest if one.isdigit()), 0)
            with sqlite3.connect(Path(folder) / "survei.sqlite3") as stored:
                (count,) = stored.execute("SELECT count(*) FROM surveys_response").fetchone()
            acknowledged += heard
            lost += max(heard - count, 0)
    return SurveyMeasurement(
        "acknowledged before the process was killed, three times", f"{acknowledged:,}", f"{lost} lost"
    )


def _million() -> SurveyMeasurement:
    """The index of a wave of a million answers at many counters, beside one pass over the same numbers."""
    import numpy as np  # noqa: PLC0415  # the applications come first
    from tests.surveys.making import EDITION, NOW  # noqa: PLC0415

    from tifa.instruments import load_instrument  # noqa: PLC0415
    from tifa.surveys.index import Group, indices, matrix_of  # noqa: PLC0415

    edition = load_instrument(EDITION)
    signs = np.random.default_rng(SEED).integers(ord("1"), ord("5"), (MILLION, 9), dtype=np.uint8)
    rows = [row.tobytes().decode("ascii") for row in signs]
    share = MILLION // COUNTERS
    groups = [Group(str(at), rows[at * share : (at + 1) * share], None) for at in range(COUNTERS)]
    matrix = matrix_of(rows, 9)
    took = _median(lambda: indices(edition, groups, least=10, final=True, on=NOW.date()))
    floor = _median(lambda: matrix.sum(axis=0, dtype=np.int64))
    return SurveyMeasurement(
        f"index of {MILLION:,} answers and of {COUNTERS} counters, with intervals",
        f"{took:,.0f} ms",
        f"one sum over the numbers: {floor:,.1f} ms",
    )


def _median(work: Callable[[], object], turns: int = 5) -> float:
    times = []
    for _turn in range(turns):
        began = time.perf_counter()
        work()
        times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times)


def main() -> None:
    """Measure on a database of its own, and print."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tifa.config.settings.testing")
    import django  # noqa: PLC0415  # the settings come first

    django.setup()
    from bench.report import fresh_database  # noqa: PLC0415  # needs the applications

    with tempfile.TemporaryDirectory(prefix="tifa-bench-") as folder:
        fresh_database(Path(folder) / "surveys.sqlite3")
        sys.stdout.write(section(measure_surveys()))


if __name__ == "__main__":
    main()
