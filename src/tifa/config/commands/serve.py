"""`tifa serve`: serves the site and does the background work in one process."""

import argparse
import contextlib
import hashlib
import logging
import os
import sys
import threading
from datetime import date
from pathlib import Path
from typing import Any

import waitress
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.db import Error, connection
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_tasks_db.management.commands.db_worker import Worker

from tifa.chain.services.delivery import mail_is_set_up
from tifa.chain.tasks import clear_uploads, read_news, remind, send_outbox, tell_of_dossiers
from tifa.config import environment
from tifa.config.database import prepare_database, refuse_demo_in_production
from tifa.config.memory import spare_the_collector
from tifa.core.models import Installation
from tifa.organisation.choices import Role
from tifa.registry.tasks import read_unread

logger = logging.getLogger(__name__)

HELP = gettext_lazy("serve the site on TIFA_HOST and TIFA_PORT (default 127.0.0.1:8000)")
# The server takes more than a form accepts, so that the form can say at the field that a file is too large.
BODY_LIMITS = 5
OUTBOX_SECONDS = 300


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--host", default=environment.text("TIFA_HOST", "127.0.0.1"))
    parser.add_argument("--port", type=int, default=environment.port("TIFA_PORT", 8000))


def run(options: argparse.Namespace) -> int:
    """Serve until the process is ended."""
    prepare_database()
    refuse_demo_in_production()
    _collect_static()
    try:
        server = waitress.create_server(
            get_wsgi_application(),
            host=options.host,
            port=options.port,
            threads=environment.number("TIFA_THREADS", 4, least=1, most=64),
            max_request_body_size=settings.UPLOAD_MAX_BYTES * BODY_LIMITS,
            clear_untrusted_proxy_headers=True,
            ident=None,
            **_proxy(),
        )
    except OSError as error:
        print(
            _(
                "tifa: %(place)s cannot be used: %(reason)s. End what is running there, or choose another port "
                "with --port."
            )
            % {"place": f"{options.host}:{options.port}", "reason": error.strerror},
            file=sys.stderr,
        )
        return 2
    _name_the_site(options)
    worker = _start_worker()
    stop = _start_clock()
    _greet(options.host, server.effective_port if hasattr(server, "effective_port") else options.port)
    spare_the_collector()
    with contextlib.suppress(KeyboardInterrupt):
        server.run()
    stop.set()
    worker.running = False
    return 0


def _name_the_site(options: argparse.Namespace) -> None:
    """Let the mails of a trial lead to the address on which it is served."""
    if settings.MODE == "development" and not environment.text("TIFA_SITE_URL"):
        settings.SITE_URL = f"http://{options.host}:{options.port}"


def _proxy() -> dict[str, Any]:
    proxy = environment.text("TIFA_TRUSTED_PROXY")
    if not proxy:
        return {}
    return {
        "trusted_proxy": proxy,
        "trusted_proxy_count": 1,
        "trusted_proxy_headers": {"x-forwarded-proto", "x-forwarded-for"},
    }


def _start_worker() -> Worker:
    worker = Worker(
        queue_names=["*"],
        interval=1,
        batch=False,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id=f"serve-{os.getpid()}",
        excluded_queue_names=[],
    )
    threading.Thread(target=worker.run, name="worker", daemon=True).start()
    return worker


def _start_clock() -> threading.Event:
    """Hand reminders and news of each day to the worker, and let it look into the outbox every few minutes.

    Nothing is kept of what was handed over: what was given or fetched already is left out when the work is done.
    """
    stop = threading.Event()

    def run() -> None:
        reminded: date | None = None
        while not stop.is_set():
            now = timezone.localtime()
            try:
                if now.hour >= settings.REMIND_HOUR and reminded != now.date():
                    remind.enqueue(now.date().isoformat())
                    read_news.enqueue(now.date().isoformat())
                    read_unread.enqueue(settings.LANGUAGE_CODE)
                    clear_uploads.enqueue()
                    reminded = now.date()
                else:
                    tell_of_dossiers.enqueue()
                    if mail_is_set_up():
                        send_outbox.enqueue()
            except Error:
                # A database that is busy or away is there again the next time; the clock must not stop for it.
                logger.warning("The work of the day could not be handed over.", exc_info=True)
            finally:
                connection.close()
            stop.wait(OUTBOX_SECONDS)

    threading.Thread(target=run, name="clock", daemon=True).start()
    return stop


def _collect_static() -> None:
    """Gather and compress the static files when they changed since the last start."""
    stamp = settings.STATIC_ROOT / ".stamp"
    state = _static_state()
    if stamp.exists() and stamp.read_text(encoding="ascii") == state:
        return
    call_command("collectstatic", interactive=False, verbosity=0, clear=True)
    stamp.write_text(state, encoding="ascii")


def _static_state() -> str:
    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            digest.update(f"{path} {Path(storage.path(path)).stat().st_mtime}\n".encode())
    return digest.hexdigest()


def _greet(host: str, port: int) -> None:
    print(f"\nTifa · {settings.CITY_NAME}\n  http://{host}:{port}\n")
    if Installation.objects.filter(demo=True).exists():
        from tifa.demo.loading import sign_ins  # noqa: PLC0415  # a city of its own does not load the demo

        print(_("Demo sign-ins (a trial only):"))
        for account in sign_ins():
            print(f"  {Role(account.role).label:<28}{account.email:<28}{account.password}")
        print()
    print(_("End with Ctrl+C."), flush=True)
