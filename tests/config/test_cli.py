"""The command line as a person starts it: in a process and a data folder of its own."""

import argparse
import gettext
import inspect
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tifa.config.cli import OF_ARGPARSE
from tifa.config.environment import speak_the_citys_language

SECRET = "x" * 60
Result = subprocess.CompletedProcess[str]


def tifa(folder: Path, *words: str, **settings: str) -> Result:
    environment = {
        key: value for key, value in os.environ.items() if not key.startswith(("TIFA_", "DJANGO_"))
    }
    environment |= {"TIFA_DATA_DIR": str(folder), **settings}
    return subprocess.run(
        [sys.executable, "-m", "tifa", *words],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def production(folder: Path, *words: str, **settings: str) -> Result:
    return tifa(
        folder,
        *words,
        **{
            "TIFA_MODE": "production",
            "TIFA_SECRET_KEY": SECRET,
            "TIFA_ALLOWED_HOSTS": "tifa.test",
            **settings,
        },
    )


@pytest.fixture
def domain() -> Iterator[None]:
    kept = gettext.textdomain()
    yield
    gettext.textdomain(kept)


@pytest.mark.parametrize(("language", "said"), [("id", "Dilaporkan"), ("en", "Reported"), ("xx", "Reported")])
@pytest.mark.usefixtures("domain")
def test_python_itself_speaks_the_citys_language(
    monkeypatch: pytest.MonkeyPatch, language: str, said: str
) -> None:
    monkeypatch.setenv("LANGUAGE", "")
    monkeypatch.setenv("TIFA_LANGUAGE", language)

    speak_the_citys_language()

    assert gettext.gettext("Reported") == said


def test_sentences_of_argparse_are_those_of_this_python() -> None:
    source = inspect.getsource(argparse)

    assert [said for said in OF_ARGPARSE if said.encode("unicode_escape").decode() not in source] == []


def test_help_names_every_command(tmp_path: Path) -> None:
    result = tifa(tmp_path, "--help", TIFA_LANGUAGE="en")

    assert result.returncode == 0
    assert result.stdout.startswith("usage: tifa [-h] [--version] COMMAND ...\n")
    assert re.search(r"^    demo +load the demo city \(Kota Jayapura\)", result.stdout, re.MULTILINE)


def test_gaps_of_an_empty_database_are_empty(tmp_path: Path) -> None:
    result = tifa(tmp_path, "gaps", "--as-of", "2026-11-24", "--json")

    assert result.returncode == 0, result.stderr
    assert json.loads(result.stdout) == {
        "as_of": "2026-11-24",
        "ledgers": dict.fromkeys(("known", "reported", "verified", "selected", "forwarded", "received"), 0),
        "gaps": [],
        "silent_units": [],
    }


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("gaps", "--as-of", "kemarin"), "kemarin"),
        (("gaps", "--unit", "TIDAK.ADA"), "TIDAK.ADA"),
        (("rank", "TIDAK-ADA"), "TIDAK-ADA"),
        (("import", "tidak-ada.xlsx"), "tidak-ada.xlsx"),
    ],
)
def test_bad_input_leaves_with_2_and_a_sentence(
    tmp_path: Path, words: tuple[str, ...], expected: str
) -> None:
    result = tifa(tmp_path, *words)

    assert result.returncode == 2
    assert expected in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"TIFA_SECRET_KEY": ""}, "TIFA_SECRET_KEY"),
        ({"TIFA_SECRET_KEY": "abc"}, "TIFA_SECRET_KEY"),
        ({"TIFA_SECRET_KEY": "x" * 49}, "TIFA_SECRET_KEY"),
        ({"TIFA_DEBUG": "yes"}, "TIFA_DEBUG"),
        ({"TIFA_ALLOWED_HOSTS": "*"}, "TIFA_ALLOWED_HOSTS"),
        ({"TIFA_ALLOWED_HOSTS": "tifa.test,*"}, "TIFA_ALLOWED_HOSTS"),
        ({"TIFA_ALLOWED_HOSTS": ".example.go.id"}, "TIFA_ALLOWED_HOSTS"),
        ({"TIFA_ALLOWED_HOSTS": "https://tifa.test"}, "TIFA_ALLOWED_HOSTS"),
        ({"TIFA_ALLOWED_HOSTS": ""}, "TIFA_ALLOWED_HOSTS"),
    ],
)
def test_production_refuses_to_start_half_configured(
    tmp_path: Path, settings: dict[str, str], expected: str
) -> None:
    result = production(tmp_path, "serve", **settings)

    assert result.returncode == 2
    assert expected in result.stderr


def test_production_does_not_change_tables_by_itself(tmp_path: Path) -> None:
    result = production(tmp_path, "serve")

    assert result.returncode == 2
    assert "migrate" in result.stderr


def test_production_refuses_the_demo(tmp_path: Path) -> None:
    assert tifa(tmp_path, "demo").returncode == 0

    served = production(tmp_path, "serve")
    loaded = production(tmp_path, "demo")

    assert served.returncode == 2
    assert "demo" in served.stderr
    assert loaded.returncode == 2


def test_demo_is_loaded_once(tmp_path: Path) -> None:
    first = tifa(tmp_path, "demo")
    again = tifa(tmp_path, "demo")
    quiet = tifa(tmp_path, "demo", "--if-empty")

    assert (first.returncode, again.returncode, quiet.returncode) == (0, 2, 0), again.stderr
    assert json.loads(tifa(tmp_path, "audit", "verify", "--json").stdout)["intact"] is True


def test_demo_is_the_same_every_time(tmp_path: Path) -> None:
    for name in ("a", "b"):
        assert tifa(tmp_path / name, "demo").returncode == 0
        assert tifa(tmp_path / name, "export", "all", str(tmp_path / f"{name}.xlsx")).returncode == 0

    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TIFA_TIME_ZONE", "Foo"),
        ("TIFA_TIME_ZONE", "Asia"),
        ("TIFA_TIME_ZONE", ""),
        ("TIFA_TIME_ZONE", "../../etc/passwd"),
        ("TIFA_LANGUAGE", "xx"),
        ("TIFA_LANGUAGE", "fr"),
        ("TIFA_LANGUAGE", ""),
    ],
)
def test_setting_that_cannot_be_used_is_named(tmp_path: Path, name: str, value: str) -> None:
    result = tifa(tmp_path, "gaps", **{"TIFA_LANGUAGE": "en", name: value})

    assert result.returncode == 2
    assert result.stderr.startswith(f"tifa: {name} is {value!r}")
    assert result.stderr.count("\n") == 1


def test_unknown_mode_is_named(tmp_path: Path) -> None:
    result = tifa(tmp_path, "gaps", TIFA_MODE="staging")

    assert result.returncode == 2
    assert "TIFA_MODE" in result.stderr
