# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where a task about many records is compared with what a file says that was reviewed of its host."""

from __future__ import annotations

import typing as t
from pathlib import Path

from ansible.module_utils.common.validation import check_type_path

from ansible_collections.mailfleet.email.plugins.module_utils._engine.schema import Problem
from ansible_collections.mailfleet.email.plugins.module_utils._engine.secret import Secret
from ansible_collections.mailfleet.email.plugins.module_utils._engine.verify_plan import StalePlan
from ansible_collections.mailfleet.email.plugins.module_utils._text import visible
from ansible_collections.mailfleet.email.plugins.plugin_utils._plan_file import PlanError, plan_of_host

if t.TYPE_CHECKING:
    from ansible_collections.mailfleet.email.plugins.module_utils._resource.spec import ModuleSpec


def with_reviewed(plan: t.Mapping[str, t.Any], spec: ModuleSpec, host: str) -> dict[str, t.Any]:
    """The option `plan` with what its file says in the place of the file. Raises `StalePlan`.

    A kind of record that the plan does not know has no records.
    """
    if plan.get("reviewed") is not None:
        raise StalePlan(spec.subject({}), [Problem("plan.path", "stands in the place of reviewed: give one of them")])
    path, key = Path(check_type_path(str(plan["path"]))).absolute(), plan.get("key")
    try:
        planned = plan_of_host(path, host, None if key is None else Secret(str(key)))
    except PlanError as exc:
        raise StalePlan(spec.subject({}), [Problem("plan.path", str(exc))]) from None
    if planned is None:
        message = f"The plan {path} could not plan {visible(host)}; plan again"
        raise StalePlan(spec.subject({}), [Problem("plan.path", message)])
    others = {name: value for name, value in plan.items() if name != "path"}
    return {**others, "reviewed": planned.get(spec.document_key, [])}
