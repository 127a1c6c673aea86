# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""report: the callback plugin's documentation, and Ansible's events on their way to the report."""

from __future__ import annotations

DOCUMENTATION = r"""
name: report
type: aggregate
short_description: Report what the modules of this collection change, or would change
version_added: 1.0.0
description:
  - Gathers every result of this collection's modules over all hosts of a run.
  - Shows the plan on the terminal while the playbook runs, C(+) for what is created, C(~) for what is updated and C(-)
    for what is deleted, with a line for each field, and totals at the end. With this, C(--diff) is not needed.
  - A password that is written where the server does not show its own is C(?), since nobody knows whether it differs.
  - Writes the report of the whole run to files, in each of the forms that you name a file for.
  - A report holds no secret. Where a password or token changes, a marker says so. Of tasks with C(no_log), and of tasks
    of other collections, nothing is reported but that they failed.
author:
  - mailfleet.email authors (@mailfleet)
requirements:
  - enable in configuration, as C(mailfleet.email.report)
options:
  json:
    description:
      - The file to write the report to as JSON. Its shape is versioned; the JSON Schema stands in the collection's
        C(docs/schemas/report.schema.json).
    type: path
    env:
      - name: MAILFLEET_REPORT_JSON
    ini:
      - section: callback_mailfleet_report
        key: json
    vars:
      - name: mailfleet_report_json
  markdown:
    description:
      - The file to write the report to as Markdown, to be posted as a comment on a merge request.
    type: path
    env:
      - name: MAILFLEET_REPORT_MARKDOWN
    ini:
      - section: callback_mailfleet_report
        key: markdown
    vars:
      - name: mailfleet_report_markdown
  markdown_limit:
    description:
      - How many bytes the Markdown may have. What does not fit is left out, and a note says how much that is.
      - The default fits into a comment of Bitbucket, which takes 32768 characters. GitHub takes 65536, Azure DevOps
        150000, GitLab 1000000.
    type: int
    default: 32000
    env:
      - name: MAILFLEET_REPORT_MARKDOWN_LIMIT
    ini:
      - section: callback_mailfleet_report
        key: markdown_limit
    vars:
      - name: mailfleet_report_markdown_limit
  html:
    description:
      - The file to write the report to as a web page. It is one file, which loads nothing from elsewhere.
    type: path
    env:
      - name: MAILFLEET_REPORT_HTML
    ini:
      - section: callback_mailfleet_report
        key: html
    vars:
      - name: mailfleet_report_html
  junit:
    description:
      - The file to write the report to as JUnit XML, for a CI system. A record is a test case. It has failed where it
        drifted, which is where it would be changed in check mode.
    type: path
    env:
      - name: MAILFLEET_REPORT_JUNIT
    ini:
      - section: callback_mailfleet_report
        key: junit
    vars:
      - name: mailfleet_report_junit
  openmetrics:
    description:
      - The file to write the report to as metrics, for the textfile collector of Prometheus' node_exporter, whose file
        names end in C(.prom).
    type: path
    env:
      - name: MAILFLEET_REPORT_OPENMETRICS
    ini:
      - section: callback_mailfleet_report
        key: openmetrics
    vars:
      - name: mailfleet_report_openmetrics
  terminal:
    description:
      - Whether the plan is shown on the terminal. Switch it off beside a callback that writes a document to standard
        output, such as C(ansible.posix.json).
    type: bool
    default: true
    env:
      - name: MAILFLEET_REPORT_TERMINAL
    ini:
      - section: callback_mailfleet_report
        key: terminal
    vars:
      - name: mailfleet_report_terminal
notes:
  - A variable of a play or an extra variable (C(-e)) beats the environment, which beats C(ansible.cfg). The variables
    of single hosts do not count.
  - Files are replaced as a whole when the run ends. A run that is broken off leaves those of the run before.
"""

