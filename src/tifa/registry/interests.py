"""Who has an interest in an innovation: a table of sources, filled by the packages that know one."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from django.utils.functional import Promise


@dataclass(frozen=True)
class Interest:
    """One person in one innovation; ``detail`` is what was seen, such as the name of a unit."""

    innovation_id: int
    person_id: int
    detail: str


class Finder(Protocol):
    """Finds interests in a constant number of statements."""

    def __call__(self, innovations: Mapping[int, int], people: Collection[int]) -> Iterable[Interest]:
        """Return the interests of ``people`` in ``innovations``, which gives the unit of each."""


@dataclass(frozen=True)
class InterestSource:
    """A reason for an interest: a short name to be stored, words to be read, and how to find it."""

    name: str
    label: str | Promise
    find: Finder


_SOURCES: dict[str, InterestSource] = {}


def register(source: InterestSource) -> None:
    """Add a source; a package does it when it is loaded, so a package below need not know it.

    Raises
    ------
    ValueError
        When another source has the name.
    """
    if _SOURCES.get(source.name, source) != source:
        raise ValueError(f"Two sources of interests are named {source.name!r}.")
    _SOURCES[source.name] = source


def sources() -> tuple[InterestSource, ...]:
    """Return the sources in the order in which they were added: the first one that finds a pair names it."""
    return tuple(_SOURCES.values())


def label_of(name: str) -> str | Promise:
    """Return the words for a stored name; of a source that is gone, the name itself."""
    source = _SOURCES.get(name)
    return source.label if source else name
