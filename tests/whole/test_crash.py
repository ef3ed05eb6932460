"""What was acknowledged survives the sudden end of the process, and the audit chain stays whole."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

WRITER = """
import django; django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from tifa.organisation.services import create_unit
number = 0
while True:
    number += 1
    create_unit(actor=None, code=f"U.{number}", name=f"Unit {number}", kind="opd")
    print(number, flush=True)
"""
READER = """
import django, json; django.setup()
from tifa.core import audit
from tifa.organisation.models import Unit
found = audit.verify()
codes = [unit.code for unit in Unit.objects.all()]
print(json.dumps({"codes": codes, "intact": found.intact, "checked": found.checked}))
"""
ENOUGH = 25


def environment(folder: Path) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("TIFA_", "DJANGO_"))}
    return kept | {"TIFA_DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "tifa.config.settings.development"}


def test_acknowledged_writes_survive_a_kill(tmp_path: Path) -> None:
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER], env=environment(tmp_path), stdout=subprocess.PIPE, text=True
    )
    assert writer.stdout is not None
    acknowledged = [int(writer.stdout.readline()) for _ in range(ENOUGH)]
    writer.send_signal(signal.SIGKILL)
    writer.wait()
    writer.stdout.close()

    result = subprocess.run(
        [sys.executable, "-c", READER], env=environment(tmp_path), capture_output=True, text=True, check=True
    )

    found = json.loads(result.stdout)
    assert {f"U.{number}" for number in acknowledged} <= set(found["codes"])
    assert found["intact"]
    # A unit is there exactly when its event is: both are one transaction.
    assert found["checked"] == len(found["codes"])
