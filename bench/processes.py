"""A whole process: cold start until the first answer, memory, and the import of 30,000 rows."""

import os
import resource
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from tifa.core.spreadsheets import SheetOut, write_workbook

ROWS = 30_000
PATIENCE = 60.0


@dataclass(frozen=True)
class ProcessMeasurement:
    """What one process takes: seconds and megabytes."""

    name: str
    seconds: float
    megabytes: float


def cold_start() -> ProcessMeasurement:
    """Start the server on a database that is there already, and wait for its health page."""
    with tempfile.TemporaryDirectory(prefix="tifa-bench-") as folder:
        environment = {
            **os.environ,
            "TIFA_DATA_DIR": folder,
            "DJANGO_SETTINGS_MODULE": "",
            "TIFA_MODE": "development",
        }
        del environment["DJANGO_SETTINGS_MODULE"]
        _serve_until_healthy(environment)
        return _serve_until_healthy(environment)


def import_rows(rows: int = ROWS) -> ProcessMeasurement:
    """Import a workbook of ``rows`` innovations into an empty database."""
    with tempfile.TemporaryDirectory(prefix="tifa-bench-") as folder:
        workbook = Path(folder) / "besar.xlsx"
        _write(workbook, rows)
        environment = {**os.environ, "TIFA_DATA_DIR": str(Path(folder) / "data"), "TIFA_MODE": "development"}
        environment.pop("DJANGO_SETTINGS_MODULE", None)
        subprocess.run(
            [sys.executable, "-m", "tifa", "manage", "migrate", "-v", "0"], env=environment, check=True
        )
        started = time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "tifa", "import", str(workbook), "--json"],
            env=environment,
            check=True,
            stdout=subprocess.DEVNULL,
        )
        seconds = time.perf_counter() - started
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        return ProcessMeasurement(f"import of {rows:,} innovations, a new process", seconds, peak)


def _serve_until_healthy(environment: dict[str, str]) -> ProcessMeasurement:
    port = _free_port()
    started = time.perf_counter()
    server = subprocess.Popen(
        [sys.executable, "-m", "tifa", "serve", "--port", str(port)],
        env=environment,
        stdout=subprocess.DEVNULL,
    )
    try:
        while not _healthy(port):
            if time.perf_counter() - started > PATIENCE or server.poll() is not None:
                raise RuntimeError("the server did not answer")
            time.sleep(0.01)
        seconds = time.perf_counter() - started
        return ProcessMeasurement("cold start until the health page answers", seconds, _memory(server.pid))
    finally:
        server.terminate()
        server.wait()


def _healthy(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


def _free_port() -> int:
    for port in range(20000, 21000):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port
    raise RuntimeError("no free port between 20000 and 21000")


def _memory(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    return int(next(line for line in lines if line.startswith("VmRSS")).split()[1]) / 1024


def _write(path: Path, rows: int) -> None:
    units = [("91.71", "Kota", "kota", ""), *((f"OPD.{i}", f"Dinas {i}", "opd", "91.71") for i in range(100))]
    write_workbook(
        path,
        [
            SheetOut("Unit", ("kode", "nama", "jenis", "induk"), units),
            SheetOut(
                "Inovasi",
                ("kode", "judul", "unit", "fungsi", "tahap", "ringkasan", "urusan"),
                (
                    (
                        f"INV-{i:06}",
                        f"Layanan keliling {i}",
                        f"OPD.{i % 100}",
                        "pelayanan",
                        "inisiatif",
                        "Petugas mendatangi warga.",
                        "kesehatan",
                    )
                    for i in range(rows)
                ),
            ),
        ],
    )
