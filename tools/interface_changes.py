# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What changed between two states of the public interface, and which of it breaks what users have written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# What a mapping of an interface holds: groups of content, options or return values by name, or the facts about one of
# them. An option may have the name of a fact, such as default, so the place decides.
Kind = Literal["groups", "options", "returns", "option", "value"]

_KINDS: dict[str, Kind] = {"options": "options", "returns": "returns", "contains": "returns"}
_FACTS: dict[Kind, Kind] = {"options": "option", "returns": "value"}
# Facts about an option that ask for more where they come, and for less where they go.
_DEMANDS = {"required", "choices"}
# What ansible-core calls that options of a module need or exclude each other. Each entry asks for something.
RULES = {"mutually_exclusive", "required_by", "required_if", "required_one_of", "required_together"}
# The attributes that tell how a module can run.
MODES = ("check_mode", "diff_mode", "async")


@dataclass(frozen=True)
class Change:
    """One change. ``text`` names what it is about, from the kind of content down to the fact."""

    text: str
    breaking: bool

    def __str__(self) -> str:
        return f"{'BREAKING: ' if self.breaking else ''}{self.text}"


def changes(
    before: Mapping[str, Any], after: Mapping[str, Any], path: tuple[str, ...] = (), kind: Kind = "groups"
) -> Iterator[Change]:
    """All changes from one state of an interface to the next.

    It breaks what exists to remove or rename, to narrow what is taken, to ask for more, to do something else by
    default, to return something else, and to support less. It does not to add, and to take more.
    """
    for name in sorted({*before, *after}):
        place = (*path, name)
        if name not in after:
            yield Change(f"{'.'.join(place)} is removed", breaking=not _is_demand(name, kind))
        elif name not in before:
            yield _added(place, after[name], kind)
        elif isinstance(before[name], dict) and isinstance(after[name], dict):
            yield from changes(before[name], after[name], place, _FACTS.get(kind) or _KINDS.get(name, "groups"))
        elif before[name] != after[name]:
            yield _changed(place, before[name], after[name])


def _is_demand(name: str, kind: Kind) -> bool:
    return name in _DEMANDS if kind == "option" else kind == "groups" and name in RULES


def _added(place: tuple[str, ...], value: Any, kind: Kind) -> Change:
    what = f"{'.'.join(place)} is added"
    if _is_demand(place[-1], kind) or (kind == "option" and place[-1] in ("default", "elements")):
        return Change(f"{what}: {value}", breaking=True)
    if kind == "options" and value.get("required"):
        return Change(f"{what}, and is required", breaking=True)
    return Change(what, breaking=False)


def _changed(place: tuple[str, ...], before: Any, after: Any) -> Change:
    what = ".".join(place)
    if isinstance(before, list) and isinstance(after, list):
        lost = [item for item in before if item not in after]
        gained = [item for item in after if item not in before]
        texts = [f"loses {item}" for item in lost] + [f"gains {item}" for item in gained]
        # A rule that is gone asks for less.
        breaks = gained if place[-1] in RULES else lost
        return Change(f"{what} {', '.join(texts) or 'is in another order'}", breaking=bool(breaks))
    text = f"{what} was {before} and is {after}"
    if place[-1] == "returned":
        # Any other words than always may say the same as before; a reader has to judge.
        return Change(text, breaking=before == "always")
    return Change(text, breaking=not (place[-1] in MODES and after == "full"))
