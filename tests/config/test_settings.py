"""A process that serves knows every permission, though no test imported it."""

import subprocess
import sys

CODE = """
import django; django.setup()
import rules
print(*sorted(rules.permissions.permissions))
"""


def test_permissions_are_known_from_the_start() -> None:
    result = subprocess.run(
        [sys.executable, "-c", CODE],
        env={"DJANGO_SETTINGS_MODULE": "tifa.config.settings.testing", "PATH": ""},
        capture_output=True,
        text=True,
        check=True,
    )

    known = set(result.stdout.split())
    assert {
        "chain.view_gaps",
        "evaluation.judge",
        "exchange.import_workbook",
        "organisation.use_room",
    } <= known
