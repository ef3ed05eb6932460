"""`tifa verify` in a process of its own, with no database anywhere."""

import json
import os
import subprocess
import sys
from argparse import ArgumentParser
from pathlib import Path

import pytest

from tests.evaluation.bundle.making import KEY, OTHER_KEY, bundle, edited, forged, stored
from tests.evaluation.bundle.test_verifying import set_fair
from tifa.config.commands import verify
from tifa.evaluation.bundle.layout import RESULTS
from tifa.evaluation.bundle.signing import fingerprint, public_pem

SOURCE = Path(__file__).resolve().parents[3] / "src"


def run(*words: str) -> int:
    parser = ArgumentParser()
    verify.add_arguments(parser)
    return verify.run(parser.parse_args(words))


def key_file(folder: Path) -> str:
    path = folder / "key.pem"
    path.write_bytes(public_pem(KEY))
    return str(path)


def test_a_fresh_process_without_a_database_says_equal(tmp_path: Path) -> None:
    path, key = stored(tmp_path, bundle()), key_file(tmp_path)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("TIFA_", "DJANGO_"))}
    unreachable = "postgresql://nobody@127.0.0.1:9/nothing"

    told = subprocess.run(
        [sys.executable, "-m", "tifa", "verify", str(path), "--key", key, "--json"],
        env=kept
        | {
            "PYTHONPATH": str(SOURCE),
            "TIFA_DATA_DIR": str(tmp_path / "data"),
            "TIFA_DATABASE_URL": unreachable,
        },
        capture_output=True,
        text=True,
        check=False,
    )

    assert told.returncode == 0, told.stderr
    found = json.loads(told.stdout)
    assert (found["verdict"], found["signature"], found["first_difference"]) == ("equal", "valid", None)
    assert found["key"] == {"fingerprint": fingerprint(KEY), "given": True}


def test_the_first_difference_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = stored(tmp_path, forged(bundle(), RESULTS, edited(set_fair)))

    assert run(str(path), "--json") == 1
    first = json.loads(capsys.readouterr().out)["first_difference"]
    assert (first["file"], first["entry"], first["field"]) == (RESULTS, "INV-5", "fair.entries.fair")
    assert first["stated"] == pytest.approx(first["recomputed"] + 0.01)
    assert run(str(path)) == 1
    assert "results.json, entry INV-5, fair.entries.fair: stated" in capsys.readouterr().out


def test_without_a_key_it_says_whose_key_was_used(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(str(stored(tmp_path, bundle(OTHER_KEY)))) == 0
    assert "key in the bundle itself" in capsys.readouterr().out
    assert run(str(stored(tmp_path, bundle(OTHER_KEY))), "--key", key_file(tmp_path)) == 1


def test_unreadable_files_leave_with_two(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = stored(tmp_path, b"hello")

    assert run(str(path)) == 2
    assert run(str(path), "--json") == 2
    assert run(str(stored(tmp_path, bundle())), "--key", str(tmp_path / "nothing.pem")) == 2
    assert run(str(stored(tmp_path, bundle())), "--key", str(path)) == 2
    assert "unreadable" in capsys.readouterr().err
