"""Brings the database to the state that this version expects, or says that it is not there yet."""

from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _

from tifa.config.environment import SettingError
from tifa.core.models import Installation


def prepare_database() -> None:
    """Make the tables of a trial when they are missing; a production database is only looked at.

    Raises
    ------
    SettingError
        When the database cannot be reached, or a production one is not up to date.
    """
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        raise SettingError(
            _("The database cannot be reached: %(reason)s Look at TIFA_DATABASE_URL.")
            % {"reason": str(error).strip()}
        ) from error
    if not waiting:
        return
    if settings.MODE == "production":
        raise SettingError(
            _("The database is not up to date. Make a copy of it, then run `tifa manage migrate`.")
        )
    call_command("migrate", interactive=False, verbosity=0)


def refuse_demo_in_production() -> None:
    """Stop a production installation whose database holds the demo city."""
    if settings.MODE == "production" and Installation.objects.filter(demo=True).exists():
        raise SettingError(
            _(
                "This database holds the demo city. A production installation needs a database of its own: "
                "set TIFA_DATABASE_URL or TIFA_DATA_DIR."
            )
        )
