"""The chain on PostgreSQL, measured in a process of its own, since the run itself is on SQLite."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict

from bench.measure import Measurement


def measure_chain_on_postgresql() -> Iterator[Measurement]:
    """Measure what `bench.chain` does on a PostgreSQL that is started and ended for it."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.postgresql"],
        env=os.environ | {"TIFA_TEST_DATABASE": "postgresql"},
        stdout=subprocess.PIPE,
        check=True,
    )
    yield from (Measurement(**row) for row in json.loads(done.stdout))


def _print_measurements() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tifa.config.settings.testing")
    import django  # noqa: PLC0415  # the settings come first

    django.setup()
    from django.test.utils import setup_databases, teardown_databases  # noqa: PLC0415  # needs the applications

    from bench.chain import measure_chain  # noqa: PLC0415  # needs the applications
    from tifa.config.memory import spare_the_collector  # noqa: PLC0415  # as the server does

    made = setup_databases(verbosity=0, interactive=False)
    try:
        spare_the_collector()
        print(json.dumps([asdict(one) for one in measure_chain()]))
    finally:
        teardown_databases(made, verbosity=0)


if __name__ == "__main__":
    _print_measurements()
