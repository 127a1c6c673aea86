# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What changed between two states of the public interface, and which of it breaks what users have written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# What a mapping of an interface holds: groups of content, options or return values by name, or the facts about one. An
# option may have the name of a fact, such as default, so the place decides.
Kind = Literal["groups", "things", "facts"]

_OF_THINGS = {"options", "returns", "contains"}
# Facts about an option that ask for more where they come, and for less where they go.
_DEMANDS = {"required", "choices"}


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
            yield Change(f"{'.'.join(place)} is removed", breaking=kind != "facts" or name not in _DEMANDS)
        elif name not in before:
            yield _added(place, after[name], kind)
        elif isinstance(before[name], dict) and isinstance(after[name], dict):
            yield from changes(before[name], after[name], place, _inner(kind, name))
        elif before[name] != after[name]:
            yield _changed(place, before[name], after[name])


def _inner(kind: Kind, name: str) -> Kind:
    if kind == "things":
        return "facts"
    return "things" if name in _OF_THINGS else "groups"


def _added(place: tuple[str, ...], value: Any, kind: Kind) -> Change:
    what = f"{'.'.join(place)} is added"
    if kind == "facts" and place[-1] in {*_DEMANDS, "default", "elements"}:
        return Change(f"{what}: {value}", breaking=True)
    if kind == "things" and value.get("required"):
        return Change(f"{what}, and is required", breaking=True)
    return Change(what, breaking=False)


def _changed(place: tuple[str, ...], before: Any, after: Any) -> Change:
    what = ".".join(place)
    if isinstance(before, list) and isinstance(after, list):
        lost = [item for item in before if item not in after]
        gained = [item for item in after if item not in before]
        texts = [f"loses {item}" for item in lost] + [f"gains {item}" for item in gained]
        return Change(f"{what} {', '.join(texts) or 'is in another order'}", breaking=bool(lost))
    text = f"{what} was {before} and is {after}"
    if place[-1] == "returned":
        # Any other words than always may say the same as before; a reader has to judge.
        return Change(text, breaking=before == "always")
    return Change(text, breaking=not (place[-1] in ("check_mode", "diff_mode") and after == "full"))
