# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module ``email_settings_check``: a domain's transport options against the mail server of the sandbox."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.integration.checking import codes, sandbox_defaults
from tests.integration.playbook import WAYS, Task

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.integration.playbook import Document, Playbook


@pytest.fixture
def defaults(playbook: Playbook) -> Iterator[dict[str, Document]]:
    with sandbox_defaults(playbook.sandbox) as options:
        yield options


def _options(playbook: Playbook, listener: str, **changes: Any) -> dict[str, Any]:
    smtp = playbook.sandbox.ready["smtp"]
    login = {"user": smtp["username"], "pass": smtp["password"]}
    return {"host": smtp["host"], "port": smtp[listener], "auth": login, "tls": {"rejectUnauthorized": True}, **changes}


def test_ways_of_nodemailer(playbook: Playbook, defaults: dict[str, Document]) -> None:
    """The result is the same from the action plugin and the module."""
    cases: dict[str, tuple[dict[str, Any], list[str], bool]] = {
        "secure": (_options(playbook, "ssl_tls", secure=True), [], True),
        "starttls where offered": (_options(playbook, "starttls"), ["not_read_by_all", "tls_not_required"], True),
        "starttls required": (_options(playbook, "starttls", extra={"requireTLS": True}), ["not_read_by_all"], True),
        "starttls not offered": (
            _options(playbook, "none"),
            ["not_encrypted", "not_read_by_all", "login_not_tried"],
            False,
        ),
        "starttls ignored": (
            _options(playbook, "none", extra={"ignoreTLS": True}),
            ["not_encrypted", "not_read_by_all"],
            True,
        ),
        "any certificate": (
            _options(playbook, "ssl_tls", secure=True, host="127.0.0.1", tls={"rejectUnauthorized": False}),
            ["certificate_other_name", "not_read_by_all"],
            True,
        ),
        "other name": (
            _options(playbook, "ssl_tls", secure=True, host="127.0.0.1"),
            ["certificate_other_name", "login_not_tried"],
            False,
        ),
        "tls where none is": (_options(playbook, "none", secure=True), ["clear_at_first", "login_not_tried"], False),
    }
    sender = {"from": "The PBX <pbx@my.example.com>", "domain": "my.example.com"}
    tasks = [
        Task(name, "email_settings_check", {**sender, "options": options}) for name, (options, *_) in cases.items()
    ]
    results = []
    for spec in WAYS:
        run = playbook.run(tasks, defaults=defaults, spec=spec)
        results.append({name: {**run[name].returned, "invocation": None} for name in cases})
        for name, (_options_of_it, expected, logs_in) in cases.items():
            returned = run[name].returned
            assert codes(returned, "error", "warning", "info") == expected, name
            assert returned["server"]["login"]["tried"] is logs_in
            assert bool(run[name].failed) is bool(codes(returned, "error"))
            assert run[name].requests == []
            assert returned["sender_domain"]["name"] == "my.example.com"
    assert results[0] == results[1]
    assert playbook.sandbox.messages() == []


def test_options_that_are_wrong(playbook: Playbook) -> None:
    wrong = {"options": {"port": 0, "extra": {"host": "smtp.example.com"}}, "dns_servers": ["dns.example.com"]}
    run = playbook.run([Task("wrong", "email_settings_check", wrong)])
    fields = [problem["field"] for problem in run.failed("wrong").returned["failure"]["problems"]]
    assert set(fields) == {"options.port", "options.host", "options.extra.host", "dns_servers[0]"}
