"""Joins the measurements into docs/capacity.md."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path

from django.core.management import call_command
from django.db import connection

from bench.chain import INNOVATIONS, measure_chain
from bench.discovery import ITEMS, DiscoveryMeasurement, measure_discovery
from bench.dossiers import measure_dossiers, section
from bench.instruments import NumberMeasurement, measure_instruments
from bench.judging import REPEATS as JUDGING_REPEATS
from bench.judging import lines as judging_lines
from bench.measure import REPEATS, Measurement, machine
from bench.pages import measure_pages
from bench.postgresql import measure_chain_on_postgresql
from bench.processes import ProcessMeasurement, cold_start, import_rows
from bench.surveys import measure_surveys
from bench.surveys import section as surveys_section
from bench.world import MOST_ENTRIES, build_world

HEAD = """# Capacity

Measured with `make bench` on {day}, {machine}, SQLite {sqlite}. `docs/contributing/` says how to run the benchmarks.

Pages are requests in the process, without network; each figure is the median of {repeats} calls after one that warms up, with p95 beside
it. kB is the body after gzip. A round has at most {most:,} entries with 3 reviews of 8 sections. The ceilings are those of pages with
300 / 3,000 rows that the project set itself. The first row is the floor: one statement and a template without anything around
it. The last column is the median divided by the floor of the same run, so figures of different machines can be compared.
"""


JUDGING = f"""Every fit is a process of its own; medians of {JUDGING_REPEATS}, but RaschPy at 240,000 ratings ran once. Assignments ran once.

"""


def run(sizes: Sequence[int], folder: Path, day: date) -> str:
    """Measure all sizes and return the page."""
    blocks = [
        HEAD.format(
            day=day.isoformat(), machine=machine(), sqlite=_sqlite(), most=MOST_ENTRIES, repeats=REPEATS
        )
    ]
    for size in sizes:
        fresh_database(folder / f"{size}.sqlite3")
        build_world(size)
        blocks.append(_table(size, list(measure_pages(size))))
    fresh_database(folder / "chain.sqlite3")
    blocks.append(_chain({"SQLite": measure_chain(), "PostgreSQL": measure_chain_on_postgresql()}))
    blocks.append(_processes([cold_start(), import_rows()]))
    blocks.append(_numbers("Standards", "the same numbers added up by NumPy alone", measure_instruments()))
    blocks.append("## Judging\n\n" + JUDGING + "\n".join(judging_lines()) + "\n")
    blocks.append(_discovery(measure_discovery()))
    fresh_database(folder / "dossiers.sqlite3")
    blocks.append(section(measure_dossiers()))
    fresh_database(folder / "surveys.sqlite3")
    blocks.append(surveys_section(measure_surveys()))
    return "\n".join(blocks)


def fresh_database(path: Path) -> None:
    """Begin with an empty database in a file."""
    connection.close()
    connection.settings_dict["NAME"] = str(path)
    call_command("migrate", interactive=False, verbosity=0)


def _sqlite() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT sqlite_version()")
        return str(cursor.fetchone()[0])


def _table(size: int, measured: list[Measurement]) -> str:
    floor = measured[0].median_ms
    rows = [
        f"| {one.name} | {one.statements} | {one.median_ms:.1f} | {one.p95_ms:.1f} | {one.cpu_ms:.1f} "
        f"| {one.bytes_gz / 1000:.1f} | {one.median_ms / floor:.1f} |"
        for one in measured
    ]
    head = "| Page | Statements | Median ms | p95 ms | CPU ms | kB | × floor |\n|---|---|---|---|---|---|---|"
    return f"## {size:,} innovations\n\n{head}\n" + "\n".join(rows) + "\n"


def _chain(measured: Mapping[str, Iterable[Measurement]]) -> str:
    rows = [
        f"| {database} | {one.name} | {one.statements} | {one.median_ms:.1f} | {one.p95_ms:.1f} | {one.cpu_ms:.1f} |"
        for database, measurements in measured.items()
        for one in measurements
    ]
    head = "| Database | What | Statements | Median ms | p95 ms | CPU ms |\n|---|---|---|---|---|---|"
    return (
        f"## Planted gaps\n\n{INNOVATIONS:,} innovations with planted gaps; all were found, and none else. Medians of {REPEATS} "
        "calls; the CPU time is that of the process, without the database server's. The list of gaps is to take less than 300 ms. "
        f"The board is made of the gaps that were read.\n\n{head}\n" + "\n".join(rows) + "\n"
    )


def _processes(measured: list[ProcessMeasurement]) -> str:
    rows = [f"| {one.name} | {one.seconds:.2f} | {one.megabytes:.0f} |" for one in measured]
    return (
        "## Processes\n\nOne run each; the ceiling of a cold start is 1 s and 110 MB.\n\n| What | Seconds | Memory MB |\n|---|---|---|\n"
        + "\n".join(rows)
        + "\n"
    )


def _numbers(title: str, floor: str, measured: Iterable[NumberMeasurement]) -> str:
    rows = [
        f"| {one.name} | {one.seconds * 1000:,.1f} | {'' if one.floor is None else f'{one.floor * 1000:,.1f}'} "
        f"| {'' if one.ratio is None else f'{one.ratio:,.1f}'} |"
        for one in measured
    ]
    head = "| What | Median ms | Floor ms | × floor |\n|---|---|---|---|"
    return (
        f"## {title}\n\nMedians of several runs. The floor is {floor}, in the same run.\n\n{head}\n"
        + "\n".join(rows)
        + "\n"
    )


def _discovery(measured: Iterable[DiscoveryMeasurement]) -> str:
    rows = [f"| {one.entries:,} | {one.load_seconds:.2f} | {one.items_a_minute:,.0f} |" for one in measured]
    head = "| Registry entries | Index built in s | Texts a minute, one core |\n|---|---|---|"
    return f"## Discovery\n\nOne pass of {ITEMS:,} texts each.\n\n{head}\n" + "\n".join(rows) + "\n"
