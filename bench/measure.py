"""Measures one call many times: wall time, CPU time, SQL statements, bytes as they travel."""

import gzip
import platform
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from django.db import connection
from django.http import HttpResponseBase, StreamingHttpResponse
from django.test.utils import CaptureQueriesContext

REPEATS = 15


@dataclass(frozen=True)
class Measurement:
    """What one call takes: milliseconds and statements; for a page its bytes after gzip too."""

    name: str
    rows: int
    median_ms: float
    p95_ms: float
    cpu_ms: float
    statements: int
    bytes_gz: int = 0


def measure(name: str, rows: int, call: Callable[[], HttpResponseBase]) -> Measurement:
    """Measure a page: once to warm up and to see that it answers and how large it is, then as `measure_call` does."""
    response = call()
    body = _body(response)
    if response.status_code not in {200, 302}:
        raise RuntimeError(f"{name} answered {response.status_code}")
    measured = measure_call(name, rows, lambda: _body(call()))
    return replace(measured, bytes_gz=len(gzip.compress(body, 6)))


def measure_call(name: str, rows: int, call: Callable[[], object]) -> Measurement:
    """Call once for the statements, then `REPEATS` times for the clock."""
    with CaptureQueriesContext(connection) as captured:
        call()
    statements = len(captured)  # the next request empties the log
    walls, cpus = [], []
    for _ in range(REPEATS):
        wall, cpu = time.perf_counter(), time.process_time()
        call()
        walls.append((time.perf_counter() - wall) * 1000)
        cpus.append((time.process_time() - cpu) * 1000)
    return Measurement(
        name=name,
        rows=rows,
        median_ms=statistics.median(walls),
        p95_ms=sorted(walls)[max(0, round(len(walls) * 0.95) - 1)],
        cpu_ms=statistics.median(cpus),
        statements=statements,
    )


def machine() -> str:
    """Return the machine in one line."""
    model = next(
        (
            line.split(":", 1)[1].strip()
            for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
            if line.startswith("model name")
        ),
        platform.processor() or "unknown processor",
    )
    cores = len(
        [line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("processor")]
    )
    memory = next(
        line for line in Path("/proc/meminfo").read_text(encoding="utf-8").splitlines() if "MemTotal" in line
    )
    gigabytes = round(int(memory.split()[1]) / 2**20)
    return f"{model}, {cores} cores, {gigabytes} GiB, Python {platform.python_version()}, {platform.system()}"


def _body(response: HttpResponseBase) -> bytes:
    if isinstance(response, StreamingHttpResponse):
        return b"".join(response.streaming_content)  # type: ignore[arg-type]  # a plain iterator under WSGI
    content: bytes = response.content  # type: ignore[attr-defined]  # every other answer has it
    return content
