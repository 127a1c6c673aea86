# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module ``email_profile_check``: both sides, with the mail server of the sandbox and one with IMAP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.integration.checking import codes, mailbox_beside, sandbox_defaults
from tests.integration.playbook import WAYS, Task

if TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.playbook import Playbook


def test_both_sides(playbook: Playbook, tmp_path: Path) -> None:
    """The result is the same from the action plugin and the module, and no message is sent or marked."""
    smtp = playbook.sandbox.ready["smtp"]
    playbook.sandbox.add_mail_user("desk@example.com", smtp["password"])
    login = {"login": "desk@example.com", "password": smtp["password"], "name": "Desk"}
    results = []
    with sandbox_defaults(playbook.sandbox) as defaults, mailbox_beside(defaults, tmp_path) as mailbox:
        sending = {"smtp_host": smtp["host"], "smtp_port": smtp["starttls"]}
        fetching = {"imap_host": "localhost", "imap_port": mailbox.port, "mailbox": "INBOX"}
        cases: dict[str, tuple[dict[str, Any], list[str]]] = {
            "both": ({**sending, **fetching}, ["mailbox_unread", "tls_not_required"]),
            "sending": (sending, ["tls_not_required"]),
            "fetching": (fetching, ["mailbox_unread"]),
            "no such folder": ({**fetching, "mailbox": "Tickets"}, ["mailbox_missing"]),
            "tls at once": ({**sending, "smtp_port": smtp["ssl_tls"]}, ["tls_from_first_byte"]),
        }
        tasks = [Task(name, "email_profile_check", {**options, **login}) for name, (options, _codes) in cases.items()]
        for spec in WAYS:
            run = playbook.run(tasks, defaults=defaults, spec=spec)
            results.append({name: {**run[name].returned, "invocation": None} for name in cases})
            for name, (_options, expected) in cases.items():
                assert sorted(codes(run[name].returned, "error", "warning", "info")) == expected, name
                assert bool(run[name].failed) is bool(codes(run[name].returned, "error")), name
                assert run[name].requests == []
        marked = [command for command in mailbox.commands if command.startswith(("SELECT", "UID STORE"))]
    assert results[0] == results[1]
    assert marked == []
    assert playbook.sandbox.messages() == []


def test_options_that_are_wrong(playbook: Playbook) -> None:
    run = playbook.run([Task("wrong", "email_profile_check", {"smtp_port": 0, "mailbox": "a\nb"})])
    fields = [problem["field"] for problem in run.failed("wrong").returned["failure"]["problems"]]
    assert set(fields) == {"smtp_host", "smtp_port", "mailbox"}
