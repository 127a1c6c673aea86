# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Writes what each task returned, and the requests that the sandbox saw of it, to two files."""

from __future__ import annotations

import json
import ssl
import urllib.request
from pathlib import Path
from typing import Any

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = r"""
name: outcomes
type: notification
short_description: Write outcomes to files
description:
  - Appends a line of JSON for each task to C(outcomes.jsonl), and the requests that the sandbox saw since the task
    before to C(requests.jsonl).
options:
  directory:
    description: Where the files are.
    type: path
    required: true
    env: [{name: OUTCOMES_DIRECTORY}]
  sandbox_url:
    description: The sandbox whose log of requests is read, and emptied, after each task.
    type: str
    required: true
    env: [{name: OUTCOMES_SANDBOX_URL}]
"""


class CallbackModule(CallbackBase):  # type: ignore[misc]
    """The plugin, under the name by which Ansible finds it."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "notification"
    CALLBACK_NAME = "outcomes"
    CALLBACK_NEEDS_ENABLED = True

    def v2_runner_on_ok(self, result: Any) -> None:
        """Write the outcome of a task that succeeded."""
        self._write(result, failed=False)

    def v2_runner_on_failed(self, result: Any, ignore_errors: bool = False) -> None:  # noqa: ARG002
        """Write the outcome of a task that failed, whether or not that ends the play."""
        self._write(result, failed=True)

    def _write(self, result: Any, *, failed: bool) -> None:
        self._append("outcomes.jsonl", {"task": result.task_name, "failed": failed, "returned": result._result})
        self._append("requests.jsonl", self._take_requests())

    def _append(self, name: str, document: object) -> None:
        with Path(self.get_option("directory"), name).open("a", encoding="utf-8") as file:
            file.write(json.dumps(document, default=repr) + "\n")

    def _take_requests(self) -> Any:
        url = f"{self.get_option('sandbox_url')}/_sandbox/requests"
        # Proxies in the environment are not for a server on this machine.
        # Whom the modules trust is what the tests find out.
        anyone = urllib.request.HTTPSHandler(context=ssl._create_unverified_context())  # noqa: S323
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), anyone)
        with opener.open(url, timeout=10) as answer:
            requests = json.load(answer)
        with opener.open(urllib.request.Request(url, method="DELETE"), timeout=10):  # noqa: S310
            return requests
