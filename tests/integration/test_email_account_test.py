# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module ``email_account_test``: a message arrives, or the task says in words why it does not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.integration.playbook import Task
from tests.integration.records import account

if TYPE_CHECKING:
    from tests.integration.playbook import Playbook
    from tests.sandbox.client import Sandbox

RECIPIENT = {"to_email": "someone@example.com"}


def _working_account(sandbox: Sandbox, **changes: Any) -> dict[str, Any]:
    """An account that the sandbox's mail server accepts."""
    smtp = sandbox.ready["smtp"]
    login = {"email": smtp["username"], "password": smtp["password"]}
    return account(**{**login, "smtp_server": smtp["host"], "smtp_port": smtp["ssl_tls"], **changes})


def test_message_arrives_through_a_live_account(playbook: Playbook) -> None:
    (account_id,) = playbook.sandbox.add_accounts([_working_account(playbook.sandbox)])
    smtp = playbook.sandbox.ready["smtp"]
    identities: dict[str, Any] = {"id": account_id, "name": "Certificates", "email": smtp["username"]}
    run = playbook.run(
        [Task(name, "email_account_test", {name: value, **RECIPIENT}) for name, value in identities.items()]
    )
    for name in identities:
        returned = run.succeeded(name).returned
        assert (returned["changed"], returned["sent"], returned["from"]) == (False, True, smtp["username"])
        assert returned["via"].items() >= {"smtp_server": smtp["host"], "smtp_port": smtp["ssl_tls"]}.items()
        assert returned["to_email"] == RECIPIENT["to_email"]
    messages = playbook.sandbox.messages()
    assert [message["to"] for message in messages] == [[RECIPIENT["to_email"]]] * 3
    assert all(message["tls"] and message["auth_user"] == smtp["username"] for message in messages)


def test_message_arrives_through_an_account_that_is_not_stored(playbook: Playbook) -> None:
    smtp = playbook.sandbox.ready["smtp"]
    server = {"email": smtp["username"], "smtp_server": smtp["host"], **RECIPIENT}
    login = {"password": smtp["password"], "smtp_auth_mechanism": "cram-md5"}
    run = playbook.run(
        [
            Task(
                "starttls",
                "email_account_test",
                {**server, **login, "smtp_port": smtp["starttls"], "smtp_crypt": "starttls"},
            ),
            Task("no login", "email_account_test", {**server, "smtp_port": smtp["none"], "smtp_crypt": "none"}),
        ]
    )
    for name in ("starttls", "no login"):
        assert run.succeeded(name).returned["sent"] is True
    arrived = [(message["listener"], message["tls"], message["auth_user"]) for message in playbook.sandbox.messages()]
    assert arrived == [("starttls", True, smtp["username"]), ("none", False, None)]
    assert playbook.sandbox.accounts() == []


def test_nothing_is_sent_in_check_mode(playbook: Playbook) -> None:
    playbook.sandbox.add_accounts([_working_account(playbook.sandbox)])
    run = playbook.run([Task("send", "email_account_test", {"name": "Certificates", **RECIPIENT}, check=True)])
    returned = run.succeeded("send").returned
    assert (returned["changed"], returned["sent"]) == (False, False)
    assert run["send"].writes == []
    assert playbook.sandbox.messages() == []


def test_refusals_in_words(playbook: Playbook) -> None:
    sandbox = playbook.sandbox
    live = [
        _working_account(sandbox, name="Good"),
        _working_account(sandbox, name="Bad password", password="wrong"),
        _working_account(sandbox, name="Nobody listens", smtp_port=1),
        _working_account(sandbox, name="No such TLS", smtp_port=sandbox.ready["smtp"]["none"]),
    ]
    sandbox.add_accounts(live)
    refusals = {
        "Good": ({"to_email": "unknown@example.com"}, "to_email", ["550", "5.1.1"]),
        "Bad password": (RECIPIENT, "password", ["535", "5.7.8"]),
        "Nobody listens": (RECIPIENT, "smtp_server", ["port 1"]),
        "No such TLS": (RECIPIENT, "smtp_crypt", ["TLS"]),
    }
    run = playbook.run(
        [
            *(Task(name, "email_account_test", {"name": name, **to}) for name, (to, *_expected) in refusals.items()),
            Task("not there", "email_account_test", {"name": "Nowhere", **RECIPIENT}),
        ]
    )
    for name, (to, field, words) in refusals.items():
        returned = run.failed(name).returned
        assert (returned["sent"], returned["to_email"]) == (False, to["to_email"])
        assert returned["failure"]["kind"] == "sending"
        assert [error["field"] for error in returned["failure"]["errors"]] == [field]
        expected = [*words, sandbox.ready["smtp"]["host"], to["to_email"]]
        assert [word for word in expected if word not in returned["msg"]] == []
    assert "no live account has 'Nowhere'" in run.failed("not there").returned["msg"]
    assert sandbox.messages() == []


@pytest.mark.parametrize("shown", ["mask", "blank", "omit"])
def test_password_that_the_server_does_not_show(playbook: Playbook, shown: str) -> None:
    """It is asked for, and what the server shows instead is never sent as one."""
    playbook.sandbox.add_accounts([_working_account(playbook.sandbox)])
    playbook.sandbox.traps(itflex_passwords=shown)
    password = {"password": playbook.sandbox.ready["smtp"]["password"]}
    run = playbook.run(
        [
            Task("without", "email_account_test", {"name": "Certificates", **RECIPIENT}),
            Task("with", "email_account_test", {"name": "Certificates", **password, **RECIPIENT}),
        ]
    )
    assert run.failed("without").writes == []
    assert run["without"].returned["failure"]["problems"][0]["field"] == "password"
    assert run.succeeded("with").returned["sent"] is True
    assert len(playbook.sandbox.messages()) == 1
