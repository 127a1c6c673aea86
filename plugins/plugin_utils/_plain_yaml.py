# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""YAML read as plain data: what JSON could hold, and dates, in a bounded number of values."""

from __future__ import annotations

import re
import typing as t
from collections import Counter

import yaml

Base: t.Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

DEEPEST: t.Final = 100
"""How deep data may be nested: ten levels are many for an option, and what walks through it calls itself for each."""

# The parser calls itself for each level as well, and some ten thousand end the whole process.
_FEW_BRACKETS: t.Final = 5_000
_DEEP_BLOCK = re.compile(rb"[ \t\0?:-]{1000}")
_MOST_MERGED: t.Final = 1_000_000
# Digits of a number by 60, as in 1:30:00, take time by their square, and Python writes no number of 4,300 digits.
_LONGEST_NUMBER: t.Final = 1_000
_NUMBERS: t.Final = ("tag:yaml.org,2002:int", "tag:yaml.org,2002:float")
_MERGE: t.Final = "tag:yaml.org,2002:merge"
# What no JSON can hold: sets and pairs would also hide what is in them from those who count.
_UNUSUAL: t.Final = ("binary", "omap", "pairs", "set")


def twice_in(names: t.Iterable[str]) -> str | None:
    """The first name that stands among these more than once."""
    return next((name for name, times in Counter(names).items() if times > 1), None)


class TooDeep(yaml.MarkedYAMLError):
    """What is nested so deeply that even looking for the reason takes long."""


def check_depth(content: bytes) -> None:
    """Raise `TooDeep` for what is nested too deeply, before anything is made of it."""
    if content.count(b"[") + content.count(b"{") <= _FEW_BRACKETS and not _DEEP_BLOCK.search(content):
        return
    depth = 0
    for event in yaml.parse(content, Base):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise TooDeep(problem="something is nested too deeply here", problem_mark=t.cast(t.Any, event.start_mark))


class PlainLoader(Base):  # type: ignore[misc]
    """A YAML loader of what JSON could hold, and dates. Whatever is wrong is a `yaml.MarkedYAMLError`."""

    def __init__(self, stream: t.Any) -> None:
        super().__init__(stream)
        self._flat: set[int] = set()
        self._merged = 0

    def construct_object(self, node: yaml.Node, deep: bool = False) -> t.Any:
        """The value of a node; what only looks like a date or a number makes Python's own errors."""
        if node.tag in _NUMBERS and len(node.value) > _LONGEST_NUMBER:
            problem = f"a number of more than {_LONGEST_NUMBER} characters; put quotes around it"
            raise yaml.MarkedYAMLError(problem=problem, problem_mark=node.start_mark)
        try:
            return super().construct_object(node, deep)
        except (ValueError, KeyError, AttributeError, TypeError, OverflowError):
            raise yaml.MarkedYAMLError(
                problem="a value that looks like a date or a number and is none; put quotes around it",
                problem_mark=node.start_mark,
            ) from None

    def flatten_mapping(self, node: yaml.MappingNode) -> None:
        """Merge (`<<`) what a mapping merges, once. Refuse a key that stands twice, and merging without end.

        The records of the first of two keys would silently not be described.
        """
        if id(node) in self._flat:
            return
        self._flat.add(id(node))
        twice = twice_in(key.value for key, _value in node.value if isinstance(key, yaml.ScalarNode))
        if twice is not None:
            raise yaml.MarkedYAMLError(problem=f"the key {twice} stands here twice", problem_mark=node.start_mark)
        others = [other for key, value in node.value if key.tag == _MERGE for other in _merged_nodes(value)]
        for other in others:
            self.flatten_mapping(other)
        # Counted before it is done: a list that names one mapping a thousand times is short.
        self._merged += sum(len(other.value) for other in others)
        if self._merged > _MOST_MERGED:
            raise yaml.MarkedYAMLError(problem="too much is merged here", problem_mark=node.start_mark)
        # The first of several mappings counts, and the mapping itself before all. With PyYAML 6.0.4 the last one would.
        # One that merges itself still has its own merge, which takes in nothing.
        taken = [pair for other in reversed(others) for pair in other.value if pair[0].tag != _MERGE]
        node.value = taken + [pair for pair in node.value if pair[0].tag != _MERGE]
        super().flatten_mapping(node)


def _merged_nodes(value: yaml.Node) -> list[yaml.MappingNode]:
    """The mappings that a merge takes in. Raises `MarkedYAMLError` where it is to take in something else."""
    nodes = value.value if isinstance(value, yaml.SequenceNode) else [value]
    for node in nodes:
        if not isinstance(node, yaml.MappingNode):
            raise yaml.MarkedYAMLError(problem="<< takes in a mapping or a list of such", problem_mark=node.start_mark)
    return list(nodes)


def _unusual(_loader: t.Any, node: yaml.Node) -> t.NoReturn:
    raise yaml.constructor.ConstructorError(problem_mark=node.start_mark)


for _tag in _UNUSUAL:
    PlainLoader.add_constructor(f"tag:yaml.org,2002:{_tag}", _unusual)
