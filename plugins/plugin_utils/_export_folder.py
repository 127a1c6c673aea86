# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The folder of a host's export on disk: what has to be written, and what an earlier export left behind."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from ansible.parsing.vault import VaultLib

from ansible_collections.mailfleet.email.plugins.plugin_utils._described import VAULT_FILES, variables_in
from ansible_collections.mailfleet.email.plugins.plugin_utils._document import parsed_file
from ansible_collections.mailfleet.email.plugins.plugin_utils._exported import HEADER, SCHEMA_FILE, Files
from ansible_collections.mailfleet.email.plugins.plugin_utils._report.files import write_whole

_SCHEMA: t.Final = Path(__file__).with_name(SCHEMA_FILE)


@dataclass(frozen=True)
class Change:
    """One file on its way; `after` is `None` for one that goes."""

    path: Path
    before: str
    after: str | None

    def diff(self) -> dict[str, str]:
        """The change in the form that `--diff` prints."""
        name = str(self.path)
        return {"before": self.before, "after": self.after or "", "before_header": name, "after_header": name}


class ExportFolder:
    """The folder `name` below `root`. Raises `ValueError` for a name that leads elsewhere."""

    def __init__(self, root: Path, name: str) -> None:
        if name in ("", ".", "..") or Path(name).name != name:
            raise ValueError(f"{name!r} cannot be the name of a folder")
        self.path = root / name
        self.to_fill_in: list[str] = []
        """The variables without a value, once `changes` has been asked for."""

    def changes(self, files: Files, variables: t.Mapping[str, t.Any], vault: VaultLib) -> list[Change]:
        """What has to be written and removed. `variables` are those that the host has anyway.

        Files of secrets that are there are the user's, and stay; new variables go to a file of their own. Raises
        `OSError`, or `DocumentError` for a file of secrets that cannot be read.
        """
        wanted = {self.path / name: content for name, content in files.contents.items()}
        wanted[self.path.parent / SCHEMA_FILE] = _SCHEMA.read_text(encoding="utf-8")
        held = self._held(vault)
        known = {name: held.get(name) or variables.get(name) for name in {*held, *variables} & {*files.variables}}
        self.to_fill_in = sorted(name for name in files.variables if known.get(name) in (None, ""))
        missing = files.stub(known)
        if missing:
            wanted[self._free_file()] = missing
        changes = [Change(path, _content(path), content) for path, content in wanted.items()]
        left_behind = [path for path in self.path.rglob("*.yml") if path not in wanted and _is_ours(path)]
        return [change for change in changes if change.before != change.after] + [
            Change(path, _content(path), None) for path in sorted(left_behind)
        ]

    def _held(self, vault: VaultLib) -> dict[str, t.Any]:
        """The variables in the files of secrets that are there."""
        held: dict[str, t.Any] = {}
        for file in sorted(self.path.glob(VAULT_FILES)):
            held.update(variables_in(file, parsed_file(file, vault)))
        return held

    def _free_file(self) -> Path:
        paths = (self.path / ("vault.yml" if number == 1 else f"vault-{number}.yml") for number in count(1))
        return next(path for path in paths if not path.exists())

    @staticmethod
    def apply(changes: t.Iterable[Change]) -> None:
        """Write and remove files. Raises `OSError`."""
        for change in changes:
            if change.after is None:
                change.path.unlink()
            else:
                write_whole(change.path, change.after.encode())
                if change.path.match(VAULT_FILES):
                    # Secrets will be written into it before it is encrypted.
                    change.path.chmod(0o600)


def _content(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


def _is_ours(path: Path) -> bool:
    """Whether an export wrote the file, and nobody took its header away."""
    with path.open(encoding="utf-8", errors="replace") as file:
        return file.readline() == HEADER
