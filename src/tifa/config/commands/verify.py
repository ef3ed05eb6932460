"""`tifa verify`: computes a published result again from its bundle, and says whether it is equal."""

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tifa.evaluation.bundle.content import UnreadableBundle
from tifa.evaluation.bundle.results import Difference
from tifa.evaluation.bundle.signing import KeyRefused
from tifa.evaluation.bundle.verifying import Verdict, verify

HELP = "compute a published result again from its bundle, and check the signature; needs no database"
EQUAL, DIFFERENT, UNREADABLE = 0, 1, 2
LARGEST_KEY = 4096
SHOWN = 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("bundle", metavar="BUNDLE.zip", help="as downloaded from the page of a result")
    parser.add_argument(
        "--key",
        metavar="FILE",
        help="public key of the city, from its portal; without it only the bundle's own key is checked",
    )
    parser.add_argument(
        "--first",
        metavar="FIRST.zip",
        help="of a correction: the bundle of the first publication, whose ratings it must have kept",
    )
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(options: argparse.Namespace) -> int:
    """Print the verdict: 0 equal, 1 different or badly signed, 2 unreadable."""
    try:
        first = Path(options.first) if options.first else None
        verdict = verify(Path(options.bundle), _key(options.key), first)
    except (UnreadableBundle, KeyRefused) as error:
        if options.json:
            print(json.dumps({"verdict": "unreadable", "message": str(error)}, ensure_ascii=False, indent=2))
        print(f"unreadable: {error}", file=sys.stderr)
        return UNREADABLE
    if options.json:
        print(json.dumps(_as_json(verdict), ensure_ascii=False, indent=2, default=str))
    else:
        _print(verdict)
    return EQUAL if verdict.equal else DIFFERENT


def _key(name: str | None) -> bytes | None:
    if name is None:
        return None
    try:
        with Path(name).open("rb") as file:
            return file.read(LARGEST_KEY)
    except OSError as error:
        raise KeyRefused(f"{name} cannot be read: {error.strerror}.") from error


def _as_json(verdict: Verdict) -> dict[str, Any]:
    differences = [asdict(one) for one in verdict.differences]
    return {
        "verdict": "equal" if verdict.equal else "different",
        "signature": "valid" if verdict.signed else "invalid",
        "key": {"fingerprint": verdict.fingerprint, "given": verdict.key_given},
        "publication": dict(verdict.publication),
        "software": dict(verdict.software),
        "first_difference": differences[0] if differences else None,
        "differences": differences[:SHOWN],
        "difference_count": len(differences),
    }


def _print(verdict: Verdict) -> None:
    if verdict.equal:
        print("equal: every number was computed again as stated, and the signature is valid")
    else:
        print("different")
        for one in verdict.differences[:SHOWN]:
            print(f"  {_sentence(one)}")
        if len(verdict.differences) > SHOWN:
            print(f"  and {len(verdict.differences) - SHOWN} more")
    print(f"key {verdict.fingerprint}")
    if not verdict.key_given:
        print(
            "This is the key in the bundle itself. Compare it with the city's portal, or give that key with --key."
        )


def _sentence(one: Difference) -> str:
    about = f", entry {one.entry}" if one.entry else ""
    return f"{one.file}{about}, {one.field}: stated {_shown(one.stated)}, recomputed {_shown(one.recomputed)}"


def _shown(value: Any) -> str:
    return "nothing" if value is None else str(value)[:200]
