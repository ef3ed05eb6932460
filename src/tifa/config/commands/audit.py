"""`tifa audit verify`: checks the audit chain."""

import argparse
import json

from tifa.config.database import prepare_database
from tifa.core import audit

HELP = "check the audit chain"
BROKEN = 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "what", choices=["verify"], help="verify: read the whole chain, name the first broken row"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(options: argparse.Namespace) -> int:
    """Print the state of the chain; the exit status is 1 when it is broken."""
    prepare_database()
    result = audit.verify()
    if options.json:
        print(
            json.dumps(
                {
                    "intact": result.intact,
                    "checked": result.checked,
                    "head": result.head,
                    "broken_at": result.broken_at,
                    "reason": result.reason,
                }
            )
        )
    elif result.intact:
        print(f"Rantai utuh: {result.checked} baris, ujung {result.head or '–'}.")
    else:
        print(
            f"Rantai putus pada baris {result.broken_at}: {result.reason}. Sebelumnya {result.checked} baris utuh."
        )
    return 0 if result.intact else BROKEN
