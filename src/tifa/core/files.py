"""Takes uploaded files in: checks what they really are, and keeps them by content."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

import puremagic
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext as _

from tifa.core.models import StoredFile
from tifa.discovery.archives import UnreadableFile, open_archive

HEAD_BYTES = 8192
ACCEPTED = {
    ".pdf": "application/pdf",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
# Files that are only read for their words, and never handed out to be shown.
READABLE = {
    **{suffix: ACCEPTED[suffix] for suffix in (".pdf", ".docx", ".xlsx")},
    ".txt": "text/plain",
    ".md": "text/plain",
    ".html": "text/html",
    ".htm": "text/html",
    ".csv": "text/csv",
    ".tsv": "text/tab-separated-values",
    ".zip": "application/zip",
}
SIGNATURES = {
    ".pdf": (b"%PDF-",),
    ".jpg": (b"\xff\xd8\xff",),
    ".jpeg": (b"\xff\xd8\xff",),
    ".png": (b"\x89PNG\r\n\x1a\n",),
    ".docx": (b"PK\x03\x04",),
    ".xlsx": (b"PK\x03\x04",),
    ".zip": (b"PK\x03\x04", b"PK\x05\x06"),
}
# The part that makes an archive a document of Office, and one that none without macros has.
OFFICE_PARTS = {".docx": "word/document.xml", ".xlsx": "xl/workbook.xml"}
MACROS = "vbaproject.bin"
UNPACKED_BYTES = 200 * 2**20
UTF_16 = (b"\xff\xfe", b"\xfe\xff")


class RefusedFile(ValueError):
    """An uploaded file is not accepted; the message says why and what to do."""


@dataclass(frozen=True)
class CheckedFile:
    """What a look at the content of an upload found."""

    name: str
    content_type: str
    size: int
    sha256: str


def check_upload(upload: "UploadedFile[Any]", kinds: Mapping[str, str] = ACCEPTED) -> CheckedFile:
    """Return what ``upload`` is; ``kinds`` are the accepted endings with their types.

    Raises
    ------
    RefusedFile
        When it is empty, too large, of a kind that is not accepted, or not what its name says.
    """
    name = PurePath(upload.name or "").name[-200:]
    suffix = PurePath(name).suffix.lower()
    size = upload.size or 0
    if size == 0:
        raise RefusedFile(_("The file “%(name)s” is empty. Choose it again.") % {"name": name})
    if size > settings.UPLOAD_MAX_BYTES:
        raise RefusedFile(
            _(
                "The file “%(name)s” has %(size)d MB; at most %(limit)d MB are accepted. Make it smaller or give a link."
            )
            % {"name": name, "size": -(-size // 2**20), "limit": settings.UPLOAD_MAX_BYTES // 2**20}
        )
    if suffix not in kinds:
        raise RefusedFile(_not_accepted(kinds) % {"name": name})
    _check_content(upload, name, suffix, kinds)
    return CheckedFile(name, kinds[suffix], size, _sha256(upload))


def store_file(*, person: AbstractBaseUser, upload: "UploadedFile[Any]", checked: CheckedFile) -> StoredFile:
    """Keep ``upload`` under a name of its own; call it inside the transaction that refers to it."""
    suffix = PurePath(checked.name).suffix.lower()
    upload.name = f"{checked.sha256[:32]}{suffix}"
    return StoredFile.objects.create(
        file=upload,
        name=checked.name,
        content_type=checked.content_type,
        size=checked.size,
        sha256=checked.sha256,
        uploaded_by_id=person.pk,
        uploaded_at=timezone.now(),
    )


def _not_accepted(kinds: Mapping[str, str]) -> str:
    if kinds is ACCEPTED:
        return _(
            "“%(name)s” is not of an accepted kind. Accepted are PDF, JPG, PNG, Word (docx) and Excel (xlsx)."
        )
    return _(
        "“%(name)s” is not of a kind that is read. Accepted are PDF, Word (docx), Excel (xlsx), text, HTML, CSV, and ZIP of these."
    )


def _check_content(upload: "UploadedFile[Any]", name: str, suffix: str, kinds: Mapping[str, str]) -> None:
    upload.seek(0)
    head = upload.read(HEAD_BYTES)
    upload.seek(0)
    fits = head.startswith(SIGNATURES[suffix]) if suffix in SIGNATURES else _is_text(head)
    if not fits:
        raise RefusedFile(
            _("“%(name)s” is in truth %(kind)s, not what its ending says. Save it again in the right kind.")
            % {"name": name, "kind": _real_kind(head)}
        )
    if kinds is ACCEPTED and suffix in OFFICE_PARTS:  # what is only read, its reader looks into
        _check_office(upload, name, OFFICE_PARTS[suffix])


def _check_office(upload: "UploadedFile[Any]", name: str, part: str) -> None:
    """Refuse an archive that only calls itself a document of Office, holds macros, or unpacks to far too much."""
    try:
        with open_archive(upload.read()) as archive:
            parts = {one.filename: one.file_size for one in archive.infolist()}
    except UnreadableFile as error:
        raise RefusedFile(
            _("“%(name)s” is damaged, so nobody could open it. Save it again.") % {"name": name}
        ) from error
    finally:
        upload.seek(0)
    if part not in parts:
        raise RefusedFile(
            _(
                "“%(name)s” holds no document of Office, whatever its ending says. Save it again in Word or Excel."
            )
            % {"name": name}
        )
    if any(one.lower().endswith(MACROS) for one in parts):
        raise RefusedFile(
            _("“%(name)s” holds macros, which are not accepted. Save it without them, or as PDF.")
            % {"name": name}
        )
    if sum(parts.values()) > UNPACKED_BYTES:
        raise RefusedFile(
            _("“%(name)s” unpacks to more than %(limit)d MB. Save it as PDF, or make its pictures smaller.")
            % {"name": name, "limit": UNPACKED_BYTES // 2**20}
        )


def _is_text(head: bytes) -> bool:
    return head.startswith(UTF_16) or (b"\0" not in head and not head.startswith((b"PK\x03\x04", b"%PDF-")))


def _real_kind(head: bytes) -> str:
    try:
        return puremagic.from_string(head) or _("of an unknown kind")
    except (puremagic.PureError, ValueError):
        return _("of an unknown kind")


def _sha256(upload: "UploadedFile[Any]") -> str:
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    upload.seek(0)
    return digest.hexdigest()
