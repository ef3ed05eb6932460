"""`tifa remind`: gives the reminders of a day and sends what waits in the outbox."""

import argparse
import json
import sys
from datetime import date
from typing import Any

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tifa.chain.selectors.reminders import Planned, planned_reminders
from tifa.chain.services.delivery import Delivery, deliver, mail_is_set_up
from tifa.chain.services.reminders import give_reminders
from tifa.chain.services.telling import tell_dossiers
from tifa.config.database import prepare_database
from tifa.core.clock import today
from tifa.organisation.selectors import unit_tree

HELP = gettext_lazy("remind the units of what they owe in running campaigns, and send the outbox")
BAD_INPUT = 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "--as-of", metavar="DATE", help=_("the day whose reminders are given, YYYY-MM-DD (default: today)")
    )
    parser.add_argument(
        "--dry-run", action="store_true", help=_("only print what would be given; nothing is stored or sent")
    )
    parser.add_argument("--json", action="store_true", help=_("print JSON"))


def run(options: argparse.Namespace) -> int:
    """Give what is due and was not given yet; run again after a break it does the rest."""
    prepare_database()
    with translation.override(settings.LANGUAGE_CODE):
        try:
            as_of = today() if options.as_of is None else _day(options.as_of)
        except ValueError as error:
            print(f"tifa remind: {error}", file=sys.stderr)
            return BAD_INPUT
        planned = planned_reminders(as_of, unit_tree())
        delivery = None if options.dry_run else _give(as_of)
        if options.json:
            print(json.dumps(as_json(as_of, planned, delivery), ensure_ascii=False, indent=2))
        else:
            print("\n".join(_lines(as_of, planned, delivery)))
    return 0


def as_json(as_of: date, planned: list[Planned], delivery: Delivery | None) -> dict[str, Any]:
    """Return the result in the shape that the command promises; ``mail`` is null when nothing was given."""
    return {
        "as_of": as_of.isoformat(),
        "dry_run": delivery is None,
        "reminders": [
            {
                "campaign": one.campaign.name,
                "unit": one.unit.row.code,
                "stage": one.stage.value,
                "person": one.person.email,
                "due": one.unit.due.isoformat(),
            }
            for one in planned
        ],
        "mail": None
        if delivery is None
        else {"sent": delivery.sent, "failed": delivery.failed, "waiting": delivery.waiting},
    }


def _give(as_of: date) -> Delivery:
    now = timezone.now()
    give_reminders(as_of=as_of, now=now)
    tell_dossiers(today=as_of, tree=unit_tree(), now=now)
    return deliver(now=now)


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.isoformat() != text:
        raise ValueError(
            _("“%(text)s” is not a date. Write it as year-month-day, such as 2026-11-24.") % {"text": text}
        )
    return day


def _lines(as_of: date, planned: list[Planned], delivery: Delivery | None) -> list[str]:
    lines = [_("As of %(day)s") % {"day": as_of.isoformat()}, ""]
    lines += [
        f"{one.unit.row.code}  {one.stage.label}  {one.person.email}  {one.unit.due.isoformat()}  {one.campaign.name}"
        for one in planned
    ] or [_("Nobody has to be reminded today.")]
    if delivery is None:
        return [*lines, "", _("Nothing was stored or sent.")]
    lines += [
        "",
        _("Mails sent: %(sent)d, failed: %(failed)d; messages that wait: %(waiting)d.") % vars(delivery),
    ]
    return lines if mail_is_set_up() else [*lines, _("No mail server is set up (TIFA_SMTP_HOST).")]
