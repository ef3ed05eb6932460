"""An instrument with every way of adding up, in a file of its own."""

from pathlib import Path

import pytest

from tifa.instruments import Instrument
from tifa.instruments.loading import parse_instrument

REGION = (Path(__file__).parent / "region.yaml").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def region() -> Instrument:
    return parse_instrument(REGION, name="region.yaml")
