"""Which parts of an innovation's story feed which item or question, from ``blocks.yaml``."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from tifa.dossiers.choices import Block
from tifa.instruments.reading import read_yaml

Feeds = Mapping[str, tuple[Block, ...]]


@cache
def _all_feeds() -> Mapping[str, Feeds]:
    text = files("tifa.dossiers").joinpath("blocks.yaml").read_text(encoding="utf-8")
    return {
        str(edition): {
            str(place): tuple(Block(name) for name in names) for place, names in one["items"].items()
        }
        for one in read_yaml(text).values
        for edition in one["editions"]
    }


def feeds_of(instrument_id: str) -> Feeds:
    """Return the parts that feed each place of an edition, named ``item`` or ``item.question``."""
    return _all_feeds().get(instrument_id, {})


def blocks_of(instrument_id: str, item: str) -> tuple[Block, ...]:
    """Return the parts of the story that feed an item, in the order of its questions."""
    feeds = feeds_of(instrument_id).items()
    return tuple(block for place, blocks in feeds if place.split(".")[0] == item for block in blocks)
