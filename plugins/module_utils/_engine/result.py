# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a task says it did: a plan becomes a result and a diff, without secrets."""

from __future__ import annotations

import typing as t

from .plan import Plan
from .secret import Secret, is_hidden

_NOT_READABLE = "<secret: not readable>"


def result(plan: Plan, header: str) -> dict[str, t.Any]:
    """The part of a result that every changing module returns.

    `header` names the record in the diff. Both come from the plan alone, so check mode and the real run agree.
    """
    return {
        "changed": plan.changed,
        "action": plan.action,
        "changed_fields": list(plan.changed_fields),
        **({"unknown_fields": list(plan.unknown_fields)} if plan.unknown_fields else {}),
        "diff": diff(plan, header),
    }


def diff(plan: Plan, header: str) -> dict[str, t.Any]:
    """The plan as `before` and `after`, in the form that `--diff` prints."""
    before, after = render(plan.before, plan.after)
    return {"before": before, "after": after, "before_header": header, "after_header": header}


def render(before: t.Any, after: t.Any) -> tuple[t.Any, t.Any]:
    """Copy two states of a record with a marker for each secret, so that a change of a secret shows.

    Takes the state before and after (either may be `None`: no record). Returns plain JSON data.
    """
    return _render({} if before is None else before, {} if after is None else after)


def _render(before: t.Any, after: t.Any) -> tuple[t.Any, t.Any]:
    if isinstance(before, Secret) and isinstance(after, Secret):
        return _markers(before, after)
    if isinstance(before, dict) and isinstance(after, dict):
        pairs = {name: _render(before[name], after[name]) for name in before if name in after}
        return (
            {name: pairs[name][0] if name in pairs else _render_old(before[name]) for name in before},
            {name: pairs[name][1] if name in pairs else _render_new(after[name]) for name in after},
        )
    if isinstance(before, list) and isinstance(after, list):
        both = [_render(old, new) for old, new in zip(before, after)]
        return (
            [old for old, _new in both] + [_render_old(item) for item in before[len(both) :]],
            [new for _old, new in both] + [_render_new(item) for item in after[len(both) :]],
        )
    return _render_old(before), _render_new(after)


def _markers(before: Secret, after: Secret) -> tuple[str, str]:
    """The markers of a secret that is there before and after."""
    if is_hidden(before):
        written = "<secret: written, whether it differs is not known>"
        return _NOT_READABLE, _NOT_READABLE if is_hidden(after) else written
    if before == after:
        return "<secret: unchanged>", "<secret: unchanged>"
    return "<secret: current>", "<secret: new>"


def _render_old(value: t.Any) -> t.Any:
    """What is there before, and not, or in another shape, after."""
    return _with_marker(value, "<secret: to be removed>")


def _render_new(value: t.Any) -> t.Any:
    """What is there after, and not, or in another shape, before."""
    return _with_marker(value, "<secret: set>")


def _with_marker(value: t.Any, marker: str) -> t.Any:
    if isinstance(value, Secret):
        return _NOT_READABLE if is_hidden(value) else marker
    if isinstance(value, dict):
        return {name: _with_marker(part, marker) for name, part in value.items()}
    if isinstance(value, list):
        return [_with_marker(item, marker) for item in value]
    return value
