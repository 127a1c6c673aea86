# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The files of an export: documents whose secrets are references to variables, and the file that should hold those."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field
from textwrap import indent

import yaml

from ansible_collections.mailfleet.email.plugins.module_utils._engine.schema import Problem
from ansible_collections.mailfleet.email.plugins.module_utils._resource.exported import Exported, SecretField
from ansible_collections.mailfleet.email.plugins.module_utils._text import visible
from ansible_collections.mailfleet.email.plugins.plugin_utils._export_names import Names
from ansible_collections.mailfleet.email.plugins.plugin_utils._export_seal import seal, sealed
from ansible_collections.mailfleet.email.plugins.plugin_utils._plain_data import plain
from ansible_collections.mailfleet.email.plugins.plugin_utils._registry import DOCUMENT_KEYS, KINDS
from ansible_collections.mailfleet.email.plugins.plugin_utils._without_templates import MARKS_OF_TEMPLATES

_HEADER: t.Final = (
    "# Exported by mailfleet.email. The next export writes this file again, as long as nobody changes it.\n"
)
SCHEMA_FILE: t.Final = "document.schema.json"
_Base: t.Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


READ: t.Final = (*DOCUMENT_KEYS, "kinds")
"""The options that take what was read: of a kind of record, or of all of them."""


def problems_of_read(arguments: t.Mapping[str, t.Any]) -> list[Problem]:
    """What is wrong where no option says what was read."""
    if any(arguments[name] is not None for name in READ):
        return []
    return [Problem(READ[0], f"is missing: give one of {', '.join(READ)}")]


def read_results(arguments: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """What was read, by kinds of record, as data. Raises `ValueError` for what is no result about one."""
    of_all: dict[str, t.Any] = arguments["kinds"] or {}
    wrong = [key for key, found in of_all.items() if key not in DOCUMENT_KEYS or not isinstance(found, dict)]
    if wrong:
        raise ValueError(f"kinds holds {', '.join(map(str, wrong))}, which is nothing that host_info returns")
    own = {key: arguments[key] for key in DOCUMENT_KEYS if arguments[key] is not None}
    return plain({**of_all, **own})


class _Reference(str):
    """A template that refers to a variable."""

    __slots__ = ()


class _Unsafe(str):
    """A text that looks like a template and is none."""

    __slots__ = ()


class _Dumper(_Base):  # type: ignore[misc]
    def ignore_aliases(self, data: t.Any) -> bool:
        """Write everything out, also what stands in two places."""
        del data
        return True


_Dumper.add_representer(
    _Reference, lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", str(text), style='"')
)
_Dumper.add_representer(_Unsafe, lambda dumper, text: dumper.represent_scalar("!unsafe", str(text), style='"'))


def files_of(
    results: t.Mapping[str, t.Mapping[str, t.Any] | None], names: Names, *, one_file_each: bool
) -> tuple[Files, list[str]]:
    """The files that describe what was read, and what was read and is not in them.

    `results` are those of the tasks that read each kind of record, `None` or nothing for one that was not read. Raises
    `ValueError` for what is no such result.
    """
    files, left_out = Files(names), []
    for kind, exporter in ((kind.key, kind.exporter) for kind in KINDS):
        found = results.get(kind)
        if found is None or found.get("skipped"):
            continue
        if kind not in found or "secret_fields" not in found:
            raise ValueError(f"{kind} is no result of a task that read them: {found.get('msg', 'it holds none')}")
        secrets = [
            [SecretField(tuple(secret["path"]), secret["readable"]) for secret in fields]
            for fields in found["secret_fields"]
        ]
        exported = exporter(found[kind], secrets)
        files.add(kind, exported, one_file_each=one_file_each)
        left_out += [
            f"{kind} {record.key}: {what}" for record in exported if not record.refused for what in record.left_out
        ]
    return files, [visible(text) for text in (*files.left_out, *left_out)]


@dataclass
class Files:
    """The files of one host's export by their paths below its directory, and the variables that they refer to.

    `variables` have the place of the secret as their value. `left_out` are the records that cannot be written down.
    """

    names: Names
    contents: dict[str, str] = field(default_factory=dict)
    variables: dict[str, str] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)

    def add(self, kind: str, records: t.Sequence[Exported], *, one_file_each: bool) -> None:
        """Write the documents of one kind of record. What cannot be written of one record leaves out that one alone."""
        written = [(record, text) for record in records if (text := self._text(kind, record)) is not None]
        if not one_file_each:
            self._put(f"{kind}.yml", kind, "".join(text for _record, text in written))
            return
        for record, text in written:
            self._put(self.names.file(kind, record), kind, text, self.names.record(kind, record))

    def _put(self, file: str, kind: str, entries: str, record: str = "") -> None:
        closed = seal(f"{self.names.host}/{file}", record)
        schema = f"# yaml-language-server: $schema={'../' * (file.count('/') + 1)}{SCHEMA_FILE}\n"
        text = f"{_HEADER}# {closed}\n{schema}{kind}:" + (f"\n{entries}" if entries else " []\n")
        self.contents[file] = sealed(text)

    def _text(self, kind: str, record: Exported) -> str | None:
        """The entry of a record as YAML, with a variable for each secret; `None` for what cannot be an entry."""
        why = record.refused
        variables: dict[str, str] = {}
        if not why:
            try:
                entry = self._with_references(kind, record, variables)
                text = _as_yaml(entry)
                text.encode()
            except (yaml.YAMLError, UnicodeError, RecursionError):
                why = "holds what no text file can hold"
        if not why and self.variables.keys() & variables.keys():
            why = "has the identity of another record"
        if why:
            self.left_out.append(f"{kind} {record.key}: the whole record ({why})")
            return None
        self.variables.update(variables)
        return indent(text, "  ")

    def _with_references(self, kind: str, record: Exported, variables: dict[str, str]) -> t.Any:
        """The entry of a record as it is dumped, with a variable for each of its secrets."""
        entry = _marked(record.entry)
        for path in record.secrets:
            name = self.names.variable(kind, record, path)
            variables[name] = f"{kind}, {record.key}: {'.'.join(path)}"
            data = entry
            for step in path[:-1]:
                data = data.setdefault(step, {})
            data[path[-1]] = _Reference(f"{{{{ {name} or omit }}}}")
        return entry

    def stub(self, known: t.Container[str]) -> str:
        """The content of the file for the variables, less those that are known already. Empty where there are none."""
        missing = {name: place for name, place in self.variables.items() if name not in known}
        if not missing:
            return ""
        lines = [f"# {visible(place)}\n{name}:\n" for name, place in missing.items()]
        return (
            "# Fill in the secrets, then encrypt this file: ansible-vault encrypt FILE\n"
            "# What is left empty counts as not given: it stays as it is on the server.\n" + "".join(lines)
        )


def _as_yaml(entry: t.Any) -> str:
    """An entry of a list, with an escape for each character that does not show: people read what is exported."""
    text: str = yaml.dump([entry], Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=1000)
    if all(visible(line) == line for line in text.split("\n")):
        return text
    return yaml.dump([entry], Dumper=_Dumper, sort_keys=False, width=1000)


def _marked(data: t.Any) -> t.Any:
    """A copy of the data with a mark on each text that Ansible would render."""
    if isinstance(data, dict):
        return {name: _marked(value) for name, value in data.items()}
    if isinstance(data, list):
        return [_marked(item) for item in data]
    if isinstance(data, str) and any(mark in data for mark in MARKS_OF_TEMPLATES):
        return _Unsafe(data)
    return data
