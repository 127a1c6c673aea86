# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module ``email_settings_test``: a message arrives, or the task says in words why it does not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.integration.playbook import Task
from tests.integration.records import DOMAIN, settings

if TYPE_CHECKING:
    from tests.integration.playbook import Playbook
    from tests.sandbox.client import Sandbox

RECIPIENT = {"to_email": "some+one@example.com"}


def _working_settings(sandbox: Sandbox, **changes: Any) -> dict[str, Any]:
    """Settings that the sandbox's mail server accepts."""
    smtp = sandbox.ready["smtp"]
    login = {"user": smtp["username"], "pass": smtp["password"]}
    return settings(**{"host": smtp["host"], "port": smtp["ssl_tls"], "auth": login, **changes})


def test_message_arrives(playbook: Playbook) -> None:
    smtp = playbook.sandbox.ready["smtp"]
    starttls = {"port": smtp["starttls"], "secure": False, "requireTLS": True}
    playbook.sandbox.put_settings(DOMAIN, _working_settings(playbook.sandbox))
    playbook.sandbox.put_settings("starttls.example.com", _working_settings(playbook.sandbox, **starttls))
    run = playbook.run(
        [
            Task("TLS", "email_settings_test", {"domain": DOMAIN, **RECIPIENT}),
            Task("STARTTLS", "email_settings_test", {"domain": "starttls.example.com", **RECIPIENT}),
        ]
    )
    for name, port in (("TLS", smtp["ssl_tls"]), ("STARTTLS", smtp["starttls"])):
        returned = run.succeeded(name).returned
        assert (returned["changed"], returned["sent"]) == (False, True)
        assert (returned["from"], returned["to_email"]) == ("pbx@my.example.com", RECIPIENT["to_email"])
        assert returned["via"].items() >= {"host": smtp["host"], "port": port}.items()
        assert returned["answer"]["accepted"] == [RECIPIENT["to_email"]]
        assert returned["answer"]["response"].startswith("250")
    arrived = [(message["listener"], message["to"], message["tls"]) for message in playbook.sandbox.messages()]
    assert arrived == [("ssl_tls", [RECIPIENT["to_email"]], True), ("starttls", [RECIPIENT["to_email"]], True)]


def test_nothing_is_sent_in_check_mode(playbook: Playbook) -> None:
    playbook.sandbox.put_settings(DOMAIN, _working_settings(playbook.sandbox))
    run = playbook.run([Task("send", "email_settings_test", {"domain": DOMAIN, **RECIPIENT}, check=True)])
    returned = run.succeeded("send").returned
    assert (returned["changed"], returned["sent"]) == (False, False)
    assert run["send"].writes == []
    assert playbook.sandbox.messages() == []


def test_refusals_in_words(playbook: Playbook) -> None:
    sandbox = playbook.sandbox
    smtp = sandbox.ready["smtp"]
    live: dict[str, dict[str, Any]] = {
        "good.example.com": {},
        "password.example.com": {"auth": {"user": smtp["username"], "pass": "wrong"}},
        "port.example.com": {"port": 1},
        "name.example.com": {"host": "127.0.0.1"},
    }
    for domain, changes in live.items():
        sandbox.put_settings(domain, _working_settings(sandbox, **changes))
    refusals = {
        "good.example.com": ("unknown@example.com", ["550", "5.1.1"]),
        "password.example.com": ("someone@example.com", ["535", "5.7.8"]),
        "port.example.com": ("someone@example.com", ["ECONNREFUSED"]),
        "name.example.com": ("someone@example.com", ["127.0.0.1", "certificate"]),
    }
    run = playbook.run(
        [
            *(
                Task(domain, "email_settings_test", {"domain": domain, "to_email": to_email})
                for domain, (to_email, _words) in refusals.items()
            ),
            Task("no settings", "email_settings_test", {"domain": DOMAIN, **RECIPIENT}),
        ]
    )
    for domain, (to_email, words) in refusals.items():
        returned = run.failed(domain).returned
        assert (returned["sent"], returned["to_email"]) == (False, to_email)
        assert returned["failure"]["kind"] == "sending"
        expected = [*words, domain, to_email, f"port {returned['via']['port']}"]
        assert [word for word in expected if word not in returned["msg"]] == []
    assert run.failed("no settings").writes == []
    assert DOMAIN in run["no settings"].returned["msg"]
    assert sandbox.messages() == []


def test_recipient_that_is_rejected_among_others(playbook: Playbook) -> None:
    """A server that answers 200 and names the address as rejected has not sent the message."""
    sandbox = playbook.sandbox
    sandbox.put_settings(DOMAIN, _working_settings(sandbox))
    body = '{"status": "OK", "info": {"accepted": [], "rejected": ["some+one@example.com"], "response": "250 OK"}}'
    sandbox.fault("/api/v2/email/settings/test", status=200, body=body)
    run = playbook.run([Task("send", "email_settings_test", {"domain": DOMAIN, **RECIPIENT})])
    assert "rejects some+one@example.com" in run.failed("send").returned["msg"]
