"""What is promised of the proposals and the matches, on the composed texts."""

from pathlib import Path

import yaml

from tifa.discovery.documents import read_path
from tifa.discovery.engine import discover
from tifa.discovery.lexicon import squeezed
from tifa.discovery.matching import Register
from tifa.discovery.registry import parse_registry

HERE = Path(__file__).parent
LEAST_F1, LEAST_MATCHING = 0.85, 0.95


def test_proposals_and_matches_keep_the_promise() -> None:
    labels = {row["id"]: row for row in yaml.safe_load((HERE / "labelled.yaml").read_text(encoding="utf-8"))}
    register = Register(
        parse_registry((HERE / "registry.yaml").read_text(encoding="utf-8"), name="registry.yaml")
    )
    right = false = wanted_count = matched = 0

    for item in read_path(HERE / "labelled.yaml").items:
        wanted = [one for one in labels[item.id]["innovations"] if one["own"] and one["status"] != "planned"]
        wanted_count += len(wanted)
        for candidate in discover(item.text, item.region):
            if candidate.reason is None:
                gold = [one for one in wanted if squeezed(candidate.name) in _forms(one)]
                right += bool(gold)
                false += not gold
                match = register.look_up(candidate, item.region).match
                matched += bool(gold) and (match.entry.id if match else None) == gold[0]["match"]

    assert 2 * right / (right + false + wanted_count) >= LEAST_F1
    assert matched / right >= LEAST_MATCHING


def _forms(one: dict[str, object]) -> set[str]:
    mentions = one.get("mentions") or []
    assert isinstance(mentions, list)
    return {squeezed(str(name)) for name in (one["name"], one.get("expansion"), *mentions) if name}
