# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where the secrets of a record stand, for those who get the record without them."""

from __future__ import annotations

import typing as t

from .secret import Secret, is_hidden

Path = tuple[t.Union[str, int], ...]


def secret_fields(data: t.Any, path: Path = ()) -> list[dict[str, t.Any]]:
    """For each secret in a record its `path`, a list of names and indexes, and whether the server lets it be read."""
    if isinstance(data, Secret):
        return [{"path": list(path), "readable": not is_hidden(data)}]
    if isinstance(data, dict):
        parts: t.Iterable[tuple[str | int, t.Any]] = data.items()
    elif isinstance(data, list):
        parts = enumerate(data)
    else:
        return []
    return [found for name, part in parts for found in secret_fields(part, (*path, name))]


def hidden_fields(record: t.Any, path: str = "") -> list[str]:
    """The dotted paths of all secrets in a record whose text the server does not show."""
    if is_hidden(record):
        return [path]
    if isinstance(record, dict):
        parts: t.Iterable[tuple[str, t.Any]] = ((f"{path}.{name}" if path else name, record[name]) for name in record)
    elif isinstance(record, list):
        parts = ((f"{path}[{index}]", item) for index, item in enumerate(record))
    else:
        return []
    return [found for part, value in parts for found in hidden_fields(value, part)]
