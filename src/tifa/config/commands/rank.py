"""`tifa rank`: the ranking of a round as it stands."""

import argparse
import json
import sys
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tifa.config.database import prepare_database
from tifa.evaluation.models import Round
from tifa.evaluation.selectors.publications import current_publication
from tifa.evaluation.selectors.ranking import ranked_rows, ranking_of
from tifa.evaluation.selectors.rubrics import rubric_of
from tifa.stats.ranking import Ranking

HELP = gettext_lazy("print the ranking of a round")
BAD_INPUT = 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("round", metavar="ROUND", help=_("code of the round"))
    parser.add_argument("--json", action="store_true", help=_("print JSON"))


def run(options: argparse.Namespace) -> int:
    """Print the ranking; bad input leaves with 2."""
    prepare_database()
    round_ = Round.objects.filter(code=options.round).first()
    if round_ is None:
        codes = ", ".join(Round.objects.order_by("code").values_list("code", flat=True)) or "–"
        print(
            _("tifa: there is no round “%(code)s”. There are: %(codes)s.")
            % {"code": options.round, "codes": codes},
            file=sys.stderr,
        )
        return BAD_INPUT
    if options.json:
        print(json.dumps(_as_json(round_), ensure_ascii=False, indent=2))
    else:
        _print_table(round_)
    return 0


def _as_json(round_: Round) -> dict[str, Any]:
    ranking = ranking_of(round_)
    named = {row.code: row for row in ranked_rows(round_)}
    publication = current_publication(round_)
    rubric = rubric_of(round_)
    return {
        "round": round_.code,
        "state": round_.state,
        "instrument": {"id": rubric.instrument_id, "group": rubric.group, "digest": rubric.digest},
        "method": ranking.method,
        "published": {"digest": publication.digest, "at": publication.published_at.isoformat()}
        if publication
        else None,
        "entries": [
            entry | {"title": named[entry["innovation"]].title, "unit": named[entry["innovation"]].unit}
            for entry in _entries(ranking)
        ],
    }


def _entries(ranking: Ranking) -> list[dict[str, Any]]:
    return [
        {
            "innovation": row.entry,
            "rank": row.rank,
            "score": _number(row.total),
            "judges": row.judges,
            "missing": list(row.missing),
            "sections": [
                {
                    "section": section.section,
                    "weight": _number(section.weight),
                    "mean": _number(section.mean),
                    "contribution": _number(section.contribution),
                    "n": section.n,
                    "not_assessable": section.not_assessable,
                    "conflicts": section.conflicts,
                }
                for section in row.sections
            ],
        }
        for row in ranking.entries
    ]


def _number(value: Any) -> float | None:
    """Return a rounded decimal as a JSON number; two places survive the way through binary."""
    return None if value is None else float(value)


def _print_table(round_: Round) -> None:
    print(
        _("%(round)s (%(code)s), method %(method)s")
        % {"round": round_.name, "code": round_.code, "method": ranking_of(round_).method}
    )
    for row in ranked_rows(round_):
        place = "–" if row.rank is None else str(row.rank)
        total = _("incomplete") if row.total is None else f"{row.total}"
        print(f"{place:>4}  {total:>13}  {row.code}  {row.title} · {row.unit}")
