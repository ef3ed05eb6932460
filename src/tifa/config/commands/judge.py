"""`tifa judge`: fair scores of a table of ratings, with what they are sure of."""

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tifa import __version__
from tifa.stats.errors import JudgingError
from tifa.stats.judging import Judgement, JudgingOptions, judge
from tifa.stats.ratings import panel_of
from tifa.stats.ratings_csv import read_ratings, read_weights

HELP = "correct the severity of judges: fair scores, places and their certainty from a table of ratings"
BAD_INPUT = 2


class _Unreadable(Exception):
    """A file cannot be used; the message names it."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "ratings",
        metavar="RATINGS.csv",
        help="entry,judge,criterion,score[,topic], or entry,judge[,topic] and one column a criterion",
    )
    parser.add_argument("--model", choices=("mfrm", "linear", "raw"), default="mfrm", help="default mfrm")
    parser.add_argument(
        "--steps",
        choices=("rating-scale", "partial-credit"),
        default="rating-scale",
        help="steps common to all criteria (default) or their own",
    )
    parser.add_argument(
        "--halo",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="whether the scores of one review hang together (default yes)",
    )
    parser.add_argument("--topics", action="store_true", help="let each topic have its own mean quality")
    parser.add_argument("--weights", metavar="W.csv", help="criterion,weight; equal weights without it")
    parser.add_argument("--top", type=int, metavar="K", help="places that count as the top; default a tenth")
    parser.add_argument(
        "--seed", type=int, default=0, metavar="N", help="start of the random numbers; default 0"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(options: argparse.Namespace) -> int:
    """Print the judgement; bad input leaves with 2."""
    try:
        judged = _judged(options)
    except _Unreadable as error:
        print(error, file=sys.stderr)
        return BAD_INPUT
    if options.json:
        print(json.dumps(_as_json(judged), ensure_ascii=False, indent=2, allow_nan=False))
    else:
        _print_tables(judged)
    return 0


def _judged(options: argparse.Namespace) -> Judgement:
    if options.seed < 0:
        raise _Unreadable(f"--seed: found {options.seed}; expected a whole number of 0 or more.")
    ratings = _lines(options.ratings)
    weights = None if options.weights is None else _lines(options.weights)
    try:
        panel = panel_of(read_ratings(ratings))
    except JudgingError as error:
        raise _Unreadable(f"{options.ratings}: {error}") from error
    try:
        weighed = None if weights is None else read_weights(weights)
    except JudgingError as error:
        raise _Unreadable(f"{options.weights}: {error}") from error
    chosen = JudgingOptions(
        model=options.model,
        steps=options.steps,
        halo=options.halo,
        topics=options.topics,
        weights=weighed,
        top=options.top,
        seed=options.seed,
    )
    try:
        return judge(panel, chosen)
    except JudgingError as error:
        raise _Unreadable(f"{options.ratings}: {error}") from error


def _lines(name: str) -> list[str]:
    try:
        return Path(name).read_text(encoding="utf-8-sig").splitlines(keepends=True)
    except OSError as error:
        raise _Unreadable(f"{name}: cannot be read ({error.strerror}); expected a CSV file.") from error
    except UnicodeDecodeError as error:
        raise _Unreadable(
            f"{name}: byte {error.start + 1} is not UTF-8; save the table as “CSV UTF-8”."
        ) from error


def _as_json(judged: Judgement) -> dict[str, Any]:
    return {
        "method": judged.method,
        "version": __version__,
        "digest": judged.digest,
        "converged": judged.converged,
        "connected": len(judged.subsets) == 1,
        "subsets": [asdict(one) for one in judged.subsets],
        "deviance": judged.deviance,
        "parameters": judged.parameters,
        "entries": [asdict(one) for one in judged.entries],
        "judges": [asdict(one) for one in judged.judges],
        "criteria": [asdict(one) for one in judged.criteria],
        "thresholds": judged.thresholds,
        "agreement": asdict(judged.agreement),
        "flags": [asdict(one) for one in judged.flags],
    }


def _print_tables(judged: Judgement) -> None:
    print(f"method {judged.method}, version {__version__}, digest {judged.digest}")
    print(
        f"\n{'rank':>5} {'90 %':>9} {'P(top)':>7} {'fair':>7} {'95 %':>15} {'raw':>7} {'reviews':>7}  entry"
    )
    for row in judged.entries:
        between = "–" if row.rank_lo is None else f"{row.rank_lo}–{row.rank_hi}"
        interval = "–" if row.fair_lo is None else f"{row.fair_lo:.2f} to {row.fair_hi:.2f}"
        print(
            f"{row.rank or '–':>5} {between:>9} {_shown(row.p_top):>7} {_shown(row.fair):>7} {interval:>15} "
            f"{_shown(row.raw):>7} {row.n_reviews:>7}  {row.entry}"
        )
    print(f"\n{'severity':>9} {'S.E.':>6} {'infit':>6} {'reviews':>7}  judge")
    for one in judged.judges:
        print(f"{_shown(one.severity):>9} {_shown(one.se):>6} {_shown(one.infit):>6} {one.n:>7}  {one.judge}")
    if judged.needed:
        print(f"\n{'judges':>6} {'dependability':>13}")
    for size in judged.needed:
        print(f"{size.judges:>6} {_shown(size.relative):>13}")
    for flag in judged.flags:
        print(f"! {flag.message}")


def _shown(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"
