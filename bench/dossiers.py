"""Dossiers: an item opened and saved while eight people write, the check of many, and titles looked for among many.

``python -m bench.dossiers`` prints its part of docs/capacity.md.
"""

import os
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

WRITERS, WRITES = 8, 40
CHECKED, TITLES = 3_000, 40_000
EDITION = "kipp-2023"
DAY = date(2026, 11, 24)


@dataclass(frozen=True)
class DossierMeasurement:
    """Median and p95 in milliseconds; one number where it ran once."""

    name: str
    median_ms: float
    p95_ms: float | None = None


def measure_dossiers() -> Iterator[DossierMeasurement]:
    """Fill the empty database with units that write, and measure."""
    from tests.factories import build_town  # noqa: PLC0415  # needs the applications

    town = build_town()
    yield from _eight_writers(town)
    yield _check_of_many()
    yield _titles_among_many()


def section(measured: Iterator[DossierMeasurement]) -> str:
    """Return the part of the page."""
    rows = [
        f"| {one.name} | {one.median_ms:,.1f} | {'' if one.p95_ms is None else f'{one.p95_ms:,.1f}'} |"
        for one in measured
    ]
    return (
        f"## Dossiers\n\nSQLite; {WRITERS} writers at once, {WRITES} savings each, every one in a dossier of its own, without network. "
        f"The check reads {TITLES:,} titles of other innovations.\n\n| What | Median ms | p95 ms |\n|---|---|---|\n"
        + "\n".join(rows)
        + "\n"
    )


def _eight_writers(town: object) -> Iterator[DossierMeasurement]:
    from django.db import connections  # noqa: PLC0415  # needs the applications
    from django.test import Client  # noqa: PLC0415
    from django.urls import reverse  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415
    from tests.factories import make_innovation, make_person  # noqa: PLC0415

    from tifa.dossiers.services.writing import start_dossier  # noqa: PLC0415
    from tifa.instruments import load_instrument  # noqa: PLC0415
    from tifa.organisation.choices import Role  # noqa: PLC0415

    unit = town.puskesmas  # type: ignore[attr-defined]  # a town of the factories
    opened: list[float] = []
    saved: list[float] = []
    faults: list[int] = []
    desks = []
    for number in range(WRITERS):
        person = make_person(f"penulis{number}@example.org", Role.OPERATOR, unit)
        dossier = start_dossier(
            actor=person,
            innovation=make_innovation(unit, title=f"Inovasi {number}"),
            instrument=load_instrument(EDITION),
            group="umum",
            now=timezone.now(),
        )
        desks.append((person, dossier.pk))

    def work(person: object, key: int) -> None:
        client = Client(SERVER_NAME="localhost")
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")  # type: ignore[arg-type]
        page, save = (reverse(f"dossiers:{name}", args=[key, "ringkasan"]) for name in ("answer", "autosave"))
        try:
            for turn in range(WRITES):
                began = time.perf_counter()
                faults.append(client.get(page).status_code)
                opened.append(time.perf_counter() - began)
                began = time.perf_counter()
                typed = {"version": str(turn), "text-ringkasan": f"kata {turn} " * 60}
                faults.append(client.post(save, typed).status_code)
                saved.append(time.perf_counter() - began)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=desk) for desk in desks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if set(faults) != {200}:
        raise RuntimeError(f"Some requests failed: {sorted(set(faults))}")
    for name, times in (
        (f"open an item, {WRITERS} writers", opened),
        (f"save an item, {WRITERS} writers", saved),
    ):
        yield DossierMeasurement(name, statistics.median(times) * 1000, _p95(times) * 1000)


def _check_of_many() -> DossierMeasurement:
    from tifa.dossiers.checking import check_dossier  # noqa: PLC0415  # needs the applications
    from tifa.dossiers.draft import read_draft  # noqa: PLC0415
    from tifa.instruments import load_instrument  # noqa: PLC0415

    instrument = load_instrument(EDITION)
    texts = {item.id: f"Kalimat yang menjawab {item.id}. " * 40 for item in instrument.items_of("umum")}
    began = time.perf_counter()
    for number in range(CHECKED):
        items = {name: f"{text} {number}" for name, text in texts.items() if name != "adaptabilitas"}
        draft = read_draft(instrument, {"title": f"Inovasi {number}", "group": "umum", "items": items})
        check_dossier(instrument, draft, on=DAY)
    return DossierMeasurement(
        f"check and readiness of {CHECKED:,} dossiers, once", (time.perf_counter() - began) * 1000
    )


def _titles_among_many() -> DossierMeasurement:
    from tifa.dossiers.draft import read_draft  # noqa: PLC0415  # needs the applications
    from tifa.dossiers.lint import findings  # noqa: PLC0415
    from tifa.instruments import load_instrument  # noqa: PLC0415

    instrument = load_instrument(EDITION)
    titles = [f"Layanan {number % 97} dari rumah di kampung {number}" for number in range(TITLES)]
    values = {"title": "Antre dari rumah", "group": "umum", "other_titles": titles}
    times = []
    for _turn in range(15):
        began = time.perf_counter()
        findings(instrument, read_draft(instrument, values))
        times.append(time.perf_counter() - began)
    return DossierMeasurement(
        f"a title among {TITLES:,} others", statistics.median(times) * 1000, _p95(times) * 1000
    )


def _p95(times: list[float]) -> float:
    return sorted(times)[max(0, round(len(times) * 0.95) - 1)]


def main() -> None:
    """Measure on a database of its own, and print."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tifa.config.settings.testing")
    import django  # noqa: PLC0415  # the settings come first

    django.setup()
    from bench.report import fresh_database  # noqa: PLC0415  # needs the applications

    with tempfile.TemporaryDirectory(prefix="tifa-bench-") as folder:
        fresh_database(Path(folder) / "dossiers.sqlite3")
        sys.stdout.write(section(measure_dossiers()))


if __name__ == "__main__":
    main()
