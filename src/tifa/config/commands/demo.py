"""`tifa demo`: loads the demo city into an empty database."""

import argparse
import sys

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tifa.config.database import prepare_database
from tifa.demo.loading import NotEmpty, is_empty, load_demo

HELP = gettext_lazy("load the demo city (Kota Jayapura) into an empty database")
BAD_INPUT = 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--if-empty", action="store_true", help=_("do nothing when there is data already"))


def run(options: argparse.Namespace) -> int:
    """Load the city; a database with data, and any production installation, is refused."""
    if settings.MODE == "production":
        print(_("tifa: the demo city is never loaded into a production installation."), file=sys.stderr)
        return BAD_INPUT
    prepare_database()
    if options.if_empty and not is_empty():
        return 0
    try:
        city = load_demo()
    except NotEmpty:
        print(
            _(
                "tifa: the database holds data already; the demo city goes into an empty one only. "
                "Set TIFA_DATA_DIR to another folder."
            ),
            file=sys.stderr,
        )
        return BAD_INPUT
    print(
        _(
            "Demo city loaded: %(units)d units, %(own)d innovations of the city, %(others)d of others, "
            "%(rounds)d rounds."
        )
        % {
            "units": len(city.units),
            "own": len(city.own_innovations),
            "others": len(city.innovations) - len(city.own_innovations),
            "rounds": len(city.rounds),
        }
    )
    return 0
