"""Reads YAML from people: all scalars stay text, references and tags are refused, lines are kept."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

DEEPEST = 40
NULLS = frozenset({"", "~", "null"})
_LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


class UnreadableYaml(ValueError):
    """A text is not the YAML that is expected; the message says on which line and why."""


class Block(dict[str, Any]):
    """A block of fields that knows its line."""

    line: int = 1


@dataclass
class _Open:
    """A list or block that is not closed yet."""

    value: Any
    key: str | None = None
    seen: set[str] = field(default_factory=set)

    def put(self, value: Any, line: int) -> None:
        if isinstance(self.value, list):
            self.value.append(value)
        elif self.key is None:
            self._take_key(value, line)
        else:
            self.value[self.key] = value
            self.key = None

    def _take_key(self, value: Any, line: int) -> None:
        if not isinstance(value, str):
            raise UnreadableYaml(f"line {line}: found a key that is not a word; expected a name.")
        if value in self.seen:
            raise UnreadableYaml(
                f"line {line}: found the key {value!r} a second time; expected every key once."
            )
        self.seen.add(value)
        self.key = value


def read_yaml(text: str) -> Any:
    """Return the lists, blocks and texts of the one document in ``text``; an empty value is None.

    Raises
    ------
    UnreadableYaml
        With the line and the reason.
    """
    try:
        return _build(yaml.parse(text, Loader=_LOADER))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise UnreadableYaml(f"line {line}: this is not YAML: {error.problem or error.context}.") from error
    except yaml.YAMLError as error:
        raise UnreadableYaml(f"this is not YAML: {' '.join(str(error).split())}.") from error


def _build(events: Iterator[Any]) -> Any:
    root = _Open([])
    stack = [root]
    for event in events:
        line = event.start_mark.line + 1
        if isinstance(event, yaml.AliasEvent):
            raise UnreadableYaml(f"line {line}: found *{event.anchor}; expected the values themselves.")
        if getattr(event, "tag", None) not in {None, "!"}:
            raise UnreadableYaml(f"line {line}: found the tag {event.tag}; expected a value without one.")
        if isinstance(event, yaml.ScalarEvent):
            stack[-1].put(_scalar(event, stack[-1]), line)
        elif isinstance(event, yaml.SequenceStartEvent | yaml.MappingStartEvent):
            _open(event, stack, line)
        elif isinstance(event, yaml.SequenceEndEvent | yaml.MappingEndEvent):
            stack.pop()
    return root.value[0] if root.value else None


def _open(event: Any, stack: list[_Open], line: int) -> None:
    if len(stack) > DEEPEST:
        raise UnreadableYaml(f"line {line}: found more than {DEEPEST} levels within each other.")
    value: Any = [] if isinstance(event, yaml.SequenceStartEvent) else Block()
    if isinstance(value, Block):
        value.line = line
    stack[-1].put(value, line)
    stack.append(_Open(value))


def _scalar(event: Any, parent: _Open) -> str | None:
    is_value = isinstance(parent.value, list) or parent.key is not None
    if is_value and event.style is None and event.value in NULLS:
        return None
    return str(event.value)
