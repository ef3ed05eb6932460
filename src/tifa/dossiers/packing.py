"""Dossiers with all that proves them as one ZIP, made while it is sent, so that any number of files takes no memory."""

import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import IO, Any, Final

from django.utils.text import slugify

from tifa.core.models import StoredFile
from tifa.dossiers.documents import Proposal, check_address, proposal_docx, proposal_of, proposal_pdf
from tifa.dossiers.models import Dossier, DossierAnswer, SentDossier
from tifa.dossiers.selectors.dossiers import answers_of
from tifa.instruments import load_instrument
from tifa.organisation.selectors import UnitTree
from tifa.registry.models import Evidence
from tifa.registry.selectors import shared_evidence

PIECE: Final = 256 * 1024
# One moment for all files, so that the same content gives the same archive.
MOMENT: Final = (1980, 1, 1, 0, 0, 0)
NO_ITEM: Final = "lain"


@dataclass(frozen=True)
class Packed:
    """What of one dossier goes into an archive; ``sent`` is what went out of it, None when it was not sent."""

    folder: str
    proposal: Proposal
    answers: Mapping[str, DossierAnswer]
    evidence: list[Evidence]
    sent: SentDossier | None


def packed(dossier: Dossier, folder: str = "", tree: UnitTree | None = None) -> Packed:
    """Return a dossier with its answers, the evidence that leaves the room, and the PDF that was sent."""
    answers = answers_of(dossier)
    last = SentDossier.objects.filter(dossier=dossier).select_related("pdf").first()
    return Packed(
        folder,
        proposal_of(dossier, load_instrument(dossier.instrument_id), answers, tree),
        answers,
        shared_evidence(dossier.innovation),
        last,
    )


def zip_pieces(packages: Iterable[Packed]) -> Iterator[bytes]:
    """Yield a ZIP archive piece by piece: proposals, proofs named by the item that they prove, manifests of SHA-256."""
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as archive:  # type: ignore[call-overload]  # it only writes
        for one in packages:
            for _place in _pack(archive, one):
                yield sink.taken()
    yield sink.taken()


class _Sink:
    """Takes what the archive writes and hands it on; it cannot be read or searched."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, data: bytes) -> int:
        self._pieces.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        return

    def taken(self) -> bytes:
        pieces, self._pieces = self._pieces, []
        return b"".join(pieces)


def _pack(archive: zipfile.ZipFile, one: Packed) -> Iterator[None]:
    """Put one dossier in; the caller empties the sink at every step."""
    files: dict[str, Any] = {}
    links: list[dict[str, Any]] = []
    yield from _put(
        archive,
        one.folder,
        "proposal.docx",
        io.BytesIO(proposal_docx(one.proposal, check_address(one.sent) if one.sent else "")),
        files,
    )
    yield from _put_stored(archive, one.folder, "proposal.pdf", one.sent.pdf if one.sent else None, files)
    if one.sent is None:
        yield from _put(archive, one.folder, "proposal.pdf", io.BytesIO(proposal_pdf(one.proposal)), files)
    for number, proof in enumerate(one.evidence, start=1):
        items = [item for item, answer in one.answers.items() if proof.pk in answer.proof]
        told = {"title": proof.title, "proves": items}
        stored = proof.handed_out
        if stored is None:
            links.append({**told, "url": proof.shared_url})
            continue
        name = _name(number, items, proof, stored)
        yield from _put_stored(archive, one.folder, name, stored, files)
        files[name] |= told
    manifest = {"title": one.proposal.title, "edition": one.proposal.edition, "files": files, "links": links}
    text = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True).encode()
    yield from _put(archive, one.folder, "manifest.json", io.BytesIO(text), {})


def _name(number: int, items: list[str], proof: Evidence, stored: StoredFile) -> str:
    words = slugify(proof.title)[:60] or "bukti"
    ending = PurePath(stored.name).suffix.lower()
    return f"bukti/{items[0] if items else NO_ITEM}/{number:02}-{words}{ending}"


def _put_stored(
    archive: zipfile.ZipFile, folder: str, name: str, stored: StoredFile | None, files: dict[str, Any]
) -> Iterator[None]:
    if stored is None:
        return
    try:
        source = stored.file.open("rb")
    except FileNotFoundError:
        files[name] = {"missing": True}
        return
    with source:
        yield from _put(archive, folder, name, source, files)


def _put(
    archive: zipfile.ZipFile, folder: str, name: str, source: IO[bytes], files: dict[str, Any]
) -> Iterator[None]:
    digest, size = hashlib.sha256(), 0
    with archive.open(zipfile.ZipInfo(f"{folder}{name}", MOMENT), "w") as place:
        while piece := source.read(PIECE):
            digest.update(piece)
            size += len(piece)
            place.write(piece)
            yield
    files[name] = {"sha256": digest.hexdigest(), "size": size}
    yield
