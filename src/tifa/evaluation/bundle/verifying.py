"""Checks a bundle from itself alone: signature, digests, and every number computed again."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tifa.evaluation.bundle.content import (
    Content,
    UnreadableBundle,
    computed,
    content_of,
    instrument_digest,
    json_of,
)
from tifa.evaluation.bundle.layout import (
    FORMAT,
    KEY,
    LISTED,
    MANIFEST,
    METHOD,
    PUBLISHED_RATINGS,
    RATINGS,
    RESULTS,
    RUBRIC,
    SIGNATURE,
    sha256_of,
)
from tifa.evaluation.bundle.reading import files_in
from tifa.evaluation.bundle.results import Difference, differences
from tifa.evaluation.bundle.signing import KeyRefused, fingerprint, is_signed, public_key, public_pem
from tifa.instruments import NoRubric, instrument_from_json, rubric
from tifa.stats.errors import JudgingError
from tifa.stats.ranking import RankingError


@dataclass(frozen=True)
class Verdict:
    """What a check found; ``differences`` is empty when all is equal and the signature is good."""

    publication: Mapping[str, Any]
    software: Mapping[str, Any]
    fingerprint: str
    key_given: bool
    signed: bool
    differences: tuple[Difference, ...]

    @property
    def equal(self) -> bool:
        """Whether everything is as stated."""
        return self.signed and not self.differences


def verify(path: Path, key: bytes | None = None, first: Path | None = None) -> Verdict:
    """Check a bundle; with ``key`` the signature must be of that key, else of the one in the bundle.

    With ``first``, the bundle of the first publication, a correction must also have kept its ratings.

    Raises
    ------
    UnreadableBundle
        When the file is no bundle, or a file of it cannot be read.
    KeyRefused
        When ``key`` is no public key.
    """
    files = files_in(path)
    manifest = json_of(files, MANIFEST, dict)
    if manifest.get("format") != FORMAT:
        raise UnreadableBundle(f"{MANIFEST}: the format is {manifest.get('format')!r}; expected {FORMAT!r}.")
    trusted = public_key(key) if key is not None else None
    try:
        own = public_key(files[KEY])
    except KeyRefused as refusal:
        raise UnreadableBundle(f"{KEY}: {refusal}") from refusal
    signed = is_signed(trusted or own, files[MANIFEST], files[SIGNATURE])
    found = [*_digests(files, manifest), *_recomputed(files)]
    if first is not None:
        found.extend(_kept(files, files_in(first)))
    # A changed results.json is better named by the number that is wrong than by its digest.
    found.sort(key=lambda one: one.file == RESULTS and one.field == "sha256")
    if not signed:
        found.append(_unsigned(files, trusted is not None and public_pem(trusted) != public_pem(own)))
    return Verdict(
        publication=_object(manifest, "publication"),
        software=_object(manifest, "software"),
        fingerprint=fingerprint(trusted or own),
        key_given=key is not None,
        signed=signed,
        differences=tuple(found),
    )


def _digests(files: Mapping[str, bytes], manifest: Mapping[str, Any]) -> Iterator[Difference]:
    listed = _object(manifest, "files")
    own = {name for name in LISTED if name in files}
    for name in sorted({*own, *listed}):
        stated = listed.get(name)
        said = stated.get("sha256") if isinstance(stated, dict) else None
        found = sha256_of(files[name]) if name in own else None
        if said != found:
            yield Difference(name, "", "sha256", said, found)


def _kept(files: Mapping[str, bytes], first: Mapping[str, bytes]) -> Iterator[Difference]:
    """Compare what a correction says of the first publication with that."""
    frozen = json_of(files, METHOD, dict).get("frozen")
    if frozen != sha256_of(first[MANIFEST]):
        yield Difference(METHOD, "", "frozen", frozen, sha256_of(first[MANIFEST]))
    if files.get(PUBLISHED_RATINGS) != first[RATINGS]:
        stated = files.get(PUBLISHED_RATINGS)
        yield Difference(
            PUBLISHED_RATINGS, "", "sha256", stated and sha256_of(stated), sha256_of(first[RATINGS])
        )


def _recomputed(files: Mapping[str, bytes]) -> Iterator[Difference]:
    content = content_of(files)
    yield from _of_rubric(content)
    try:
        results = computed(content)
    except (RankingError, JudgingError) as error:
        raise UnreadableBundle(f"Nothing can be computed from it: {error}") from error
    yield from differences(RESULTS, json_of(files, RESULTS, dict), results, content.width)


def _of_rubric(content: Content) -> Iterator[Difference]:
    """Compare what is used of the instrument with the instrument itself."""
    stated, found = content.rubric.get("digest"), instrument_digest(content)
    if stated != found:
        yield Difference(RUBRIC, "", "digest", stated, found)
    try:
        own = rubric(instrument_from_json(dict(content.instrument)), str(content.rubric.get("group")))
    except NoRubric as error:
        raise UnreadableBundle(f"{RUBRIC}: {error}") from error
    values = {one.id: str(one.weight) for one in own.sections}
    said = {one["id"]: one["weight"] for one in content.rubric["sections"]}
    for name in sorted({*values, *said}):
        if values.get(name) != said.get(name):
            yield Difference(RUBRIC, "", f"weight of {name}", said.get(name), values.get(name))
    for name, value in (("minimum", own.minimum), ("maximum", own.maximum)):
        if content.rubric[name] != str(value):
            yield Difference(RUBRIC, "", name, content.rubric[name], str(value))


def _unsigned(files: Mapping[str, bytes], other_key: bool) -> Difference:
    if other_key:
        return Difference(
            SIGNATURE,
            "",
            "key",
            fingerprint(public_key(files[KEY])),
            "the key that was given signed nothing here",
        )
    return Difference(
        SIGNATURE, "", "signature", files[SIGNATURE].decode(errors="replace").strip()[:90], "not valid"
    )


def _object(value: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = value.get(name)
    return found if isinstance(found, dict) else {}
