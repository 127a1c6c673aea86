# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where a task about many records reads them itself: from `src`, or from the `document` that describes its host."""

from __future__ import annotations

import re
import typing as t
from pathlib import Path

from ansible.errors import AnsibleError, AnsibleFileNotFound
from ansible.module_utils.parsing.convert_bool import boolean
from ansible.parsing.vault import VaultLib

from ansible_collections.mailfleet.email.plugins.module_utils._engine.schema import InputError, Problem, type_name
from ansible_collections.mailfleet.email.plugins.module_utils._resource.phases import merged
from ansible_collections.mailfleet.email.plugins.module_utils._validation import validated_options, without_nulls
from ansible_collections.mailfleet.email.plugins.plugin_utils._described import (
    DEFAULTS_KEY,
    ClosedVault,
    read_description,
)
from ansible_collections.mailfleet.email.plugins.plugin_utils._document import DocumentError, Origin
from ansible_collections.mailfleet.email.plugins.plugin_utils._places import Places, Steps, steps_of
from ansible_collections.mailfleet.email.plugins.plugin_utils._plain_data import plain
from ansible_collections.mailfleet.email.plugins.plugin_utils._problems import reworded
from ansible_collections.mailfleet.email.plugins.plugin_utils._rendering import (
    Renderer,
    RenderingError,
    dotted,
    reference_to,
)
from ansible_collections.mailfleet.email.plugins.plugin_utils._without_templates import list_without_templates

if t.TYPE_CHECKING:
    from ansible_collections.mailfleet.email.plugins.module_utils._resource.spec import ModuleSpec

READ_HERE: t.Final = ("src", "document", "from_variables")
FindNeedle = t.Callable[[str, str], str]
Outcome = dict[str, t.Any]


def source_of(spec: ModuleSpec, arguments: t.Mapping[str, t.Any], variables: t.Mapping[str, t.Any]) -> Source | None:
    """Where the task should read its records, `None` where its arguments hold them."""
    given = [name for name in (spec.records, *READ_HERE) if name and arguments.get(name) is not None]
    if given[-1:] == ["from_variables"] and given[1:] and _are_null(arguments["from_variables"], variables):
        given.pop()
    if spec.records is None or not given or given[-1] == spec.records:
        return None
    kind = {"src": Source, "document": HostDocument, "from_variables": HostVariables}[given[-1]]
    offline = boolean(arguments.get("offline") or False, strict=False)
    return kind(spec, given[-1], arguments[given[-1]], instead_of=given[0], offline=offline)


def _are_null(names: t.Any, variables: t.Mapping[str, t.Any]) -> bool:
    """Whether all these variables are there without a value, which is as good as not there."""
    held = [variables.get(str(name), ...) for name in (names if isinstance(names, list) else [names])]
    return all(value is None for value in held)


class Source:
    """A file or a directory of records, which are data and no templates."""

    options = READ_HERE

    def __init__(self, spec: ModuleSpec, option: str, path: t.Any, instead_of: str, *, offline: bool) -> None:
        self.option = option
        self.offline = offline
        self.defaults: dict[str, t.Any] = {}
        self._spec = spec
        self._path = path
        self._instead_of = instead_of
        self._origins: list[Origin] = []
        self._default_places: dict[str, str] = {}

    def read(
        self, find: FindNeedle, vault: VaultLib, templar: t.Any, variables: t.Mapping[str, t.Any]
    ) -> list[t.Any] | None:
        """The records; `None` where a document leaves out this kind of record.

        Raises an `InputError` that names the option.
        """
        options = {self.option: self._spec.argument_spec[self.option]}
        wrong = validated_options(options, {self.option: self._path}, {})[1]
        if wrong:
            raise InputError(self._spec.subject({}), wrong)
        try:
            return self._read(find, ClosedVault(vault) if self.offline else vault, templar, variables)
        except (AnsibleError, DocumentError) as exc:
            reason = str(exc)
        except (OSError, ValueError) as exc:
            # A directory that nobody may read, or a name that no file can have.
            name = getattr(exc, "filename", None)
            reason = f"{name}: {exc.strerror}" if isinstance(exc, OSError) and name else "is no path that can be read"
        raise InputError(self._spec.subject({}), [Problem(self.option, reason)])

    def _read(
        self, find: FindNeedle, vault: VaultLib, templar: t.Any, variables: t.Mapping[str, t.Any]
    ) -> list[t.Any] | None:
        if self._instead_of != self.option:
            raise DocumentError(f"stands in the place of {self._instead_of}: give one of them")
        self._places = Places(vault)
        renderer = Renderer(templar, variables, without_secrets=self.offline)
        return self._records(_found(find, self._path), vault, renderer)

    def _records(self, path: str, vault: VaultLib, renderer: Renderer) -> list[t.Any] | None:  # noqa: ARG002
        records, self._origins = self._places.records_of(path, self._spec.document_key)
        return records

    def defaults_over(self, own: t.Any) -> dict[str, t.Any]:
        """The document's defaults over the task's `own`, which count less. Raises an `InputError`."""
        held = without_nulls({"defaults": own}, self._spec.argument_spec).get("defaults", {})
        if isinstance(held, dict):
            return merged(held, self.defaults)
        problem = Problem("defaults", f"must be a mapping, since the document has defaults too, not {type_name(held)}")
        raise InputError(self._spec.subject({}), [problem])

    def placed(self, outcome: Outcome) -> Outcome:
        """The outcome, its problems with the files and lines that they are about."""
        return reworded(outcome, self._spec.subject({}), self._with_place)

    def _with_place(self, problem: Problem) -> Problem:
        default = re.match(r"defaults\.(?P<name>\w+)", problem.field)
        if default is not None and default["name"] in self._default_places:
            return Problem(problem.field, f"{problem.message} ({self._default_places[default['name']]})")
        found = re.match(rf"{self._spec.records}\[(?P<index>\d+)\]\.?(?P<path>.*)", problem.field)
        if found is None or int(found["index"]) >= len(self._origins):
            return problem
        where = self._place(int(found["index"]), steps_of(found["path"]))
        # A problem with two records names both places.
        other = re.search(rf"{self._spec.records}\[(?P<index>\d+)\]", problem.message)
        if other is not None and other["index"] != found["index"] and int(other["index"]) < len(self._origins):
            where += f"; the other: {self._place(int(other['index']), ())}"
        return Problem(problem.field, f"{problem.message} ({where})")

    def _place(self, index: int, path: Steps) -> str:
        file, steps = self._origins[index]
        return self._places.place(file, (*steps, *path))


