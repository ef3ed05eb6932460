"""Times are written as each language writes them."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.utils import translation
from django.utils.formats import date_format

import tifa

MOMENT = datetime(2026, 11, 24, 9, 5, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "short", "exact"),
    [
        ("id", "24 Nov 2026, 09.05", "24 Nov 2026, 09.05.07 UTC"),
        ("en", "24 Nov 2026, 09:05", "24 Nov 2026, 09:05:07 UTC"),
    ],
)
def test_time_has_points_in_indonesian_and_colons_in_english(language: str, short: str, exact: str) -> None:
    with translation.override(language):
        assert date_format(MOMENT, "SHORT_DATETIME_FORMAT") == short
        assert date_format(MOMENT, "EXACT_DATETIME_FORMAT") == exact


def test_no_page_writes_a_time_with_a_colon_in_every_language() -> None:
    pages = Path(tifa.__file__).parent.rglob("templates/**/*.html")

    assert [page.name for page in pages if "H:i" in page.read_text(encoding="utf-8")] == []
