"""Hostile ZIPs are refused before much of them is read."""

import io
import struct
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.evaluation.bundle.making import bundle, files_in, stored
from tifa.evaluation.bundle.content import UnreadableBundle
from tifa.evaluation.bundle.layout import LIMITS, MANIFEST, README, RESULTS
from tifa.evaluation.bundle.reading import files_in as opened
from tifa.evaluation.bundle.writing import packed


def with_file(name: str, content: bytes = b"x") -> bytes:
    return packed({**files_in(bundle()), name: content})


def twice() -> bytes:
    target = io.BytesIO(bundle())
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(target, "a") as archive:
        archive.writestr(RESULTS, b"{}")
    return target.getvalue()


def bomb() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files_in(bundle()).items():
            archive.writestr(name, bytes(LIMITS[name] + 1) if name == MANIFEST else content)
    return target.getvalue()


def liar() -> bytes:
    """Say that a file is small while it unpacks to much."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files_in(bundle()).items():
            archive.writestr(name, bytes(50_000_000) if name == README else content)
    text = target.getvalue()
    return text.replace(struct.pack("<L", 50_000_000), struct.pack("<L", 100))


def many() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for number in range(3000):
            archive.writestr(f"{number}", b"")
    return target.getvalue()


def lacking() -> bytes:
    files = files_in(bundle())
    del files[RESULTS]
    return packed(files)


def commented() -> bytes:
    target = io.BytesIO(bundle())
    with zipfile.ZipFile(target, "a") as archive:
        archive.comment = b"hello"
    return target.getvalue()


def long_form() -> bytes:
    end = bundle()
    return end[:-22] + b"PK\x06\x07" + bytes(16) + end[-22:]


@pytest.mark.parametrize(
    "make",
    [
        lambda: with_file("../../etc/passwd"),
        lambda: with_file("/etc/passwd"),
        lambda: with_file("extra.txt"),
        lambda: with_file("RESULTS.JSON"),
        twice,
        bomb,
        liar,
        many,
        lacking,
        commented,
        long_form,
        lambda: b"",
        lambda: b"PK\x05\x06" + bytes(18),
        lambda: bundle()[:-40],
        lambda: bundle()[200:],
        lambda: b"hello" * 100,
    ],
)
def test_it_is_refused_in_bounded_memory(tmp_path: Path, make: Callable[[], bytes]) -> None:
    path = stored(tmp_path, make())

    tracemalloc.start()
    with pytest.raises(UnreadableBundle):
        opened(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert peak < 4_000_000


def test_a_bundle_that_was_packed_again_is_read(tmp_path: Path) -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files_in(bundle()).items():
            archive.writestr(name, content)

    assert opened(stored(tmp_path, target.getvalue())) == files_in(bundle())


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableBundle, match="cannot be read"):
        opened(tmp_path / "nothing.zip")
