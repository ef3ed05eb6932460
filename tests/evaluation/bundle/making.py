"""Small bundles for tests, and ways to spoil them."""

import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tifa.evaluation.bundle.content import Content, computed, method_of
from tifa.evaluation.bundle.layout import MANIFEST, SIGNATURE, as_bytes, sha256_of
from tifa.evaluation.bundle.signing import signature_of
from tifa.evaluation.bundle.writing import packed, written
from tifa.instruments import instrument_to_json, load_instrument, rubric
from tifa.stats.reviews import Review

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER_KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))


def content(entries: int = 6, judges: int = 4) -> Content:
    instrument = load_instrument("kipp-2023")
    own = rubric(instrument)
    sections = [one.id for one in own.sections]
    return Content(
        instrument=instrument_to_json(instrument),
        rubric={
            "instrument": own.instrument_id,
            "group": own.group,
            "digest": own.digest,
            "minimum": str(own.minimum),
            "maximum": str(own.maximum),
            "sections": [{"id": one.id, "weight": str(one.weight)} for one in own.sections],
        },
        method=method_of(
            top=2,
            seed=7,
            places=2,
            official={"method": "fair", "ties": "lot", "band": "all", "lot": "benih", "decided": []},
        ),
        entries=[{"code": f"INV-{number}", "title": f"Inovasi {number}"} for number in range(entries)],
        reviews=[
            Review(
                f"INV-{entry}",
                f"p-judge{judge}",
                {
                    name: Decimal(60 + 5 * entry - 4 * judge + (7 * judge + 3 * entry + place) % 5)
                    for place, name in enumerate(sections)
                },
            )
            for entry in range(entries)
            for judge in range(judges)
        ],
    )


def older() -> bytes:
    """Return a bundle as they were before the rule of the official order and the places of the best."""
    whole = content()
    method = {name: value for name, value in whole.method.items() if name not in {"detail", "official"}}
    before = replace(whole, method=method)
    return written(before, computed(before), {"round": {"code": "UJI"}, "corrects": None}, KEY).content


def bundle(key: Ed25519PrivateKey = KEY) -> bytes:
    whole = content()
    return written(whole, computed(whole), {"round": {"code": "UJI"}, "corrects": None}, key).content


def correction(first: bytes) -> bytes:
    """Return the correction of a bundle: one entry was scored better by a judge, and one has left."""
    whole = content()
    kept = [one for one in whole.reviews if one.entry != "INV-1"]
    kept[0] = replace(kept[0], values=dict.fromkeys(kept[0].values, Decimal(95)))
    changed_content = replace(
        whole,
        entries=[one for one in whole.entries if one["code"] != "INV-1"],
        reviews=kept,
        published=whole.reviews,
        method=whole.method | {"frozen": sha256_of(files_in(first)[MANIFEST])},
    )
    return written(
        changed_content, computed(changed_content), {"round": {"code": "UJI"}, "corrects": None}, KEY
    ).content


def files_in(archive: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def changed(archive: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """Change one file and nothing else."""
    files = files_in(archive)
    files[name] = change(files[name])
    return packed(files)


def forged(
    archive: bytes, name: str, change: Callable[[bytes], bytes], key: Ed25519PrivateKey = KEY
) -> bytes:
    """Change one file, and make manifest and signature fit: only the computation can tell."""
    files = files_in(archive)
    files[name] = change(files[name])
    manifest = json.loads(files[MANIFEST])
    manifest["files"][name] = {"sha256": sha256_of(files[name]), "size": len(files[name])}
    files[MANIFEST] = as_bytes(manifest)
    files[SIGNATURE] = signature_of(key, files[MANIFEST])
    return packed(files)


def edited(change: Callable[[Any], None]) -> Callable[[bytes], bytes]:
    """Return a change of a JSON file."""

    def apply(text: bytes) -> bytes:
        value = json.loads(text)
        change(value)
        return as_bytes(value)

    return apply


def stored(folder: Path, archive: bytes) -> Path:
    path = folder / "bundle.zip"
    path.write_bytes(archive)
    return path
