"""Reads the YAML of a pack strictly: text stays text, and each place keeps its line.

Only whole numbers, ``true``, ``false`` and ``null`` are more than text. So ``on`` and ``no`` are words, a day is not
turned into an object that JSON does not know, and 0.1 never becomes a binary fraction. A key that stands twice, a tag
and a reference to another place (``*name``) are refused: a reader of the file would not see what the program sees.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import yaml

NULL, TRUTH, WHOLE, TEXT, ROWS, FIELDS = (
    f"tag:yaml.org,2002:{name}" for name in ("null", "bool", "int", "str", "seq", "map")
)
_RESOLVED = (
    (NULL, re.compile(r"(null|~|)\Z"), "n~"),
    (TRUTH, re.compile(r"(true|false)\Z"), "tf"),
    (WHOLE, re.compile(r"(0|-?[1-9][0-9]{0,17})\Z"), "-0123456789"),
)


class UnreadableYaml(ValueError):
    """A text is not the YAML of a pack; the message says on which line and why."""


@dataclass(frozen=True)
class Document:
    """The values of a pack, with the nodes they were read from."""

    values: Any
    root: yaml.Node

    def line_of(self, place: Sequence[str | int]) -> int:
        """Return the line of a place, or of the nearest part around it that stands in the file."""
        node: yaml.Node = self.root
        line = node.start_mark.line
        for step in place:
            found = _child(node, step)
            if found is None:
                break
            line, node = found
        return int(line) + 1


class _Words:
    """Resolves only whole numbers, ``true``, ``false`` and ``null``; everything else stays text."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                _refuse(key.start_mark, "found a key that is not a word; expected a name")
            if key.value in seen:
                _refuse(key.start_mark, f"found the key {key.value!r} a second time; expected every key once")
            seen.add(key.value)
        made: dict[Any, Any] = super().construct_mapping(node, deep)  # type: ignore[misc]  # of the loader beside it
        return made


class _Loader(_Words, yaml.SafeLoader):
    """Names what it refuses."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        event: Any = self.peek_event()  # type: ignore[no-untyped-call]  # the stubs leave the parser untyped
        if isinstance(event, yaml.AliasEvent):
            _refuse(event.start_mark, f"found *{event.anchor}; expected the values themselves")
        if event.tag is not None:
            _refuse(event.start_mark, f"found a value with the tag {event.tag}; expected one without")
        return super().compose_node(parent, index)


class _FastLoader(_Words, getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]  # libyaml, ten times as fast
    """Reads a good file; what it does not like is read again by the loader that can say why."""


_Words.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern, starts in _RESOLVED if first in starts]
    for first in "n~tf-0123456789"
} | {"": [(NULL, _RESOLVED[0][1])]}


def read_yaml(text: str) -> Document:
    """Read the one document in a text.

    Raises
    ------
    UnreadableYaml
        With the line and the reason.
    """
    quick = _quickly(text)
    if quick is not None:
        return quick
    try:
        loader = _Loader(text)
        root = loader.get_single_node()
        if root is None:
            raise UnreadableYaml("line 1: found nothing; expected an instrument.")
        return Document(loader.construct_document(root), root)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise UnreadableYaml(f"line {line}: {_reason(error)}.") from error
    except yaml.YAMLError as error:
        reason = " ".join(str(error).split())
        raise UnreadableYaml(f"the whole file: this is not YAML: {reason}.") from error
    except RecursionError as error:
        raise UnreadableYaml(
            "the whole file: found too many levels within each other; expected a pack."
        ) from error


def _quickly(text: str) -> Document | None:
    """Read a text that has nothing to refuse; None when the strict loader has to look at it."""
    try:
        loader = _FastLoader(text)
        root = loader.get_single_node()
        if root is None or not _is_plain(root, set()):
            return None
        return Document(loader.construct_document(root), root)
    except (yaml.YAMLError, RecursionError, ValueError):
        return None


def _is_plain(node: yaml.Node, seen: set[int]) -> bool:
    """Return whether no node has a tag of its own or stands at two places."""
    if id(node) in seen or node.tag not in {NULL, TRUTH, WHOLE, TEXT, ROWS, FIELDS}:
        return False
    seen.add(id(node))
    if isinstance(node, yaml.MappingNode):
        return all(_is_plain(part, seen) for pair in node.value for part in pair)
    if isinstance(node, yaml.SequenceNode):
        return all(_is_plain(part, seen) for part in node.value)
    return True


def _reason(error: yaml.MarkedYAMLError) -> str:
    problem = error.problem or error.context or ""
    return problem if problem.startswith("found") else f"this is not YAML: {problem}"


def _refuse(mark: Any, reason: str) -> None:
    raise yaml.MarkedYAMLError(problem=reason, problem_mark=mark)


def _child(node: yaml.Node, step: str | int) -> tuple[int, yaml.Node] | None:
    if isinstance(node, yaml.MappingNode):
        found = [(key, value) for key, value in node.value if key.value == step]
        return (found[0][0].start_mark.line, found[0][1]) if found else None
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        item = node.value[step]
        return item.start_mark.line, item
    return None
