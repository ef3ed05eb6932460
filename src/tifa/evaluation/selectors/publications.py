"""Reads published rankings; anyone may."""

from django.db.models import QuerySet

from tifa.evaluation.models import RankingPublication, Round


def published_results() -> QuerySet[RankingPublication]:
    """Return the published rankings, the newest first, without their long content."""
    return (
        RankingPublication.objects.select_related("round")
        .defer("payload", "round__instrument_copy")
        .order_by("-published_at", "-pk")
    )


def current_publication(round_: Round) -> RankingPublication | None:
    """Return the ranking that is valid for a round, with its content."""
    return _with_content().filter(round=round_).first()


def publication_by_code(code: str) -> RankingPublication | None:
    """Return the ranking that is valid for the round of a code, with its content."""
    return _with_content().filter(round__code=code).first()


def _with_content() -> QuerySet[RankingPublication]:
    return published_results().defer(None).defer("round__instrument_copy")
