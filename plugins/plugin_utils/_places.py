# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where in a file something stands. Only asked for where something is wrong, so that reading stays quick."""

from __future__ import annotations

import re
import typing as t
from pathlib import Path

import yaml
from ansible.parsing.vault import VaultLib

from ansible_collections.mailfleet.email.plugins.plugin_utils._document import (
    DocumentError,
    MisplacedRecords,
    Origin,
    content_of,
    records_of,
)

_STEP = re.compile(r"(?P<name>[^.\[\]]+)|\[(?P<index>\d+)\]")
_LOADER: t.Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Steps = t.Sequence[t.Union[str, int]]


def steps_of(path: str) -> list[str | int]:
    """The steps of a dotted path such as `[3].options.auth.pass`."""
    return [step["name"] or int(step["index"]) for step in _STEP.finditer(path)]


class Places:
    """The places in files, each of which is looked through once."""

    def __init__(self, vault: VaultLib) -> None:
        self._vault = vault
        self._roots: dict[Path, yaml.Node | None] = {}

    def place(self, file: Path, steps: Steps) -> str:
        """The file, and the line where what the steps lead to begins, as far as they can be followed."""
        if file not in self._roots:
            self._roots[file] = self._root(file)
        node = self._roots[file]
        if node is None:
            return str(file)
        line = node.start_mark.line
        for step in steps:
            found = _child(node, step)
            if found is None:
                break
            line, node = found
        return f"{file}, line {line + 1}"

    def records_of(self, source: str, key: str) -> tuple[list[t.Any], list[Origin]]:
        """What `records_of` returns. Raises `DocumentError`, also for misplaced records with the line."""
        try:
            return records_of(source, key, self._vault)
        except MisplacedRecords as exc:
            raise DocumentError(f"{self.place(exc.file, exc.steps)}: {exc.reason}") from None

    def _root(self, file: Path) -> yaml.Node | None:
        try:
            return yaml.compose(content_of(file, self._vault), Loader=_LOADER)
        except (yaml.YAMLError, DocumentError, RecursionError):
            return None


def _child(node: t.Any, step: str | int) -> tuple[int, yaml.Node] | None:
    """The part of a node that a step leads to, and the line of its key."""
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step].start_mark.line, node.value[step]
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if isinstance(key, yaml.ScalarNode) and key.value == step:
                return key.start_mark.line, value
    return None
