"""Inflates ZIP archives within a budget, so that a small file cannot ask for all memory."""

import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

MEMBERS: Final = 2_000
MEMBER_BYTES: Final = 40 * 2**20
INFLATED_BYTES: Final = 120 * 2**20
PIECE: Final = 256 * 1024
LISTED: Final = b"PK\x01\x02"
ENCRYPTED: Final = 0x1


class UnreadableFile(ValueError):
    """A file is not read; the message says what was found and how to mend it."""


@dataclass
class Budget:
    """How many bytes may still be inflated; what is read from one source shares it."""

    left: int = INFLATED_BYTES

    def take(self, count: int) -> None:
        """Use up ``count`` bytes.

        Raises
        ------
        UnreadableFile
            When more was asked for than there is.
        """
        self.left -= count
        if self.left < 0:
            raise UnreadableFile(
                f"it holds more than {INFLATED_BYTES // 2**20} MB when unpacked. Split it into several files."
            )


def open_archive(data: bytes) -> zipfile.ZipFile:
    """Open an archive whose list of members is not too long.

    Raises
    ------
    UnreadableFile
        When it is no archive, damaged, or has too many members.
    """
    if data.count(LISTED) > MEMBERS:  # counted before the list is built, which takes many times its size
        raise UnreadableFile(f"it has more than {MEMBERS} parts. Split it into several files.")
    try:
        return zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, OSError, ValueError, EOFError, NotImplementedError) as error:
        raise UnreadableFile("it is damaged or not what its ending says. Save it again.") from error


def read_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, budget: Budget) -> bytes:
    """Return the content of a member.

    Raises
    ------
    UnreadableFile
        When it is encrypted, damaged, or larger than allowed.
    """
    if info.flag_bits & ENCRYPTED:
        raise UnreadableFile("it is protected by a password. Save it without one.")
    pieces: list[bytes] = []
    size = 0
    try:
        with archive.open(info) as file:
            while piece := file.read(PIECE):
                size += len(piece)
                budget.take(len(piece))
                if size > MEMBER_BYTES:
                    raise UnreadableFile(
                        f"a part of it is larger than {MEMBER_BYTES // 2**20} MB when unpacked. Split it into several files."
                    )
                pieces.append(piece)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError) as error:
        raise UnreadableFile("it is damaged or not what its ending says. Save it again.") from error
    return b"".join(pieces)


def members_of(data: bytes, name: str, budget: Budget) -> Iterator[tuple[str, bytes]]:
    """Yield the files of an archive with their content, by name.

    Raises
    ------
    UnreadableFile
        With the name of the archive.
    """
    try:
        with open_archive(data) as archive:
            for info in sorted(archive.infolist(), key=lambda one: one.filename):
                hidden = any(part.startswith((".", "__MACOSX")) for part in info.filename.split("/"))
                if not info.is_dir() and not hidden:
                    yield info.filename, read_member(archive, info, budget)
    except UnreadableFile as error:
        raise UnreadableFile(f"{name}: {error}") from error
