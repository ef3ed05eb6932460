"""Imports in the background: started by a person, checked, and taken over once."""

import logging
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tifa.core.files import CheckedFile
from tifa.exchange.importing import apply_opened, check_workbook, open_workbook
from tifa.exchange.models import ImportRun, ImportState
from tifa.exchange.report import ImportReport
from tifa.exchange.selectors import reach_of
from tifa.organisation.models import Person
from tifa.registry.services import keep_file

logger = logging.getLogger(__name__)


class NotReady(ValueError):
    """An import is not in the state for what was asked; the message says what to do."""


@transaction.atomic
def start_import(*, actor: Person, upload: "UploadedFile[Any]", checked: CheckedFile) -> ImportRun:
    """Keep an uploaded workbook to be checked in the background."""
    stored = keep_file(actor=actor, upload=upload, checked=checked)
    return ImportRun.objects.create(file=stored, person=actor, started_at=timezone.now())


def check_import(*, run_id: int) -> None:
    """Check the workbook of an import; one that is checked already stays as it is."""
    run = ImportRun.objects.select_related("file", "person").get(pk=run_id)
    if run.state != ImportState.CHECKING:
        return

    def progress(done: int, total: int) -> None:
        ImportRun.objects.filter(pk=run_id).update(done=done, total=total)

    try:
        report = check_workbook(
            Path(run.file.file.path), name=run.file.name, reach=reach_of(run.person), progress=progress
        )
    except Exception:
        _give_up(run, ImportState.CHECKING)
        raise
    state = ImportState.READY if report.acceptable else ImportState.REFUSED
    ImportRun.objects.filter(pk=run_id, state=ImportState.CHECKING).update(
        state=state, report=report.as_json()
    )


@transaction.atomic
def confirm_import(*, run: ImportRun) -> None:
    """Let an import that was checked be taken over.

    Raises
    ------
    NotReady
        When it was not checked, has errors, or is being taken over already.
    """
    changed = ImportRun.objects.filter(pk=run.pk, state=ImportState.READY).update(state=ImportState.APPLYING)
    if not changed:
        raise NotReady(_("This workbook cannot be taken over now. Look at its state below."))


def apply_import(*, run_id: int) -> None:
    """Take a confirmed import over; one that is done is not taken over twice."""
    run = ImportRun.objects.select_related("file", "person").get(pk=run_id)
    if run.state != ImportState.APPLYING:
        return
    try:
        opened = open_workbook(Path(run.file.file.path), name=run.file.name)
        if opened.digest and opened.digest != run.file.sha256:
            refusal = _("The stored file is not the one that was checked. Send the workbook again.")
            opened = replace(opened, reading=None, refusal=refusal)
        with transaction.atomic():
            locked = ImportRun.objects.select_for_update().get(pk=run_id)
            if locked.state == ImportState.APPLYING:
                report = apply_opened(actor=run.person, opened=opened, reach=reach_of(run.person))
                locked.state = ImportState.DONE if report.applied else ImportState.REFUSED
                locked.report = report.as_json()
                locked.save(update_fields=["state", "report"])
    except Exception:
        _give_up(run, ImportState.APPLYING)
        raise


def _give_up(run: ImportRun, state: ImportState) -> None:
    """Say that an import failed for a reason that is not in the workbook; the log has the details."""
    logger.exception("Import %s of %s failed", run.pk, run.file.sha256)
    refusal = _(
        "Something went wrong inside Tifa; nothing was taken over. Tell your administrator the number %(number)d."
    ) % {"number": run.pk}
    report = ImportReport(run.file.name, run.file.sha256, applied=False, refusal=refusal)
    ImportRun.objects.filter(pk=run.pk, state=state).update(
        state=ImportState.REFUSED, report=report.as_json()
    )
