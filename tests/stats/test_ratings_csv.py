"""Tables of ratings are read in both forms, and what is wrong is named by line and column."""

import pytest

from tifa.stats.ratings import Rating
from tifa.stats.ratings_csv import TableError, read_ratings, read_weights

LONG = "entry,judge,criterion,score\n"


def test_long_and_wide_say_the_same() -> None:
    long = read_ratings([LONG, "e,x,a,1\n", "e,x,b,\n", "e,y,a,2.5\n", "e,y,b,3\n"])
    wide = read_ratings(["entry,judge,a,b\n", "e,x,1,\n", "e,y,2.5,3\n"])

    assert long == wide
    assert long[1] == Rating("e", "x", "b", None)


def test_topic_is_read_in_both_forms() -> None:
    long = read_ratings(["entry,judge,criterion,score,topic\n", "e,x,a,1,air\n"])
    wide = read_ratings(["entry,judge,topic,a\n", "e,x,air,1\n"])

    assert long == wide == (Rating("e", "x", "a", 1.0, "air"),)


def test_semicolons_bring_decimal_commas() -> None:
    ratings = read_ratings(["Entry;Judge;a\r\n", "e;x;2,5\r\n", "\r\n"])

    assert ratings == (Rating("e", "x", "a", 2.5),)


def test_quoted_names_and_spaces_are_kept_and_trimmed() -> None:
    [rating] = read_ratings([LONG, '"Sagu, Sentani", x ,a, 4 \n'])

    assert rating == Rating("Sagu, Sentani", "x", "a", 4.0)


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ([], "line 1: found an empty first line; expected a header such as entry,judge,criterion,score."),
        (
            ["entry,criterion,score\n"],
            "line 1: found the columns entry, criterion, score; expected a column 'judge' in the header.",
        ),
        (
            ["entry,judge\n", "e,x\n"],
            "line 1: found the columns entry, judge; expected the columns criterion and score, or one column a criterion.",
        ),
        (
            ["entry,judge,score\n", "e,x,1\n"],
            "line 1: found the columns entry, judge, score; expected a column 'criterion' beside 'score'.",
        ),
        (["entry,judge,,a\n"], "line 1: found no name over column 3; expected a name over each column."),
        (["entry,judge,a,a\n"], "line 1, column 'a': found two columns of that name; expected one."),
        (
            ["entry,judge,criterion,score,note\n"],
            "line 1, column 'note': found a column that the long form does not have; expected entry,judge,criterion,score[,topic].",
        ),
        ([LONG], "line 1: found no line below the header; expected at least one rating."),
        ([LONG, "e,x,a,four\n"], "line 2, column 'score': found 'four'; expected a number or an empty cell."),
        (
            [LONG, "e,x,a,nan\n"],
            "line 2, column 'score': found 'nan'; expected a finite number or an empty cell.",
        ),
        ([LONG, "e,x,a,1,2\n"], "line 2: found 5 cells; expected 4, as in the header."),
        ([LONG, ",x,a,1\n"], "line 2, column 'entry': found an empty cell; expected a name."),
        (
            [LONG, "e,x,a,1\n", "e,x,a,2\n"],
            "line 3, column 'judge': found 'x' rating 'a' of 'e' as on line 2 already; expected one rating.",
        ),
        (
            ["entry,judge,a\n", "e,x,1\n", "e,x,2\n"],
            "line 3, column 'judge': found 'x' rating 'a' of 'e' as on line 2 already; expected one rating.",
        ),
        (
            ["entry,judge,topic,a\n", "e,x,s,1\n", "e,y,t,2\n"],
            "line 3, column 'topic': found 't'; expected 's', as before for 'e'.",
        ),
        (
            [LONG, 'e,"x,a,1\n'],
            "line 2: found text that is no CSV (unexpected end of data); expected cells between commas.",
        ),
    ],
)
def test_what_is_wrong_is_named(lines: list[str], message: str) -> None:
    with pytest.raises(TableError) as caught:
        read_ratings(lines)

    assert str(caught.value) == message


def test_weights_are_read() -> None:
    assert read_weights(["criterion,weight\n", "a,40\n", "b,60\n"]) == {"a": 40.0, "b": 60.0}


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (["criterion\n"], "line 1: found the columns criterion; expected the header criterion,weight."),
        (
            ["criterion,weight\n", "a,1\n", "a,2\n"],
            "line 3, column 'criterion': found 'a' a second time; expected each criterion once.",
        ),
        (["criterion,weight\n", "a,\n"], "line 2, column 'weight': found ''; expected a number."),
    ],
)
def test_wrong_weights_are_named(lines: list[str], message: str) -> None:
    with pytest.raises(TableError) as caught:
        read_weights(lines)

    assert str(caught.value) == message
