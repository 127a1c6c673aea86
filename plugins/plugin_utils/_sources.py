# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where a task about many records reads them itself: from `src`, or from the `document` that describes its host."""

from __future__ import annotations

import re
import typing as t

from ansible.errors import AnsibleError, AnsibleFileNotFound
from ansible.parsing.vault import VaultLib

from ansible_collections.mailfleet.email.plugins.module_utils._engine.schema import InputError, Problem
from ansible_collections.mailfleet.email.plugins.plugin_utils._described import read_description
from ansible_collections.mailfleet.email.plugins.plugin_utils._document import DocumentError, Origin, records_of
from ansible_collections.mailfleet.email.plugins.plugin_utils._places import Places, Steps, steps_of
from ansible_collections.mailfleet.email.plugins.plugin_utils._rendering import Renderer, RenderingError

if t.TYPE_CHECKING:
    from ansible_collections.mailfleet.email.plugins.module_utils._resource.spec import ModuleSpec

FindNeedle = t.Callable[[str, str], str]
Outcome = dict[str, t.Any]


def source_of(spec: ModuleSpec, arguments: t.Mapping[str, t.Any]) -> Source | None:
    """Where the task shall read its records, `None` where its arguments hold them."""
    given = [name for name in (spec.records, "src", "document") if name and arguments.get(name) is not None]
    if spec.records is None or not given or given[-1] == spec.records:
        return None
    kind = HostDocument if given[-1] == "document" else Source
    return kind(spec, given[-1], arguments[given[-1]], instead_of=given[0])


class Source:
    """A file or a directory of records, which are data and no templates."""

    def __init__(self, spec: ModuleSpec, option: str, path: str, instead_of: str) -> None:
        self.option = option
        self._spec = spec
        self._path = path
        self._instead_of = instead_of
        self._origins: list[Origin] = []

    def read(
        self, find: FindNeedle, vault: VaultLib, templar: t.Any, variables: t.Mapping[str, t.Any]
    ) -> list[t.Any] | None:
        """The records; `None` where a document leaves out this kind of record.

        Raises an `InputError` that names the option.
        """
        try:
            return self._read(find, vault, templar, variables)
        except (AnsibleError, DocumentError) as exc:
            raise InputError(self._spec.subject({}), [Problem(self.option, str(exc))]) from None

    def _read(
        self, find: FindNeedle, vault: VaultLib, templar: t.Any, variables: t.Mapping[str, t.Any]
    ) -> list[t.Any] | None:
        if self._instead_of != self.option:
            raise DocumentError(f"stands in the place of {self._instead_of}: give one of them")
        try:
            path = find("files", self._path)
        except AnsibleFileNotFound:
            raise DocumentError(f"{self._path}: no such file or directory") from None
        return self._records(path, vault, Renderer(templar, variables))

    def _records(self, path: str, vault: VaultLib, renderer: Renderer) -> list[t.Any] | None:  # noqa: ARG002
        records, self._origins = records_of(path, self._spec.document_key, vault)
        self._places = Places(vault)
        return records

    def placed(self, outcome: Outcome) -> Outcome:
        """The outcome, its problems with the files and lines that they are about."""
        failure = outcome.get("failure") or {}
        problems = [Problem(entry["field"], entry["message"]) for entry in failure.get("problems", ())]
        placed = [self._with_place(problem) for problem in problems]
        if placed == problems:
            return outcome
        error = InputError(self._spec.subject({}), placed)
        reported = {**failure, "problems": error.details()["problems"]}
        return {**outcome, "msg": str(error), "failure": reported}

    def _with_place(self, problem: Problem) -> Problem:
        found = re.match(rf"{self._spec.records}\[(?P<index>\d+)\]\.?(?P<path>.*)", problem.field)
        if found is None or int(found["index"]) >= len(self._origins):
            return problem
        file, steps = self._origins[int(found["index"])]
        where = self._places.place(file, (*steps, *steps_of(found["path"])))
        return Problem(problem.field, f"{problem.message} ({where})")


class HostDocument(Source):
    """The document of a host, with templates that are rendered with the host's variables."""

    def _records(self, path: str, vault: VaultLib, renderer: Renderer) -> list[t.Any] | None:
        description = read_description(path, vault)
        key = self._spec.document_key
        lists = description.lists.get(key)
        if lists is None:
            return None
        renderer = renderer.knowing(description.variables)
        self._places = Places(vault)
        self._origins = []
        records: list[t.Any] = []
        for file, value in lists:
            try:
                held = list(renderer.rendered_items(value))
            except RenderingError as exc:
                raise DocumentError(
                    f"{self._places.place(file, (key, *exc.path))}: {_dotted(key, exc.path)}: {exc}"
                ) from None
            except TypeError:
                raise DocumentError(f"{self._places.place(file, (key,))}: {key} must be a list of records") from None
            records += [record for _index, record in held]
            self._origins += [(file, (key, index)) for index, _record in held]
        return records


def _dotted(key: str, path: Steps) -> str:
    return key + "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