EXAMPLES = r"""
# ansible.cfg
# [defaults]
# callbacks_enabled = mailfleet.email.report
#
# [callback_mailfleet_report]
# html = mail-report.html

- name: Bring the accounts to their state, and write down what changed
  hosts: appliances
  gather_facts: false
  vars:
    mailfleet_report_markdown: "reports/{{ ansible_check_mode | ternary('plan', 'apply') }}.md"
  tasks:
    - name: The accounts
      mailfleet.email.email_accounts_sync:
        accounts: "{{ email_accounts }}"
"""

import typing as t
from pathlib import Path

from ansible import constants as C  # noqa: N812  Ansible's own name for it.
from ansible.plugins.callback import CallbackBase
from ansible.template import Templar

from ansible_collections.mailfleet.email.plugins.plugin_utils._report import (
    html,
    junit,
    markdown,
    openmetrics,
    terminal,
)
from ansible_collections.mailfleet.email.plugins.plugin_utils._report.document import Document, TaskEntry, as_json
from ansible_collections.mailfleet.email.plugins.plugin_utils._report.files import write_whole
from ansible_collections.mailfleet.email.plugins.plugin_utils._report.gather import MERGE
from ansible_collections.mailfleet.email.plugins.plugin_utils._report.merging import document_in
from ansible_collections.mailfleet.email.plugins.plugin_utils._report.run import Ended, Run, parts_of
from ansible_collections.mailfleet.email.plugins.plugin_utils._report.so_far import SO_FAR

if t.TYPE_CHECKING:
    from ansible.executor.stats import AggregateStats
    from ansible.executor.task_result import TaskResult
    from ansible.inventory.host import Host
    from ansible.playbook.play import Play
    from ansible.playbook.task import Task

_COLOURS: dict[terminal.Tone, str | None] = {
    "created": C.COLOR_DIFF_ADD,
    "updated": C.COLOR_CHANGED,
    "deleted": C.COLOR_DIFF_REMOVE,
    "failed": C.COLOR_ERROR,
    "unknown": C.COLOR_CHANGED,
    "plain": None,
}


