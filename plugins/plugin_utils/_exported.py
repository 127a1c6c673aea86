# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The files of an export: documents whose secrets are references to variables, and the file that shall hold those."""

from __future__ import annotations

import re
import typing as t
import unicodedata
from dataclasses import dataclass, field
from textwrap import indent

import yaml

from ansible_collections.mailfleet.email.plugins.module_utils._resource.exported import Exported, SecretField
from ansible_collections.mailfleet.email.plugins.module_utils._text import visible
from ansible_collections.mailfleet.email.plugins.plugin_utils._plain_data import MARKS_OF_TEMPLATES
from ansible_collections.mailfleet.email.plugins.plugin_utils._registry import KINDS

HEADER: t.Final = "# Exported by mailfleet.email. The next export writes this file again.\n"
SCHEMA_FILE: t.Final = "document.schema.json"
_Base: t.Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


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


def files_of(results: t.Mapping[str, t.Mapping[str, t.Any] | None], *, one_file_each: bool) -> tuple[Files, list[str]]:
    """The files that describe what was read, and what was read and is not in them.

    `results` are those of the tasks that read each kind of record, `None` for a kind that was not read. Raises
    `ValueError` for what is no such result.
    """
    files, left_out = Files(), []
    for kind, exporter in ((kind.key, kind.exporter) for kind in KINDS):
        found = results[kind]
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
        left_out += [visible(f"{kind} {record.key}: {what}") for record in exported for what in record.left_out]
    return files, left_out


@dataclass
class Files:
    """The files of one host's export by their paths below its directory, and the variables that they refer to.

    `variables` have the place of the secret as their value.
    """

    contents: dict[str, str] = field(default_factory=dict)
    variables: dict[str, str] = field(default_factory=dict)

    def add(self, kind: str, records: t.Sequence[Exported], *, one_file_each: bool) -> None:
        """Write the documents of one kind of record."""
        entries = [self._with_references(kind, record) for record in records]
        if not one_file_each:
            self.contents[f"{kind}.yml"] = _document(kind, entries, depth=1)
            return
        names: set[str] = set()
        for record, entry in zip(records, entries):
            name = _free(_slug(record.key, "-"), "-", names)
            names.add(name)
            self.contents[f"{kind}/{name}.yml"] = _document(kind, [entry], depth=2)

    def _with_references(self, kind: str, record: Exported) -> t.Any:
        """The entry of a record as it is dumped, with a new variable for each of its secrets."""
        entry = _marked(record.entry)
        for path in record.secrets:
            shown = [step for step in path if step not in ("options", "extra")]
            name = _free(f"vault_{_slug('_'.join([record.key, *shown]), '_')}", "_", self.variables)
            self.variables[name] = f"{kind}, {record.key}: {'.'.join(path)}"
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
        lines = [f"# {_one_line(place)}\n{name}:\n" for name, place in missing.items()]
        return (
            "# Fill in the secrets, then encrypt this file: ansible-vault encrypt FILE\n"
            "# What is left empty counts as not given: it stays as it is on the server.\n" + "".join(lines)
        )


def _document(kind: str, entries: list[t.Any], depth: int) -> str:
    schema = f"# yaml-language-server: $schema={'../' * depth}{SCHEMA_FILE}\n"
    if not entries:
        return f"{HEADER}{schema}{kind}: []\n"
    dumped = yaml.dump(entries, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=1000)
    return f"{HEADER}{schema}{kind}:\n{indent(dumped, '  ')}"


def _marked(data: t.Any) -> t.Any:
    """A copy of the data with a mark on each text that Ansible would render."""
    if isinstance(data, dict):
        return {name: _marked(value) for name, value in data.items()}
    if isinstance(data, list):
        return [_marked(item) for item in data]
    if isinstance(data, str) and any(mark in data for mark in MARKS_OF_TEMPLATES):
        return _Unsafe(data)
    return data


def _slug(text: str, between: str) -> str:
    """A text as a part of the names of files and variables: letters without accents, and digits."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", between, plain.casefold()).strip(between) or "record"


def _free(name: str, between: str, taken: t.Container[str]) -> str:
    """The name, with a number where it is taken."""
    if name not in taken:
        return name
    number = 2
    while f"{name}{between}{number}" in taken:
        number += 1
    return f"{name}{between}{number}"


def _one_line(text: str) -> str:
    return "".join(character if character.isprintable() else " " for character in text)
