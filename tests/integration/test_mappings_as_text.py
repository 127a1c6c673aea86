# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options that are mappings, given as JSON or as key=value, as a variable of the command line gives them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.integration.playbook import WAYS, Task
from tests.integration.records import DOMAIN, PASSWORD, settings

if TYPE_CHECKING:
    from tests.integration.playbook import ModuleSpec, Playbook


@pytest.mark.parametrize("spec", WAYS)
def test_texts_and_mappings_do_the_same(playbook: Playbook, spec: ModuleSpec) -> None:
    wanted = settings()["options"]
    number, split = {"auth": {"user": "u", "pass": 511}}, {"auth": f"user=u pass={PASSWORD}"}
    texts = {"json": "{{ as_text }}", "number": json.dumps(number), "split": split, "key and value": "port=2465"}
    run = playbook.run(
        [Task(name, "email_settings", {"domain": DOMAIN, "options": text}) for name, text in texts.items()],
        variables={"as_text": json.dumps(wanted)},
        options=["-vvv", "--diff"],
        spec=spec,
    )
    assert run.succeeded("json").bodies("POST") == [{"provider": "smtp", "options": wanted}]
    assert run.failed("number").returned["failure"]["problems"][0]["field"] == "options.auth.pass"
    assert "must be a mapping: written as key=value" in run.failed("split").returned["msg"]
    assert run.succeeded("key and value").bodies("PUT") == [{"provider": "smtp", "options": {**wanted, "port": 2465}}]
    results = json.dumps([outcome.returned for outcome in run.outcomes.values()])
    assert PASSWORD not in results + run.output
