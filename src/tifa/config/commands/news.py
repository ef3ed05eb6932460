"""`tifa news`: fetches the news feeds of the named hosts and reads what is new."""

import argparse
import json
from typing import Any

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tifa.chain.models import Reading
from tifa.chain.services.reading import read_batch, start_feeds
from tifa.config.database import prepare_database
from tifa.core.clock import today

HELP = gettext_lazy("fetch the news feeds of the hosts that an administrator named, and read what is new")
DONE, NOT_ALL = 0, 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--json", action="store_true", help=_("print JSON"))


def run(options: argparse.Namespace) -> int:
    """Fetch what was not fetched today; status 1 when a feed could not be read."""
    prepare_database()
    with translation.override(settings.LANGUAGE_CODE):
        started = start_feeds(day=today(), now=timezone.now())
        for reading in started:
            read_batch(reading_id=reading.pk, now=timezone.now())
        readings = list(Reading.objects.filter(pk__in=[one.pk for one in started]).order_by("pk"))
        if options.json:
            print(json.dumps([_as_json(one) for one in readings], ensure_ascii=False, indent=2))
        else:
            print("\n".join(_lines(readings)))
    return NOT_ALL if any(one.failed for one in readings) else DONE


def _as_json(reading: Reading) -> dict[str, Any]:
    return {
        "feed": reading.title,
        "state": reading.state,
        "texts": reading.total,
        "known": reading.known,
        "notices": reading.notices,
    }


def _lines(readings: list[Reading]) -> list[str]:
    lines = []
    for one in readings:
        lines.append(
            _("%(feed)s: %(state)s; texts: %(texts)d, known already: %(known)d")
            % {
                "feed": one.title,
                "state": one.get_state_display(),
                "texts": one.total,
                "known": one.known,
            }
        )
        lines += [f"  {notice}" for notice in one.notices]
    return lines or [_("No feed is left to fetch today.")]
