"""Opens a bundle that anybody may have made: names, number and sizes are checked before anything is read."""

import io
import struct
import zipfile
import zlib
from pathlib import Path
from typing import BinaryIO, Final

from tifa.evaluation.bundle.content import UnreadableBundle
from tifa.evaluation.bundle.layout import LIMITS, MIB, OPTIONAL

LARGEST: Final = 96 * MIB
_END: Final = struct.Struct("<4s4H2LH")
_END_MARK: Final = b"PK\x05\x06"
_LONG_MARK: Final = b"PK\x06\x07"
_LONG_SIZE: Final = 20
_LARGEST_INDEX: Final = 64 * 1024
_KINDS: Final = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_ENCRYPTED: Final = 0x1


def files_in(path: Path) -> dict[str, bytes]:
    """Return the files of a bundle by name.

    Raises
    ------
    UnreadableBundle
        When it is no ZIP, or one that no bundle is: foreign, double or missing names, too many or too large files.
    """
    try:
        with path.open("rb") as source:
            _check_end(source, path.stat().st_size)
            with zipfile.ZipFile(source) as archive:
                return _files(archive)
    except OSError as error:
        raise UnreadableBundle(f"{path} cannot be read: {error.strerror or error}.") from error
    except (
        zipfile.BadZipFile,
        zlib.error,
        struct.error,
        NotImplementedError,
        RuntimeError,
        EOFError,
    ) as error:
        raise UnreadableBundle(f"{path} is a damaged ZIP ({error}).") from error


def files_from(content: bytes) -> dict[str, bytes]:
    """Return the files of a bundle that this city wrote.

    Raises
    ------
    UnreadableBundle
        As :func:`files_in`.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _files(archive)
    except zipfile.BadZipFile as error:
        raise UnreadableBundle(f"The stored bundle is damaged ({error}).") from error


def _check_end(source: BinaryIO, size: int) -> None:
    """Look at the end of the ZIP before Python's reader builds its index from it."""
    if not _END.size <= size <= LARGEST:
        raise UnreadableBundle(f"The file has {size} bytes; a bundle has {_END.size} to {LARGEST}.")
    source.seek(-min(size, _END.size + _LONG_SIZE), 2)
    tail = source.read()
    mark, *_, count, index, _start, comment = _END.unpack(tail[-_END.size :])
    if mark != _END_MARK or comment or tail.startswith(_LONG_MARK):
        raise UnreadableBundle("The file does not end as a bundle does; download it again.")
    if count > len(LIMITS) or index > _LARGEST_INDEX:
        raise UnreadableBundle(f"The ZIP holds {count} files; a bundle has {len(LIMITS)}.")
    source.seek(0)


def _files(archive: zipfile.ZipFile) -> dict[str, bytes]:
    heads = archive.infolist()
    names = [head.filename for head in heads]
    for name in names:
        if name not in LIMITS:
            raise UnreadableBundle(f"The ZIP holds {name[:80]!r}, which belongs to no bundle.")
        if names.count(name) > 1:
            raise UnreadableBundle(f"The ZIP holds {name} twice.")
    missing = [name for name in LIMITS if name not in names and name not in OPTIONAL]
    if missing:
        raise UnreadableBundle(f"The ZIP lacks {', '.join(missing)}.")
    return {head.filename: _read(archive, head) for head in heads}


def _read(archive: zipfile.ZipFile, head: zipfile.ZipInfo) -> bytes:
    limit = LIMITS[head.filename]
    if head.file_size > limit:
        raise UnreadableBundle(f"{head.filename} has {head.file_size} bytes; at most {limit} are read.")
    if head.compress_type not in _KINDS or head.flag_bits & _ENCRYPTED:
        raise UnreadableBundle(f"{head.filename} is encrypted or packed in an unknown way.")
    with archive.open(head) as source:
        content = source.read(limit + 1)
    if len(content) != head.file_size:
        raise UnreadableBundle(f"{head.filename} is longer or shorter than the ZIP says.")
    return content
