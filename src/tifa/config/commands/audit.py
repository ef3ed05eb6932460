"""`tifa audit verify`: checks the audit chain."""

import argparse
import json

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from tifa.config.database import prepare_database
from tifa.core import audit

HELP = gettext_lazy("check the audit chain")
BROKEN = 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "what", choices=["verify"], help=_("verify: read the whole chain, name the first broken row")
    )
    parser.add_argument("--json", action="store_true", help=_("print JSON"))


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
                    "reason": result.reason or "",
                }
            )
        )
    elif result.intact:
        print(
            ngettext(
                "The chain is whole: %(count)d row was checked. It ends with %(head)s.",
                "The chain is whole: %(count)d rows were checked. It ends with %(head)s.",
                result.checked,
            )
            % {"count": result.checked, "head": result.head or "–"}
        )
    else:
        print(
            _("The chain is broken at row %(row)d: %(reason)s. Rows before it that hold: %(count)d.")
            % {"row": result.broken_at, "reason": result.sentence, "count": result.checked}
        )
    return 0 if result.intact else BROKEN