def _found(find: FindNeedle, path: str) -> str:
    try:
        return find("files", path)
    except AnsibleFileNotFound:
        raise DocumentError(f"{path}: no such file or directory") from None


class HostVariables(Source):
    """Variables of the host that hold lists of records, which are joined."""

    def _read(
        self,
        find: FindNeedle,  # noqa: ARG002
        vault: VaultLib,  # noqa: ARG002
        templar: t.Any,
        variables: t.Mapping[str, t.Any],
    ) -> list[t.Any] | None:
        names = self._path if isinstance(self._path, list) else [self._path]
        if self._instead_of != self.option:
            both = f"{', '.join(map(str, names))} describe the records beside {self._instead_of}"
            raise DocumentError(f"{both}: give one of them; several lists are joined, and so are several documents")
        records: list[t.Any] | None = None
        for name in names:
            held = _list_in(str(name), templar, variables, offline=self.offline)
            if held is not None:
                self._origins += [(Path(str(name)), (index,)) for index in range(len(held))]
                records = [*(records or []), *held]
        return records

    def _place(self, index: int, path: Steps) -> str:  # noqa: ARG002
        file, steps = self._origins[index]
        return f"variable {file}[{steps[0]}]"


def _list_in(name: str, templar: t.Any, variables: t.Mapping[str, t.Any], *, offline: bool) -> list[t.Any] | None:
    """The list in a variable, its templates rendered; `None` where that is null. Raises `DocumentError`."""
    if name not in variables:
        raise DocumentError(f"there is no variable {name}")
    held = list_without_templates(reference_to(name), variables)
    if held is None and offline:
        renderer = Renderer(templar, variables, without_secrets=True)
        try:
            held = renderer.rendered(variables[name])
        except RenderingError:
            raise DocumentError(renderer.reasons(name)) from None
    elif held is None:
        held = plain({"held": templar.template(reference_to(name))})["held"]
    if held is not None and not isinstance(held, list):
        came = "a mapping" if isinstance(held, dict) else type_name(held)
        raise DocumentError(f"{name} must be a list of records, not {came}")
    return held


class HostDocument(Source):
    """The documents of a host, with templates that are rendered with the host's variables."""

    def _read(
        self, find: FindNeedle, vault: VaultLib, templar: t.Any, variables: t.Mapping[str, t.Any]
    ) -> list[t.Any] | None:
        paths = self._path if isinstance(self._path, list) else [self._path]
        found: list[t.Any] | None = None
        origins: list[Origin] = []
        for self._path in paths:
            records = super()._read(find, vault, templar, variables)
            found = found if records is None else [*(found or []), *records]
            origins += self._origins
        self._origins = origins
        return found

    def _records(self, path: str, vault: VaultLib, renderer: Renderer) -> list[t.Any] | None:
        description = read_description(path, vault)
        key = self._spec.document_key
        renderer = renderer.knowing(description.variables)
        self._origins = []
        for file, value in description.defaults.get(key, ()):
            self._add_defaults(file, value, renderer)
        lists = description.lists.get(key)
        if lists is None:
            return None
        records: list[t.Any] = []
        wrong: list[str] = []
        for file, value in lists:
            try:
                held = list(renderer.rendered_items(value))
            except RenderingError:
                held = []
            except TypeError:
                raise DocumentError(f"{self._places.place(file, (key,))}: {key} must be a list of records") from None
            found = ((self._places.place(file, (key, *exc.path)), exc) for exc in renderer.taken_problems())
            wrong += [f"{place}: {dotted(key, exc.path)}: {exc}" for place, exc in found]
            records += [record for _index, record in held]
            self._origins += [(file, (key, index)) for index, _record in held]
        if wrong:
            raise DocumentError("; ".join(wrong))
        return records

    def _add_defaults(self, file: Path, value: dict[str, t.Any], renderer: Renderer) -> None:
        """Take defaults; one that another file gives too is a problem, since nobody could tell which counts."""
        for name in value:
            where = self._places.place(file, (DEFAULTS_KEY, self._spec.document_key, name))
            if name in self._default_places:
                raise DocumentError(f"{where}: {name} has a default already: {self._default_places[name]}")
            self._default_places[name] = where
        try:
            self.defaults.update(renderer.rendered(value))
        except RenderingError:
            raise DocumentError(f"{file}: {renderer.reasons(DEFAULTS_KEY)}") from None
