"""Writes a bundle: the same content gives the same bytes."""

import io
import sys
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tifa import __version__
from tifa.evaluation.bundle.content import Content, files_of
from tifa.evaluation.bundle.layout import (
    FORMAT,
    KEY,
    LISTED,
    MANIFEST,
    README,
    RESULTS,
    SIGNATURE,
    as_bytes,
    sha256_of,
)
from tifa.evaluation.bundle.results import CHANCE, SCALE_SHARE, Json
from tifa.evaluation.bundle.signing import fingerprint, public_pem, signature_of

_MOMENT = (1980, 1, 1, 0, 0, 0)
_TEXT = """Bundel hasil penilaian. Untuk memeriksa: pasang Tifa, lalu jalankan
    tifa verify BERKAS.zip --key KUNCI.pem
dengan kunci publik dari portal kota. "equal" berarti setiap angka di results.json terhitung ulang dari ratings.csv.

The bundle of a result. To check it, install Tifa and run
    tifa verify FILE.zip --key KEY.pem
with the public key from the city's portal. "equal" means that every number in results.json was computed again from
ratings.csv.

ratings.csv   what judges scored; an empty score is no score, for whatever reason. Labels of judges are drawn by lot
              for this publication alone. "p-..." is one judge throughout this file; "u-..." stands for one review of an
              entry at which a missing label would tell who the others are. The same letters elsewhere mean nobody.
published-ratings.csv   only in a correction: the ratings of the first publication. How strict each judge is stays as it was
              estimated from them, and only entries whose ratings differ are scored anew.
results.json  plain weighted mean (exact), fair score with its interval, place with its interval, chance of the top,
              agreement of the judges, and what changes without each of them.
method.json   names of the methods, seed of the random draws, size of the top.
instrument.json, rubric.json   the standard as it was frozen when the round opened, and what is used of it.
manifest.json SHA-256 of each file; signature.txt is the city's Ed25519 signature of manifest.json in Base64.
"""


@dataclass(frozen=True)
class Written:
    """A bundle as bytes, and what names it: the digest of its manifest."""

    content: bytes
    manifest_sha256: str
    fingerprint: str


def written(
    content: Content, results: Json, publication: Mapping[str, object], key: Ed25519PrivateKey
) -> Written:
    """Write and sign a bundle; ``publication`` says of which round it is, when, and what it corrects."""
    files = {
        **files_of(content),
        RESULTS: as_bytes(results),
        README: _TEXT.encode(),
        KEY: public_pem(key),
    }
    manifest = as_bytes(
        {
            "format": FORMAT,
            "publication": publication,
            "software": {
                "tifa": __version__,
                "python": ".".join(str(part) for part in sys.version_info[:3]),
                "numpy": version("numpy"),
                "scipy": version("scipy"),
            },
            "tolerance": {"scores_as_share_of_scale": SCALE_SHARE, "chances": CHANCE},
            "key": {"algorithm": "Ed25519", "fingerprint": fingerprint(key)},
            "files": {
                name: {"sha256": sha256_of(files[name]), "size": len(files[name])}
                for name in LISTED
                if name in files
            },
        }
    )
    signed = {MANIFEST: manifest, SIGNATURE: signature_of(key, manifest)}
    return Written(packed({**signed, **files}), sha256_of(manifest), fingerprint(key))


def packed(files: Mapping[str, bytes]) -> bytes:
    """Put files into a ZIP, uncompressed and without a time: compression differs between machines."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as bundle:
        for name, content in files.items():
            head = zipfile.ZipInfo(name, _MOMENT)
            head.create_system, head.external_attr = 3, 0o644 << 16
            bundle.writestr(head, content)
    return target.getvalue()
