# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The folder of a host's export on disk: what has to be written, and what an earlier export left behind."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass
from fnmatch import fnmatchcase
from itertools import count
from pathlib import Path

from ansible.parsing.vault import VaultLib

from ansible_collections.mailfleet.email.plugins.plugin_utils._described import VAULT_FILES, variables_in
from ansible_collections.mailfleet.email.plugins.plugin_utils._document import parsed_file
from ansible_collections.mailfleet.email.plugins.plugin_utils._export_names import Names
from ansible_collections.mailfleet.email.plugins.plugin_utils._export_seal import (
    is_exported,
    is_in_its_place,
    is_of_its_host,
    is_unchanged,
    record_of,
    seal,
    sealed,
)
from ansible_collections.mailfleet.email.plugins.plugin_utils._exported import SCHEMA_FILE, Files
from ansible_collections.mailfleet.email.plugins.plugin_utils._regular_files import LinklessFolder

_SCHEMA: t.Final = Path(__file__).with_name(SCHEMA_FILE)
_FOREIGN: t.Final = "(written or changed by somebody else, and not shown)\n"


class ForeignFiles(ValueError):
    """Files that an export would overwrite, and that it did not write as they are."""

    def __init__(self, paths: t.Sequence[Path]) -> None:
        self.paths = [str(path) for path in paths]
        names = ", ".join(self.paths)
        super().__init__(
            f"would overwrite what no export wrote, or what was changed since: {names}; move it away, or give it up "
            "with force=true"
        )


@dataclass(frozen=True)
class Change:
    """One file on its way; `after` is `None` for one that goes. `name` is its path below the root of all exports."""

    path: Path
    name: str
    before: str
    after: str | None

    def diff(self) -> dict[str, str]:
        """The change in the form that `--diff` prints."""
        name = str(self.path)
        return {"before": self.before, "after": self.after or "", "before_header": name, "after_header": name}


class ExportFolder:
    """The folder `name` below `root`. Raises `ValueError` for a name that leads elsewhere."""

    def __init__(self, root: Path, name: str, vault: VaultLib) -> None:
        """Read what is there. Raises `OSError`, or `DocumentError` for a file of secrets that cannot be read."""
        if name in ("", ".", "..") or Path(name).name != name:
            raise ValueError(f"{name!r} cannot be the name of a folder")
        self.path = root / name
        self._name = name
        self._root = LinklessFolder(root)
        self._files = self._root.names(name)
        self._held = self._held_variables(vault)
        self.to_fill_in: list[str] = []
        """The variables without a value, once `changes` has been asked for."""

    def names(self) -> Names:
        """The names for what is exported now, with those that were given before."""
        below = {record: name.partition("/")[2] for record, name in self._files_of_records().items()}
        return Names(self._name, self._held, below, [name.partition("/")[2] for name in self._files])

    def _files_of_records(self) -> dict[str, str]:
        """The marks of single records, each with its file: the one that an export wrote, or that was renamed since.

        A copy holds the same mark, and is what its user makes of it.
        """
        texts = {name: self._text(name) or "" for name in self._files if name.endswith(".yml")}
        copies_first = sorted(
            sorted(texts.items(), reverse=True), key=lambda found: is_in_its_place(found[1], found[0])
        )
        return {
            record: name for name, text in copies_first if (record := record_of(text)) and is_of_its_host(text, name)
        }

    def changes(self, files: Files, variables: t.Mapping[str, t.Any], *, force: bool) -> list[Change]:
        """What has to be written and removed. `variables` are those that the host has anyway.

        Files of secrets that are there are the user's, and stay; new variables go to a file of their own. Raises
        `ValueError` where a name is a variable of somebody else, `ForeignFiles` where a file is, unless `force` is
        given, and `OSError`.
        """
        self._check_variables(files.variables, variables)
        wanted = {f"{self._name}/{name}": content for name, content in files.contents.items()}
        wanted[SCHEMA_FILE] = sealed_schema()
        self.to_fill_in = sorted(name for name in files.variables if self._held.get(name) in (None, ""))
        missing = files.stub(self._held)
        if missing:
            wanted[self._free_file()] = missing
        left_behind = [name for name in self._files if name.endswith(".yml") and name not in wanted]
        found = {name: self._text(name) for name in (*wanted, *left_behind)}
        own = {SCHEMA_FILE, *self._files_of_records().values()}
        own.update(name for name, text in found.items() if is_in_its_place(text or "", name))
        going = [name for name in left_behind if name in own and is_exported(found[name] or "")]
        touched = [name for name in wanted if found[name] != wanted[name]] + going
        foreign = [
            name
            for name in touched
            if found[name] is not None and not (name in own and is_unchanged(found[name] or ""))
        ]
        if foreign and not force:
            raise ForeignFiles([self._root.path / name for name in foreign])
        return [
            Change(self._root.path / name, name, _FOREIGN if name in foreign else found[name] or "", wanted.get(name))
            for name in touched
        ]

    def _check_variables(self, names: t.Iterable[str], variables: t.Mapping[str, t.Any]) -> None:
        """Refuse a name that is a variable elsewhere, too: the secret that it holds would be sent to the server."""
        outside = sorted(
            name
            for name in names
            if name in variables
            and (name not in self._held or (self._held[name] is None and variables[name] is not None))
        )
        if outside:
            raise ValueError(
                f"these variables of {self._name} are also defined outside {self.path / VAULT_FILES}: "
                f"{', '.join(outside)}; move them there, or give them other names"
            )

    def _held_variables(self, vault: VaultLib) -> dict[str, t.Any]:
        """The variables in the files of secrets that are there."""
        held: dict[str, t.Any] = {}
        if not self.path.is_dir():
            return held
        for path in sorted(path for path in self.path.iterdir() if fnmatchcase(path.name, VAULT_FILES)):
            # A link or a pipe is refused here.
            self._root.read(f"{self._name}/{path.name}")
            held.update(variables_in(path, parsed_file(path, vault)))
        return held

    def _text(self, name: str) -> str | None:
        """The content of a file, `None` where there is none. What is no regular file is nobody's export."""
        try:
            content = self._root.read(name)
        except (PermissionError, NotADirectoryError):
            raise
        except OSError:
            return ""
        return None if content is None else content.decode("utf-8", errors="replace")

    def _free_file(self) -> str:
        names = (
            f"{self._name}/vault.yml" if number == 1 else f"{self._name}/vault-{number}.yml" for number in count(1)
        )
        return next(name for name in names if not (self._root.path / name).is_symlink() and self._text(name) is None)

    def apply(self, changes: t.Iterable[Change]) -> None:
        """Write and remove files. Raises `OSError`."""
        for change in changes:
            if change.after is None:
                self._root.remove(change.name)
            else:
                # Secrets will be written into a file for them before it is encrypted.
                mode = 0o600 if fnmatchcase(change.path.name, VAULT_FILES) else 0o666
                self._root.write(change.name, change.after.encode(), mode)


def sealed_schema() -> str:
    """The schema of documents as an export writes it, with a seal in it. JSON has no comments but this."""
    text = _SCHEMA.read_text(encoding="utf-8")
    return sealed(text.replace("{\n", f'{{\n  "$comment": "{seal()}",\n', 1))
