"""`tifa discover`: proposes innovations that texts report, and says which of them the registry knows."""

import argparse
import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings

from tifa.config.database import prepare_database
from tifa.discovery.archives import UnreadableFile
from tifa.discovery.documents import Item, read_path
from tifa.discovery.engine import Candidate, discover
from tifa.discovery.matching import Match, Register, Verdict
from tifa.discovery.registry import Entry, UnreadableRegistry, parse_registry
from tifa.registry.selectors import named_innovations

HELP = "propose innovations that texts report, and match them with the registry"
BAD_INPUT = 2
REGISTRY_BYTES = 100 * 2**20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "paths",
        metavar="PATH",
        nargs="+",
        type=Path,
        help="a document, a folder, a ZIP, or a YAML list of items",
    )
    parser.add_argument(
        "--region", metavar="NAME", help="whose innovations are looked for, such as 'Kota Jayapura'"
    )
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument(
        "--registry", metavar="FILE.yaml", type=Path, help="the reported innovations as a YAML list"
    )
    source.add_argument(
        "--database", action="store_true", help="the reported innovations of this installation"
    )
    parser.add_argument("--json", action="store_true", help="print JSON, as a pipe or a file gets anyway")


def run(options: argparse.Namespace) -> int:
    """Print what was found; bad input leaves with 2."""
    try:
        register = Register(_entries(options))
        items = list(_items(options.paths))
    except (UnreadableFile, UnreadableRegistry) as error:
        print(f"tifa discover: {error}", file=sys.stderr)
        return BAD_INPUT
    region = options.region or (settings.CITY_NAME if options.database else None)
    rows = [_row(item, register, item.region or region) for item in items]
    if options.json or not sys.stdout.isatty():
        print(json.dumps(rows, ensure_ascii=False, indent=2))
    else:
        print("\n".join(_lines(rows)))
    return 0


def _entries(options: argparse.Namespace) -> Iterable[Entry]:
    if options.database:
        prepare_database()
        return [Entry(one.code, one.title, one.unit, one.summary, one.aliases) for one in named_innovations()]
    path: Path = options.registry
    try:
        with path.open("rb") as file:
            data = file.read(REGISTRY_BYTES + 1)
        if len(data) > REGISTRY_BYTES:
            raise UnreadableRegistry(
                f"{path}: the file is larger than {REGISTRY_BYTES // 2**20} MB. Leave out the summaries, or take "
                "only the years that are asked about."
            )
        return parse_registry(data.decode("utf-8-sig"), name=path.name)
    except OSError as error:
        raise UnreadableRegistry(
            f"{path}: cannot be read: {error.strerror}. Check its name, and whether you may open it."
        ) from error
    except UnicodeDecodeError as error:
        raise UnreadableRegistry(f"{path}: its letters cannot be read. Save it as text in UTF-8.") from error


def _items(paths: Iterable[Path]) -> Iterator[Item]:
    seen: set[str] = set()
    for path in paths:
        reading = read_path(path)
        for notice in reading.notices:
            print(f"tifa discover: left out: {notice}", file=sys.stderr)
        for item in reading.items:
            if item.id in seen:
                raise UnreadableFile(
                    f"{path}: found the item {item.id!r} a second time; expected every item once."
                )
            seen.add(item.id)
            yield item


def _row(item: Item, register: Register, region: str | None) -> dict[str, Any]:
    found = [(one, register.look_up(one, region)) for one in discover(item.text, region)]
    return {
        "item": item.id,
        "candidates": [_shown(one, verdict) for one, verdict in found if one.reason is None],
        "others": [_shown(one, verdict) | {"reason": one.reason} for one, verdict in found if one.reason],
    }


def _shown(candidate: Candidate, verdict: Verdict) -> dict[str, Any]:
    match = verdict.match
    return {
        "name": candidate.name,
        "expansion": candidate.expansion,
        "owner": candidate.owner,
        "year": candidate.year,
        "status": candidate.status,
        "own": candidate.own,
        "sentence": candidate.sentence,
        "confidence": candidate.confidence,
        "match": match.entry.id if match else None,
        "match_confidence": match.confidence if match else None,
        "near": [_near(one) for one in verdict.near],
    }


def _near(match: Match) -> dict[str, Any]:
    return {"match": match.entry.id, "name": match.entry.name, "match_confidence": match.confidence}


def _lines(rows: list[dict[str, Any]]) -> Iterator[str]:
    for row in rows:
        yield row["item"]
        for one in row["candidates"]:
            known = f"= {one['match']}" if one["match"] else "baru"
            long = f" ({one['expansion']})" if one["expansion"] else ""
            yield f"  {one['confidence']:.2f}  {one['name']}{long}  [{known}]  {one['owner'] or '–'}, {one['status']}"
            yield f"        {one['sentence']}"
            for near in one["near"]:
                yield f"        mirip: {near['match']} {near['name']} ({near['match_confidence']:.2f})"
        for one in row["others"]:
            yield f"  –     {one['name']}  [{one['reason']}]"
        if not row["candidates"] and not row["others"]:
            yield "  –"
