# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The document that describes a host: all products in one file or a directory of files, with templates in it.

The files `vault*.yml` of a directory hold no records: they give the variables for the templates of the others.
"""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field
from pathlib import Path

from ansible.errors import AnsibleError
from ansible.parsing.vault import VaultLib

from ansible_collections.mailfleet.email.plugins.plugin_utils._document import ENDINGS, DocumentError, parsed_file
from ansible_collections.mailfleet.email.plugins.plugin_utils._places import Places
from ansible_collections.mailfleet.email.plugins.plugin_utils._registry import DOCUMENT_KEYS

VAULT_FILES = "vault*.yml"
DEFAULTS_KEY = "defaults"


class Literal(str):
    """A text that is no template, whatever it looks like: it was marked with `!unsafe` or with `!vault`."""

    __slots__ = ()


class ClosedVault:
    """A vault whose password may not be there: what it does not open is empty."""

    def __init__(self, vault: VaultLib) -> None:
        self._vault = vault

    def decrypt(self, *arguments: t.Any, **keywords: t.Any) -> bytes:
        """The content, or an empty mapping, which as a text is a secret like any other."""
        try:
            return t.cast(bytes, self._vault.decrypt(*arguments, **keywords))
        except AnsibleError:
            return b"{}"


@dataclass
class Description:
    """What a document says. `lists` are the values under each key, each with its file, in the order of the files.

    `defaults` are what counts for each record that does not say otherwise, by the same keys, each with its file too.
    """

    lists: dict[str, list[tuple[Path, t.Any]]] = field(default_factory=dict)
    defaults: dict[str, list[tuple[Path, t.Any]]] = field(default_factory=dict)
    variables: dict[str, t.Any] = field(default_factory=dict)


def read_description(source: str, vault: VaultLib) -> Description:
    """Read the document at `source`, a file or a directory. Raises `DocumentError`."""
    root = Path(source)
    description = Description()
    for file in document_files(root):
        content = parsed_file(file, vault, Literal)
        if file.parent == root and file.match(VAULT_FILES):
            description.variables.update(variables_in(file, content))
            continue
        held = dict(_lists_in(file, content, vault))
        for key, value in _defaults_in(file, held.pop(DEFAULTS_KEY, None), vault).items():
            description.defaults.setdefault(key, []).append((file, value))
        for key, value in held.items():
            # Null is not given: with pruning, an empty list would mean that nothing may be there.
            if value is not None:
                description.lists.setdefault(key, []).append((file, value))
    return description


def document_files(root: Path) -> list[Path]:
    """The files of a document in the order of their names. Raises `DocumentError` where there are none."""
    if not root.is_dir():
        return [root]
    files = sorted(
        file
        for file in root.rglob("*")
        if file.suffix in ENDINGS and file.is_file() and not any(map(_is_hidden, file.relative_to(root).parts))
    )
    if not files:
        raise DocumentError(f"{root}: the directory holds no file that ends in {', '.join(ENDINGS)}")
    return files


def _is_hidden(name: str) -> bool:
    return name.startswith(".")


def variables_in(file: Path, content: t.Any) -> dict[str, t.Any]:
    """The variables of a file of secrets, by their names. Raises `DocumentError`."""
    if content is not None and not isinstance(content, dict):
        raise DocumentError(f"{file}: must be a mapping of variables to secrets")
    return content or {}


def _lists_in(file: Path, content: t.Any, vault: VaultLib) -> dict[str, t.Any]:
    if content is None:
        return {}
    if not isinstance(content, dict):
        raise DocumentError(f"{file}: must be a mapping of {', '.join(DOCUMENT_KEYS)} to lists of records")
    known_keys = (*DOCUMENT_KEYS, DEFAULTS_KEY)
    unknown = sorted(str(key) for key in content if key not in known_keys)
    if unknown:
        known = ", ".join(known_keys)
        where = Places(vault).place(file, (unknown[0],))
        raise DocumentError(f"{where}: unknown key {', '.join(unknown)}; a document has these: {known}")
    return content


def _defaults_in(file: Path, content: t.Any, vault: VaultLib) -> dict[str, dict[str, t.Any]]:
    """The defaults of a file by the kinds of record that they are for. Raises `DocumentError`."""
    if content is None:
        return {}
    wrong = not isinstance(content, dict) or next(
        (str(key) for key, value in content.items() if key not in DOCUMENT_KEYS or not isinstance(value, dict)), None
    )
    if wrong:
        steps = [DEFAULTS_KEY] if wrong is True else [DEFAULTS_KEY, wrong]
        known = ", ".join(DOCUMENT_KEYS)
        raise DocumentError(
            f"{Places(vault).place(file, steps)}: {DEFAULTS_KEY} must be a mapping of {known} to mappings of options"
        )
    return t.cast("dict[str, dict[str, t.Any]]", content)
