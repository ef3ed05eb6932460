"""What a process loads before it answers."""

import os
import subprocess
import sys

import pytest

LOADS = """
import sys
import django
django.setup()
import tifa.config.urls
import tifa.config.commands.serve
print(*sorted({name.partition(".")[0] for name in sys.modules}))
"""
# Each is needed only when something is computed, printed or read, and together they are half of what a start takes.
HEAVY = {"numpy", "scipy", "ortools", "docxtpl", "jinja2", "pypdf", "xlsxwriter", "typst", "snowballstemmer"}


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """Return the packages that a fresh process has loaded when it can serve."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tifa.config.settings.development",
        "TIFA_MODE": "development",
        "TIFA_DATA_DIR": str(tmp_path_factory.mktemp("data")),
    }
    told = subprocess.run(
        [sys.executable, "-c", LOADS], env=environment, check=True, capture_output=True, text=True
    )
    return set(told.stdout.split())


def test_serving_loads_nothing_that_only_computing_needs(loaded: set[str]) -> None:
    assert loaded & HEAVY == set()


def test_serving_loads_the_pages(loaded: set[str]) -> None:
    assert {"django", "tifa", "waitress"} <= loaded
