# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a task says it did: a plan becomes a result and a diff, without secrets."""

from __future__ import annotations

import typing as t

from . import secret
from .plan import Plan


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
