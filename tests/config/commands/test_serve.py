"""`tifa serve` as a process: what it takes, and what it says."""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

MB = 2**20


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    number = free_port()
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("TIFA_", "DJANGO_"))}
    process = subprocess.Popen(
        [sys.executable, "-m", "tifa", "serve", "--port", str(number)],
        env=kept | {"TIFA_DATA_DIR": str(tmp_path)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", number)) == 0:
                break
        time.sleep(0.2)
    yield number
    process.terminate()
    process.wait(timeout=20)


def answer(port: int, size: int) -> int | None:
    """Return the status of a form of some size, nothing when the server hung up while it was sent."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("POST", "/akun/masuk/", body=bytes(size), headers={"Content-Type": "text/plain"})
        return connection.getresponse().status
    except ConnectionError:
        return None
    finally:
        connection.close()


def test_file_over_the_limit_reaches_the_form_and_a_flood_does_not(port: int) -> None:
    assert answer(port, 12 * MB) == 403  # the page of a form without a token, not the server's own answer
    assert answer(port, 60 * MB) in {413, None}