class CallbackModule(CallbackBase):  # type: ignore[misc]
    """The plugin, under the name by which Ansible finds it."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "mailfleet.email.report"
    CALLBACK_NEEDS_ENABLED = True

    def __init__(self, *args: t.Any, **kwargs: t.Any) -> None:
        super().__init__(*args, **kwargs)
        self._run = Run()
        self._variables: dict[str, t.Any] = {}
        self._shown: tuple[str, str, str | None] | None = None
        self._merged: Path | None = None

    def v2_playbook_on_play_start(self, play: Play) -> None:
        """Note the play's name, and the options that its variables set."""
        variables = play.get_variable_manager().get_vars(play=play)
        hosts, in_stages = variables.get("ansible_play_hosts_all", ()), play.serial not in ([], ["100%"])
        self._run.begin_play(play.get_name(), play._uuid, hosts, in_stages=in_stages)
        SO_FAR.document = lambda: self._run.document(self._run.standing())
        names = C.config.get_plugin_vars(self.plugin_type, self._load_name)
        found = {name: variables[name] for name in names if name in variables}
        if found:
            # Ansible itself looks at extra variables only, and not before ansible-core 2.20.
            self._variables.update(Templar(loader=play.get_loader(), variables=variables).template(found))
            self.set_options(var_options=self._variables)

    def v2_runner_on_start(self, host: Host, task: Task) -> None:
        """Note when a task begins."""
        self._run.begin(host.get_name(), task._uuid)

    def v2_runner_on_ok(self, result: TaskResult) -> None:
        """Note a task that ended well."""
        self._end(result, "changed" if result._result.get("changed") else "ok")
        if result._task.action == MERGE and "report" in result._result:
            self._merged = Path(result._result["report"])

    def v2_runner_on_failed(self, result: TaskResult, ignore_errors: bool = False) -> None:
        """Note a task that failed."""
        self._end(result, "failed", ignored=bool(ignore_errors))

    def v2_runner_on_unreachable(self, result: TaskResult) -> None:
        """Note a host that was not reached."""
        self._end(result, "unreachable", ignored=bool(result._task.ignore_unreachable))

    def v2_runner_on_skipped(self, result: TaskResult) -> None:
        """Note a task that was skipped."""
        self._end(result, "skipped")

    def v2_runner_item_on_ok(self, result: TaskResult) -> None:
        """Note an item of a loop that ended well."""
        self._end(result, "changed" if result._result.get("changed") else "ok", is_item=True)

    def v2_runner_item_on_failed(self, result: TaskResult) -> None:
        """Note an item of a loop that failed, or whose host was not reached."""
        status = "unreachable" if result._result.get("unreachable") else "failed"
        self._end(result, status, ignored=bool(result._task.ignore_errors), is_item=True)

    def v2_runner_item_on_skipped(self, result: TaskResult) -> None:
        """Note an item of a loop that was skipped."""
        self._end(result, "skipped", is_item=True)

    def v2_runner_retry(self, result: TaskResult) -> None:
        """Note a try that another one follows."""
        self._show_entry(result, self._run.retry(self._ended(result, "changed", is_item=bool(result._task.loop))))

    def v2_playbook_on_stats(self, stats: AggregateStats) -> None:
        """Show the totals and write the files."""
        if self._merged is not None:
            document = document_in(self._merged.read_bytes())
        else:
            document = self._run.document({host: _status(stats, host) for host in stats.processed})
        if self.get_option("terminal"):
            self._show(terminal.lines_of_totals(document))
        self._write(document)

    def _end(self, result: TaskResult, status: str, *, ignored: bool = False, is_item: bool = False) -> None:
        for part in parts_of(self._ended(result, status, ignored=ignored, is_item=is_item)):
            self._show_entry(result, self._run.end(part))

    @staticmethod
    def _ended(result: TaskResult, status: str, *, ignored: bool = False, is_item: bool = False) -> Ended:
        task = result._task
        return Ended(
            host=result._host.get_name(),
            uuid=task._uuid,
            task=task.get_name(),
            module=task.resolved_action or task.action,
            arguments=task.args,
            result=result._result,
            status=status,
            check_mode=bool(task.check_mode),
            ignored=ignored,
            is_item=is_item,
        )

    def _show_entry(self, result: TaskResult, entry: TaskEntry | None) -> None:
        if entry is None or not self.get_option("terminal"):
            return
        host = result._host.get_name()
        place = (host, result._task._uuid, entry["product"])
        lines = terminal.lines_of_task(host, entry, self._run.planned(host, entry))
        # The items of a loop need their heading once.
        self._show(lines[1:] if lines and self._shown == place else lines)
        self._shown = place if lines else self._shown

    def _show(self, lines: t.Iterable[terminal.Line]) -> None:
        for text, tone in lines:
            self._display.display(text, color=_COLOURS[tone])

    def _write(self, document: Document) -> None:
        forms: dict[str, t.Callable[[], bytes]] = {
            "json": lambda: as_json(document),
            "markdown": lambda: markdown.as_markdown(document, self.get_option("markdown_limit")),
            "html": lambda: html.as_html(document),
            "junit": lambda: junit.as_junit(document),
            "openmetrics": lambda: openmetrics.as_openmetrics(document),
        }
        for name, make in forms.items():
            path = self.get_option(name)
            if path:
                try:
                    write_whole(Path(path), make())
                except OSError as exc:
                    self._display.warning(f"The {name} report was not written: {exc.strerror}: {path}")


def _status(stats: AggregateStats, host: str) -> str:
    summary = stats.summarize(host)
    if summary["unreachable"]:
        return "unreachable"
    return "failed" if summary["failures"] else "ok"
