# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a task says it did: a plan becomes a result and a diff, without secrets."""

from __future__ import annotations

import typing as t

from . import secret
from .plan import Plan, same
from .secret import Record


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
    before, after = secret.render(plan.before, plan.after)
    return {"before": before, "after": after, "before_header": header, "after_header": header}


def stored_otherwise(sent: Record, stored: Record) -> list[str]:
    """Warnings for each field that the server stores otherwise than it was sent.

    `sent` holds the fields that the user described, `stored` the server's answer to the write.
    """
    warnings = []
    for path, before, after in mismatches(sent, stored):
        if isinstance(before, secret.Secret) or isinstance(after, secret.Secret):
            what = f"{path}: the server stores another secret than the one sent (neither is shown)"
        else:
            what = f"{path}: sent {before!r}, but the server stores {after!r}"
        warnings.append(f"{what}; the next run would change it again, so describe the value that is stored")
    return warnings


def mismatches(sent: Record, stored: Record) -> list[tuple[str, t.Any, t.Any]]:
    """Each field of `sent` that is stored otherwise: its dotted path, what was sent, what is stored.

    A secret that the server does not show is not taken for another one, and fields that were not sent do not count.
    """
    return list(_mismatches("", sent, stored))


def _mismatches(path: str, sent: t.Any, stored: t.Any) -> t.Iterator[tuple[str, t.Any, t.Any]]:
    if isinstance(sent, dict):
        known = stored if isinstance(stored, dict) else {}
        for name in sorted(sent):
            yield from _mismatches(f"{path}.{name}" if path else name, sent[name], known.get(name))
    elif not (secret.is_hidden(stored) or same(sent, stored)):
        yield path, sent, stored
