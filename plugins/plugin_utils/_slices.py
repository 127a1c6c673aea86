# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which hosts the parts of a whole are about: each host in one of them, and none that is not there. Pure."""

from __future__ import annotations

import typing as t

from ansible_collections.mailfleet.email.plugins.module_utils._text import visible

_MOST_NAMED: t.Final = 20


def part_problems(what: str, parts: t.Mapping[str, t.Collection[str]], hosts: t.Collection[str] | None) -> list[str]:
    """Why parts are no whole, in words. `parts` are the hosts of each by where it comes from, `hosts` all there are.

    `what` is what the parts are, in the plural. Without `hosts` nobody knows what is missing.
    """
    first: dict[str, str] = {}
    shared: dict[tuple[str, str], list[str]] = {}
    for source, names in parts.items():
        for host in names:
            other = first.setdefault(host, source)
            if other != source:
                shared.setdefault((other, source), []).append(host)
    problems = [f"{one} and {other} are both about {_listed(names)}" for (one, other), names in shared.items()]
    if hosts is not None:
        missing, more = set(hosts) - set(first), set(first) - set(hosts)
        problems += [f"none of the {what} is about {_listed(missing)}"] if missing else []
        problems += [f"the {what} are also about what is on no host of this run: {_listed(more)}"] if more else []
    return problems


def _listed(names: t.Iterable[str]) -> str:
    ordered = sorted(names)
    more = f", and {len(ordered) - _MOST_NAMED} more" if len(ordered) > _MOST_NAMED else ""
    return visible(", ".join(ordered[:_MOST_NAMED])) + more
