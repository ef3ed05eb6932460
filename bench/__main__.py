"""Runs all benchmarks on a database of their own and writes docs/capacity.md."""

import os
import sys
import tempfile
from datetime import date
from pathlib import Path

SIZES = (40, 300, 3000, 30000)
CAPACITY = Path(__file__).resolve().parents[1] / "docs" / "capacity.md"


def main() -> None:
    """Measure, print, and write the page."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tifa.config.settings.testing")
    import django  # noqa: PLC0415  # the settings come first

    django.setup()
    from bench.report import run  # noqa: PLC0415  # needs the applications
    from tifa.config.memory import spare_the_collector  # noqa: PLC0415  # as the server does

    spare_the_collector()
    sizes = tuple(int(word) for word in sys.argv[1:]) or SIZES
    with tempfile.TemporaryDirectory(prefix="tifa-bench-") as folder:
        page = run(sizes, Path(folder), date.today())  # noqa: DTZ011  # the day of the run, as the machine has it
    CAPACITY.write_text(page, encoding="utf-8")
    print(page)


main()
