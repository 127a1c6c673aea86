# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What slices of a job hand on to whatever runs after them, in variables: their plans and their reports.

Only that comes back from the machine where a slice ran. The texts are packed: what is inside them is no template to
whoever reads the variable, and thousands of records stay small.
"""

from __future__ import annotations

import binascii
import hashlib
import re
import typing as t
import zlib
from base64 import b64decode, b64encode

RUNS: t.Final = ("plan", "drift", "apply")
"""What can be handed on of a slice, the later one last."""
MERGED: t.Final = "mailfleet_merged_plan"
"""The variable that hands on a plan which was merged."""
# A plan of a million records has less.
_LARGEST: t.Final = 512 * 1024 * 1024
BROKEN: t.Final = "was cut off, or is not what a slice hands on"
"""What is wrong with a variable that holds something else."""
_NAME = re.compile(rf"mailfleet_({'|'.join(RUNS)})_of_[0-9a-f]{{12}}")


class HandedOnError(Exception):
    """What was handed on is not what this collection hands on."""


def name_of(run: str, hosts: t.Iterable[str]) -> str:
    """The variable of one slice: the same for the same hosts, and another one for each other slice."""
    # The inventory of a script may hold half of a surrogate pair.
    key = hashlib.sha256("\n".join(sorted(hosts)).encode("utf-8", "surrogatepass")).hexdigest()[:12]
    return f"mailfleet_{run}_of_{key}"


def run_of(name: str) -> str | None:
    """Which run a variable was handed on by; `None` where no slice hands it on."""
    found = _NAME.fullmatch(name)
    return found[1] if found else None


def set_stats(name: str, parts: t.Mapping[str, bytes]) -> dict[str, t.Any]:
    """What the result of a task says to hand parts on in a variable, as that of ansible.builtin.set_stats does."""
    data = {name: {part: packed(content) for part, content in parts.items()}}
    return {"ansible_stats": {"data": data, "per_host": False, "aggregate": False}}


def packed(content: bytes) -> str:
    """A file's content as a text that nothing in it can break out of."""
    return b64encode(zlib.compress(content, 9)).decode("ascii")


def unpacked(text: t.Any) -> bytes:
    """The content again. Raises `HandedOnError` where it is none."""
    try:
        unpacking = zlib.decompressobj()
        content = unpacking.decompress(b64decode(str(text), validate=True), _LARGEST)
    except (binascii.Error, zlib.error, ValueError):
        raise HandedOnError(BROKEN) from None
    if not unpacking.eof:
        raise HandedOnError("is larger than what a slice hands on" if unpacking.unconsumed_tail else BROKEN)
    return content
