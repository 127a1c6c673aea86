# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Says in what an answer differs from a recorded one. Values that a server makes are compared by their kind."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.conformance.recording import Answer

_MADE, _LEFT_OUT = "<made by the server>", "<left out>"
_KINDS = {"_id": re.compile("[0-9a-f]{24}"), "expires": re.compile("[0-9]{13}")}
_ANY_TEXT = re.compile("[^ ]{16,}")
# Ids within a text, which no two servers make alike.
_WITHIN = (
    (re.compile(r"ObjectId\('[0-9a-f]{24}'\)"), "ObjectId('…')"),
    (re.compile(r"\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b"), "UUID"),
)


def differences(recorded: Answer, given: Answer) -> dict[str, str]:
    """Return what differs: ``status``, ``content_type`` or ``body``, each with words for a reader."""
    found = {}
    if recorded.status != given.status:
        found["status"] = f"{given.status} instead of {recorded.status}"
    if recorded.content_type != given.content_type:
        found["content_type"] = f"{given.content_type} instead of {recorded.content_type}"
    if words := list(_of_values(recorded.body, given.body, "body")):
        found["body"] = "; ".join(words)
    return found


def _of_values(recorded: Any, given: Any, where: str) -> list[str]:
    if isinstance(recorded, dict) and isinstance(given, dict):
        # The order counts too: a server that shows another one does not keep its records as this one does.
        if list(recorded) != list(given):
            return [f"{where} has the keys {list(given)} instead of {list(recorded)}"]
        return [words for name in recorded for words in _of_values(recorded[name], given[name], f"{where}.{name}")]
    if isinstance(recorded, list) and isinstance(given, list) and len(recorded) == len(given):
        pairs = enumerate(zip(recorded, given, strict=True))
        return [words for index, pair in pairs for words in _of_values(*pair, f"{where}[{index}]")]
    if _is_alike(recorded, given, where.rpartition(".")[2]):
        return []
    return [f"{where} is {given!r} instead of {recorded!r}"]


def _is_alike(recorded: Any, given: Any, name: str) -> bool:
    if recorded == _LEFT_OUT:
        return isinstance(given, dict)
    if recorded == _MADE:
        return _KINDS.get(name, _ANY_TEXT).fullmatch(str(given)) is not None
    if isinstance(recorded, str) and isinstance(given, str):
        return _without_ids(recorded) == _without_ids(given)
    # 587 is not 587.0 here, nor is 1 True.
    return type(recorded) is type(given) and bool(recorded == given)


def _without_ids(text: str) -> str:
    for pattern, sign in _WITHIN:
        text = pattern.sub(sign, text)
    return text
