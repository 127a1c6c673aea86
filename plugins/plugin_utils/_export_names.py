# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Names that an export gives: to the variables that hold secrets, and to the files of single records. Pure.

What a record is called is chosen by whoever may write on the server. So the name of a variable begins with what only
exports use, the host and the kind of record, and holds a mark made of the record's identity. A name that was given once
is known again by its mark, also where the record has another name by now.
"""

from __future__ import annotations

import hashlib
import json
import re
import typing as t
import unicodedata

from ansible_collections.mailfleet.email.plugins.module_utils._resource.exported import Exported

_MARK = re.compile(r"vault_\w*_(?P<mark>[0-9a-f]{16})_\w+")
# What a server calls a field stands behind the mark, and must not be taken for it.
_LIKE_A_MARK = re.compile(r"(?<![^_])([0-9a-f]{15})[0-9a-f](?![^_])")
_LONGEST_PART = 40
# No file can be called so on Windows, whatever stands behind a dot.
_RESERVED = re.compile(r"con|prn|aux|nul|conin|conout|clock|(com|lpt)[0-9]")


class Names:
    """The names of one host's export.

    `held` are the variables in the export's own files of secrets, `files` the marks of single records with the files
    that an earlier export wrote them to, and `there` all files of the folder.
    """

    def __init__(
        self,
        host: str,
        held: t.Iterable[str] = (),
        files: t.Mapping[str, str] | None = None,
        there: t.Iterable[str] = (),
    ) -> None:
        self.host = host
        self._held: dict[str, list[str]] = {}
        for name in held:
            found = _MARK.fullmatch(name)
            if found:
                self._held.setdefault(found["mark"], []).append(name)
        self._files = files or {}
        self._taken = {_on_any_disk(name) for name in self._files.values()}
        self._there: dict[str, set[str]] = {}
        for name in there:
            self._there.setdefault(_on_any_disk(name), set()).add(name)

    def variable(self, kind: str, record: Exported, path: t.Sequence[str]) -> str:
        """The variable for a secret of a record. Raises `ValueError` where the folder has two for it."""
        mark = self._mark(kind, record, path)
        held = self._held.get(mark, [])
        if len(held) > 1:
            raise ValueError(f"these variables are for the same secret: {', '.join(held)}; remove all but one of them")
        if held:
            return held[0]
        shown = [step for step in path if step not in ("options", "extra")]
        parts = (self.host, kind, record.key)
        field = _LIKE_A_MARK.sub(r"\1", _slug("_".join(shown), "_"))
        return "_".join(["vault", *(_slug(part, "_") for part in parts), mark, field])

    def record(self, kind: str, record: Exported) -> str:
        """The mark of a record."""
        return self._mark(kind, record, ())

    def file(self, kind: str, record: Exported) -> str:
        """The file for a record, below the host's folder: the one that it had, else one that no other has."""
        mark = self.record(kind, record)
        given = self._files.get(mark)
        if given is not None and given.startswith(f"{kind}/"):
            return given
        plain = _slug(record.key, "-")
        beginning = f"{kind}/{f'record-{plain}' if _RESERVED.fullmatch(plain) else plain}"
        name, number = f"{beginning}.yml", 1
        while not self._is_free(name):
            number += 1
            name = f"{beginning}-{number}.yml"
        self._taken.add(_on_any_disk(name))
        return name

    def _is_free(self, name: str) -> bool:
        """Whether no other record has the file, and no other file would be it on a disk that knows no case."""
        key = _on_any_disk(name)
        return key not in self._taken and self._there.get(key, {name}) == {name}

    def _mark(self, kind: str, record: Exported, path: t.Sequence[str]) -> str:
        text = json.dumps([self.host, kind, list(record.identity), list(path)])
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def _on_any_disk(name: str) -> str:
    """What all names have in common that one file has on Windows or macOS."""
    parts = unicodedata.normalize("NFC", name).casefold().split("/")
    return "/".join(part.rstrip(". ") for part in parts)


def _slug(text: str, between: str) -> str:
    """A text as a part of a name: letters without accents, and digits."""
    plain = unicodedata.normalize("NFKD", text[:_LONGEST_PART]).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", between, plain.casefold())[:_LONGEST_PART].strip(between) or "record"
