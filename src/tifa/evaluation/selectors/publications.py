"""Reads published rankings; anyone may."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db.models import QuerySet

from tifa.evaluation.bundle.content import content_of
from tifa.evaluation.bundle.reading import files_from
from tifa.evaluation.bundle.signing import KeyRefused, city_key, public_pem
from tifa.evaluation.models import RankingPublication, Round
from tifa.evaluation.selectors.copies import published_rows
from tifa.stats.reviews import Review


@dataclass(frozen=True)
class Published:
    """What corrections keep of the first publication of a round.

    Its anonymous reviews, whose label is whose by entry and key of the judge, the digest of its manifest, and how many
    places count as the top. ``labels`` go on with those that corrections since then drew.
    """

    reviews: Sequence[Review]
    labels: Mapping[tuple[str, str], str]
    manifest: str
    top: int


@dataclass(frozen=True)
class LatestRank:
    """The place of an innovation in the newest published round that it was in; None where it was not ranked."""

    code: str
    name: str
    rank: int | None


def latest_ranks(rounds: int) -> dict[str, LatestRank]:
    """Return by code of the innovation its place in the newest of the last so many published rounds."""
    found: dict[str, LatestRank] = {}
    for publication in _with_content().filter(corrected_by=None)[:rounds]:
        for row in published_rows(publication.payload):
            found.setdefault(row.code, LatestRank(publication.round.code, publication.round.name, row.rank))
    return found


def published_results() -> QuerySet[RankingPublication]:
    """Return the published rankings, the newest first, without their long content."""
    return (
        RankingPublication.objects.select_related("round")
        .defer("payload", "bundle", "round__instrument_copy")
        .order_by("-published_at", "-pk")
    )


def current_publication(round_: Round) -> RankingPublication | None:
    """Return the ranking that is valid for a round, with its content."""
    return _with_content().filter(round=round_).first()


def publication_by_code(code: str) -> RankingPublication | None:
    """Return the ranking that is valid for the round of a code, with its content."""
    return _with_content().filter(round__code=code).first()


def publications_of(code: str) -> QuerySet[RankingPublication]:
    """Return all publications of the round of a code, the newest first: what is corrected stays readable."""
    return published_results().filter(round__code=code)


def publication_in(code: str, key: int) -> RankingPublication | None:
    """Return one publication of a round, also a corrected one, with its content."""
    return _with_content().filter(round__code=code, pk=key).first()


def first_published(round_: Round) -> Published | None:
    """Return what a correction keeps; None when nothing was published, or by a version that kept no labels."""
    last = RankingPublication.objects.filter(round=round_).first()
    if last is None or last.labels is None or last.bundle is None:
        return None
    content = content_of(files_from(bytes(last.bundle)))
    return Published(
        content.reviews if content.published is None else content.published,
        {(entry, judge): label for entry, judge, label in last.labels},
        content.method.get("frozen") or last.payload["bundle"]["manifest"],
        last.payload["official"]["top"],
    )


def bundle_of(publication: RankingPublication) -> bytes | None:
    """Return the file that anyone can verify; publications of earlier versions have none."""
    content = RankingPublication.objects.values_list("bundle", flat=True).get(pk=publication.pk)
    return None if content is None else bytes(content)


def city_public_key() -> bytes | None:
    """Return the public key of the city, None when there is none that can be used; looking makes no key."""
    if not settings.SIGNING_KEY.exists():
        return None
    try:
        return public_pem(city_key(settings.SIGNING_KEY))
    except (KeyRefused, OSError):
        return None


def _with_content() -> QuerySet[RankingPublication]:
    return published_results().defer(None).defer("bundle", "round__instrument_copy")
