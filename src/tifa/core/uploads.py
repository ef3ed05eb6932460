"""Takes a file in piece by piece, so that a weak network that breaks off loses no more than one piece."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path, PurePath
from typing import Any, Final

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from tifa.core.files import ACCEPTED, RefusedFile
from tifa.core.models import Upload

PIECE_BYTES: Final = 1024 * 1024
OPEN_AT_ONCE: Final = 5
KEPT_FOR: Final = timedelta(days=7)


class WrongPlace(Exception):
    """A piece does not go on where the last one ended; ``received`` says how much is there."""

    def __init__(self, received: int) -> None:
        super().__init__(received)
        self.received = received


@transaction.atomic
def begin_upload(*, person: AbstractBaseUser, name: str, size: int, now: datetime) -> Upload:
    """Begin a file, or find the one that was begun; of many that were begun and left, the oldest go.

    Raises
    ------
    RefusedFile
        When it is empty, too large or of a kind that is not accepted, before a byte of it was sent.
    """
    plain = PurePath(name).name[-200:]
    if not 0 < size <= settings.UPLOAD_MAX_BYTES or PurePath(plain).suffix.lower() not in ACCEPTED:
        raise RefusedFile(
            _(
                "“%(name)s” is not accepted. Accepted are PDF, JPG, PNG, Word (docx) and Excel (xlsx), up to %(limit)d MB."
            )
            % {"name": plain, "limit": settings.UPLOAD_MAX_BYTES // 2**20}
        )
    upload, _made = Upload.objects.get_or_create(
        person_id=person.pk, name=plain, size=size, defaults={"changed_at": now}
    )
    for left in Upload.objects.filter(person_id=person.pk).exclude(pk=upload.pk)[OPEN_AT_ONCE - 1 :]:
        _drop(left)
    return upload


@transaction.atomic
def take_piece(*, upload: Upload, offset: int, piece: bytes, now: datetime) -> Upload:
    """Put one piece on disk; it is acknowledged only when it is safe there.

    Raises
    ------
    WrongPlace
        When it does not begin where the last one ended, or goes beyond the end.
    """
    locked = Upload.objects.select_for_update().get(pk=upload.pk)
    if offset != locked.received or offset + len(piece) > locked.size:
        raise WrongPlace(locked.received)
    path = _path(locked)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("r+b" if path.exists() else "wb") as file:
        file.seek(offset)
        file.write(piece)
        file.flush()
        os.fsync(file.fileno())
    locked.received, locked.changed_at = offset + len(piece), now
    locked.save()
    return locked


@contextmanager
def whole(upload: Upload) -> Iterator["UploadedFile[Any]"]:
    """Give a file that arrived completely as one that came in a form; afterwards its pieces are gone, taken or not."""
    try:
        with _path(upload).open("rb") as file:
            yield UploadedFile(file=file, name=upload.name, size=upload.size)
    finally:
        _drop(upload)


def clear_uploads(now: datetime) -> int:
    """Drop what was begun and left for a week, and return how many files that were."""
    left = list(Upload.objects.filter(changed_at__lt=now - KEPT_FOR))
    for upload in left:
        _drop(upload)
    return len(left)


def _drop(upload: Upload) -> None:
    _path(upload).unlink(missing_ok=True)
    Upload.objects.filter(pk=upload.pk).delete()


def _path(upload: Upload) -> Path:
    return Path(settings.UPLOAD_FOLDER) / f"{upload.pk}.part"
