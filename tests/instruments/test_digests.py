"""A pack changes only with a new revision: rounds and surveys name the digest they run on."""

from pathlib import Path

from tifa.instruments import digest, list_instruments, load_instrument
from tifa.instruments.reading import read_yaml

KNOWN = read_yaml((Path(__file__).parent / "digests.yaml").read_text(encoding="utf-8")).values


def test_no_pack_changes_unnoticed() -> None:
    # A correction needs a higher revision, a line in the CHANGELOG.md of the pack, and the new digest in digests.yaml.
    found = {
        one.id: {"revision": load_instrument(one.id).revision, "digest": digest(load_instrument(one.id))}
        for one in list_instruments()
    }

    assert found == KNOWN
