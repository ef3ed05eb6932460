"""Settings are read from the environment, and a bad one is named."""

from pathlib import Path

import pytest

from tifa.config import environment
from tifa.config.environment import SettingError


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a refused setting be told in English, whatever language a test before spoke."""
    monkeypatch.setenv("LANGUAGE", "en")


def test_database_defaults_to_sqlite_in_the_data_folder(tmp_path: Path) -> None:
    settings = environment.database("", tmp_path)

    assert settings["ENGINE"] == "django.db.backends.sqlite3"
    assert settings["NAME"] == str(tmp_path / "tifa.sqlite3")
    assert "synchronous=FULL" in settings["OPTIONS"]["init_command"]
    assert settings["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


def test_database_reads_a_postgresql_address(tmp_path: Path) -> None:
    settings = environment.database("postgresql://kota:ra%40sia@db:5433/tifa?sslmode=require", tmp_path)

    assert settings["USER"] == "kota"
    assert settings["PASSWORD"] == "ra@sia"
    assert (settings["HOST"], settings["PORT"], settings["NAME"]) == ("db", "5433", "tifa")
    assert settings["OPTIONS"]["sslmode"] == "require"
    assert settings["CONN_MAX_AGE"] == 0


def test_database_reads_a_socket_folder(tmp_path: Path) -> None:
    assert environment.database("postgresql://postgres@/tifa?host=/run/pg", tmp_path)["HOST"] == "/run/pg"


@pytest.mark.parametrize("url", ["mysql://db/tifa", "tifa.sqlite3", "postgresql://db:port/tifa"])
def test_database_names_an_address_that_it_cannot_read(tmp_path: Path, url: str) -> None:
    with pytest.raises(SettingError, match="TIFA_DATABASE_URL"):
        environment.database(url, tmp_path)


@pytest.mark.parametrize(("word", "expected"), [("ya", True), ("1", True), ("no", False), ("", False)])
def test_flag_reads_both_languages(monkeypatch: pytest.MonkeyPatch, word: str, expected: bool) -> None:
    monkeypatch.setenv("TIFA_DEBUG", word)

    assert environment.flag("TIFA_DEBUG") is expected


def test_flag_names_what_it_cannot_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIFA_DEBUG", "maybe")

    with pytest.raises(SettingError, match="TIFA_DEBUG is 'maybe'"):
        environment.flag("TIFA_DEBUG")


def test_number_names_what_it_cannot_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIFA_PORT", "http")

    with pytest.raises(SettingError, match="whole number"):
        environment.port("TIFA_PORT", 8000)


@pytest.mark.parametrize(
    ("hour", "good"), [("0", True), ("23", True), ("24", False), ("-1", False), ("7.5", False)]
)
def test_number_outside_its_range_is_named(monkeypatch: pytest.MonkeyPatch, hour: str, good: bool) -> None:
    monkeypatch.setenv("TIFA_REMIND_HOUR", hour)

    if good:
        assert environment.number("TIFA_REMIND_HOUR", 7, least=0, most=23) == int(hour)
    else:
        with pytest.raises(
            SettingError, match=f"TIFA_REMIND_HOUR is '{hour}'; expected a whole number from 0 to 23"
        ):
            environment.number("TIFA_REMIND_HOUR", 7, least=0, most=23)


def test_generated_secret_survives_a_restart(tmp_path: Path) -> None:
    first = environment.generated_secret(tmp_path)

    assert environment.generated_secret(tmp_path) == first
    assert (tmp_path / "secret-key").stat().st_mode & 0o077 == 0


def test_data_dir_says_when_it_cannot_be_made(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    monkeypatch.setenv("TIFA_DATA_DIR", str(tmp_path / "file" / "data"))

    with pytest.raises(SettingError, match="TIFA_DATA_DIR"):
        environment.data_dir()


def test_days_off_are_days_of_the_week(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIFA_DAYS_OFF", "7, 5")

    assert environment.weekdays("TIFA_DAYS_OFF", "6,7") == {5, 7}
    monkeypatch.delenv("TIFA_DAYS_OFF")
    assert environment.weekdays("TIFA_DAYS_OFF", "6,7") == {6, 7}


@pytest.mark.parametrize("value", ["0", "minggu", "1,2,3,4,5,6,7"])
def test_days_off_that_are_no_days_are_refused(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("TIFA_DAYS_OFF", value)

    with pytest.raises(environment.SettingError, match="TIFA_DAYS_OFF"):
        environment.weekdays("TIFA_DAYS_OFF", "6,7")
