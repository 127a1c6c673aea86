# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The layout of a plan's file: a line for each host, and an index, so that one host's line is read without the others.

Each line has a digest of its own, over what the line says, whose it is and which plan it is of. So it counts for no
other host and in no other plan. What was laid out otherwise since is read as a whole.
"""

from __future__ import annotations

import hmac
import json
import os
import re
import typing as t

from ansible_collections.mailfleet.email.plugins.module_utils._engine.digests import canonical, digest
from ansible_collections.mailfleet.email.plugins.module_utils._engine.secret import Password

_END_BYTES: t.Final = 512
_END = re.compile(rb'\n\}, "index_at": (\d{1,15}), "id": "([0-9a-f]{64})", "digest": "[0-9a-f]{64}"\}\n\Z')


class NotIndexed(Exception):
    """A file in which the index does not lead to the line of a host."""


def laid_out(content: t.Mapping[str, t.Any], key: Password | None) -> str:
    """The text of a plan, closed with its digest. Its `hosts` have a line each; those `not_planned` are in the index.

    The first line says what the file is, and whether it is signed, if `content` begins with that.
    """
    identity = digest(canonical(content), None)
    text = json.dumps({name: value for name, value in content.items() if name != "hosts"})[:-1] + ', "hosts": {\n'
    index: dict[str, list[t.Any]] = {
        host: [0, 0, _line_digest(identity, host, None, key)] for host in content["not_planned"]
    }
    at, lines = len(text), []
    for host in sorted(content["hosts"]):
        planned = content["hosts"][host]
        line = json.dumps(planned, sort_keys=True)
        named = f"{json.dumps(host)}: "
        index[host] = [at + len(named), len(line), _line_digest(identity, host, planned, key)]
        lines.append(named + line)
        at += len(named) + len(line) + len(",\n")
    text += ",\n".join(lines) + '\n}, "index": {'
    end = {"index_at": len(text), "id": identity}
    closed = digest(canonical({**content, "index": index, **end}), key)
    text += ",".join(f"\n{json.dumps(host)}: {json.dumps(index[host])}" for host in sorted(index))
    return f"{text}\n}}, {json.dumps({**end, 'digest': closed})[1:]}\n"


def indexed_line(file: t.BinaryIO, host: str, key: Password | None) -> t.Any:
    """What a plan's open file says of a host, `None` for one that could not be planned.

    Raises `NotIndexed` where it is not found, or is not what was written with this key.
    """
    size = os.fstat(file.fileno()).st_size
    end = _END.search(_part(file, max(0, size - _END_BYTES), _END_BYTES))
    if end is None:
        raise NotIndexed
    identity = end[2].decode()
    index_at = int(end[1])
    if index_at > size:
        raise NotIndexed
    at, length, line_digest = _index_entry(_part(file, index_at, size - index_at), host)
    if at + length > size:
        # Room would be made for all that is asked for.
        raise NotIndexed
    try:
        planned = read_once(_part(file, at, length)) if length else None
        expected = _line_digest(identity, host, planned, key)
    except (ValueError, RecursionError):
        raise NotIndexed from None
    if not hmac.compare_digest(line_digest, expected):
        raise NotIndexed
    return planned


def read_once(text: str | bytes) -> t.Any:
    """What a text says as JSON. Raises `ValueError` where a key stands twice: people may read the other one."""
    return json.loads(text, object_pairs_hook=_object)


def _object(pairs: list[tuple[str, t.Any]]) -> dict[str, t.Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError
    return found


def _line_digest(identity: str, host: str, planned: t.Any, key: Password | None) -> str:
    return digest(canonical(["line of a plan", identity, host, planned]), key)


def _index_entry(index: bytes, host: str) -> tuple[int, int, str]:
    """Where a host's line stands, how long it is, and its digest."""
    named = f"\n{json.dumps(host)}: ".encode()
    start = index.find(named)
    try:
        at, length, line_digest = json.loads(index[start + len(named) :].partition(b"\n")[0].rstrip(b","))
    except (ValueError, TypeError, RecursionError):
        raise NotIndexed from None
    is_entry = start >= 0 and all(_is_count(number) for number in (at, length))
    if not is_entry or not isinstance(line_digest, str) or not line_digest.isascii():
        raise NotIndexed
    return at, length, line_digest


def _is_count(number: object) -> bool:
    return isinstance(number, int) and not isinstance(number, bool) and 0 <= number < 10**15


def _part(file: t.BinaryIO, at: int, length: int) -> bytes:
    file.seek(at)
    return file.read(length)
