"""Counts SQL statements; the brackets of transactions are not among them."""

from collections.abc import Callable

from django.db import connection
from django.test.utils import CaptureQueriesContext

BRACKETS = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE SAVEPOINT")


def statements_of(act: Callable[[], object]) -> int:
    """Return how many statements ``act`` needs."""
    with CaptureQueriesContext(connection) as queries:
        act()
    return sum(not query["sql"].startswith(BRACKETS) for query in queries.captured_queries)
