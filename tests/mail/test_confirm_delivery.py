# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role test_send with a look into the mailbox: products that send, Postfix that carries, Dovecot that keeps."""

from __future__ import annotations

import json
import re
import secrets
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from tests.integration.records import account, settings
from tests.integration.repository import Repository
from tests.mail.messages import deliver, logins, new_reader
from tests.unit.plugins.module_utils._mail.imap_server import imap_server

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.integration.repository import Ended
    from tests.mail.certificates import Certificates
    from tests.mail.conftest import User
    from tests.mail.dovecot import Dovecot
    from tests.mail.postfix import Postfix
    from tests.sandbox.client import Sandbox

LONGEST_SECONDS = 60


@dataclass(frozen=True)
class Role:
    """Runs the role, on one host that is both a PBX and an appliance."""

    repository: Repository
    mailbox: Mapping[str, Any]

    def run(self, *options: str, **variables: Any) -> Ended:
        """Run it with these variables, and keep test_send_results in a file."""
        ready = self.repository.sandbox.ready
        play = {
            "hosts": "pbx",
            "connection": "local",
            "gather_facts": False,
            "vars": {"ansible_python_interpreter": "{{ ansible_playbook_python }}"},
            "module_defaults": {
                "group/mailfleet.email.webitel": {
                    "api_url": ready["webitel"]["api_url"],
                    **self.repository.sandbox.root,
                },
                "group/mailfleet.email.itflex": {
                    "api_url": ready["itflex"]["api_url"],
                    "refresh_token": ready["itflex"]["refresh_token"],
                },
            },
            "tasks": [
                {
                    "block": [{"ansible.builtin.include_role": {"name": "mailfleet.email.test_send"}}],
                    "always": [
                        {
                            "ansible.builtin.copy": {
                                "dest": str(self.repository.path / "results.json"),
                                "content": "{{ test_send_results | default([]) | to_json }}",
                            },
                            "check_mode": False,
                        }
                    ],
                }
            ],
        }
        playbook = self.repository.write("send.yml", [play])
        everything = {"test_send_confirm_delivery": self.mailbox, **variables}
        given = self.repository.write("variables.yml", everything)
        return self.repository.run(playbook.name, "-e", f"@{given.name}", *options)

    @property
    def results(self) -> list[dict[str, Any]]:
        """The test_send_results of the last run."""
        found: list[dict[str, Any]] = json.loads((self.repository.path / "results.json").read_text("utf-8"))
        return found


@pytest.fixture
def reader(dovecot: Dovecot) -> User:
    return new_reader(dovecot)


@pytest.fixture
def role(
    tmp_path_factory: pytest.TempPathFactory,
    sandbox: Sandbox,
    dovecot: Dovecot,
    certificates: Certificates,
    reader: User,
) -> Role:
    return Role(
        Repository(tmp_path_factory.mktemp("role"), sandbox),
        _mailbox(dovecot, certificates, reader, wait=LONGEST_SECONDS),
    )


def _mailbox(dovecot: Dovecot, certificates: Certificates, user: User, **changes: Any) -> dict[str, Any]:
    return {
        "host": "localhost",
        "port": dovecot.imaps,
        "username": user.address,
        "password": user.password,
        "ca_path": str(certificates.authority),
        "interval": 0.2,
        **changes,
    }


def _account(postfix: Postfix, sender: User, name: str) -> dict[str, Any]:
    """An account that Postfix lets in."""
    server = {"smtp_server": "localhost", "smtp_port": postfix.port("tls")}
    return account(name=name, email=sender.address, password=sender.password, **server)


def _settings(port: int, sender: User, **options: Any) -> dict[str, Any]:
    """Settings with which Postfix lets a PBX in."""
    login = {"user": sender.address, "pass": sender.password}
    return {**settings(host="localhost", port=port, auth=login, **options), "from": sender.address}


def test_everything_arrives_and_each_is_distinguished(role: Role, postfix: Postfix, sender: User, reader: User) -> None:
    """Two accounts of one address, two domains; and a message from before that looks like theirs."""
    sandbox = role.repository.sandbox
    sandbox.add_accounts([_account(postfix, sender, name) for name in ("Certificates", "Alarms")])
    hostile = {"name": "{{7*7}}"}
    sandbox.put_settings("a.example", _settings(postfix.port("tls", variant="relaying"), sender, **hostile))
    sandbox.put_settings("b.example", _settings(postfix.port("tls"), sender))
    deliver(postfix, sender=sender.address, recipient=reader.address, subject="Test message")
    ended = role.run(
        "-vvvv",
        test_send_to=reader.address,
        test_send_accounts=[{"name": "Certificates"}, {"name": "Alarms"}],
        test_send_domains=["a.example", "b.example"],
    )
    assert ended.status == 0, ended.output
    assert reader.password not in ended.output
    assert sender.password not in ended.output
    deliveries = [result["delivery"] for result in role.results]
    assert [one["name"] for one in deliveries] == ["Certificates", "Alarms", "a.example", "b.example"]
    assert {one["status"] for one in deliveries} == {"found"}
    # In the order in which they were sent, behind the one from before.
    assert [one["uid"] for one in deliveries] == [2, 3, 4, 5]
    assert all(one["tls"] is True and one["seconds"] <= LONGEST_SECONDS for one in deliveries)
    relayed, direct = deliveries[2:]
    # What a server says of itself is no template.
    assert relayed["path"][0]["from"] == "{{7*7}}"
    assert [hop["by"] for hop in relayed["path"]] == [
        "submission.example.com",
        "mx.example.com",
        "mailboxes.example.com",
    ]
    assert relayed["authserv_id"] == "mx.example.com"
    assert {relayed[method]["result"] for method in ("spf", "dkim", "dmarc")} == {"pass"}
    assert [direct[method] for method in ("authserv_id", "spf", "dkim", "dmarc")] == [None] * 4
    # With -v, the rows stand in the result of the task before too.
    assert len(set(re.findall(r"\S+ +\S+ +\S+ +\S+ +sent    yes, \d+ s", ended.output))) == 4


def test_what_does_not_arrive_is_named(role: Role, reader: User) -> None:
    """One goes to a server that takes it and keeps it, the other one is not sent at all."""
    sandbox = role.repository.sandbox
    smtp = sandbox.ready["smtp"]
    elsewhere = account(name="Lost", smtp_server=smtp["host"], smtp_port=smtp["none"], smtp_crypt="none")
    sandbox.add_accounts([{**elsewhere, "has_auth": False}])
    ended = role.run(
        test_send_to=reader.address,
        test_send_accounts=[{"name": "Lost"}, {"name": "Nobody"}],
        test_send_confirm_delivery={**role.mailbox, "wait": 1},
    )
    assert ended.status == 2
    assert "1 of 2 test messages were not sent: itflex Nobody." in ended.output
    assert "1 of 2 test messages were sent and did not arrive in time: itflex Lost." in ended.output
    assert "itflex Lost: was sent, and is in no folder after 1 s" in ended.output
    assert [result["delivery"].get("status") for result in role.results] == ["not_found", None]


@pytest.mark.parametrize("fail", [True, False])
def test_what_was_sent_is_reported_also_where_the_mailbox_closes(role: Role, fail: bool) -> None:
    """It opens before anything is sent, and not once more."""
    sandbox = role.repository.sandbox
    smtp = sandbox.ready["smtp"]
    elsewhere = account(name="Taken", smtp_server=smtp["host"], smtp_port=smtp["none"], smtp_crypt="none")
    sandbox.add_accounts([{**elsewhere, "has_auth": False}])
    with imap_server({"AUTHENTICATE": ["", "NO [LIMIT] {{7*7}} logins"]}) as server:
        ended = role.run(
            test_send_to="someone@example.com",
            test_send_accounts=[{"name": "Taken"}, {"name": "Nobody"}],
            test_send_fail=fail,
            test_send_confirm_delivery={**role.mailbox, "port": server.port, "host": "127.0.0.1", "encryption": "none"},
        )
    assert ended.status == (2 if fail else 0), ended.output
    assert "Whether what was sent arrived is not known: mailbox of" in ended.output
    # What a server says of itself is no template.
    assert "[LIMIT] {{7*7}} logins" in ended.output
    assert ("Whether what was sent arrived is not known. The task above" in ended.output) is fail
    assert re.search(r"Taken .* sent +\?", ended.output), ended.output
    assert re.search(r"Nobody .* NOT SENT +-", ended.output)
    assert ("1 of 2 test messages were not sent: itflex Nobody." in ended.output) is fail
    assert [(result["sent"], result["delivery"]) for result in role.results] == [(True, {}), (False, {})]


def test_a_spam_folder_is_no_inbox(
    role: Role, postfix: Postfix, dovecot: Dovecot, certificates: Certificates, inbox: User
) -> None:
    spam = settings(host="localhost", port=postfix.port("tls", variant="no_login"))
    del spam["options"]["auth"]
    role.repository.sandbox.put_settings("a.example", {**spam, "from": "spammer@example.com"})
    mailbox = _mailbox(dovecot, certificates, inbox, wait=LONGEST_SECONDS, afterwards="delete")
    sent = {"test_send_to": inbox.address, "test_send_domains": ["a.example"]}
    ended = role.run(**sent, test_send_confirm_delivery=mailbox)
    assert ended.status == 2
    assert "1 of 1 test messages arrived in a spam folder: webitel a.example." in ended.output
    assert "webitel a.example: is in the folder Junk. The server tells no verdicts" in ended.output
    assert role.results[0]["delivery"]["status"] == "found_in_spam"
    accepted = role.run(**sent, test_send_confirm_delivery={**mailbox, "accept_spam": True})
    assert accepted.status == 0, accepted.output
    assert "SPAM" in accepted.output


def test_nothing_is_sent_where_the_mailbox_does_not_open(role: Role, postfix: Postfix, sender: User) -> None:
    role.repository.sandbox.put_settings("a.example", _settings(postfix.port("tls"), sender))
    wrong = f"planted{secrets.token_hex(8)}"
    ended = role.run(
        "-vvvv",
        test_send_to="someone@example.com",
        test_send_domains=["a.example"],
        test_send_confirm_delivery={**role.mailbox, "password": wrong},
    )
    assert ended.status == 2
    assert "could not log in" in ended.output
    assert wrong not in ended.output
    assert role.repository.writes() == []


def test_wrong_arguments_show_no_password(role: Role) -> None:
    wrong = {**role.mailbox, "password": [role.mailbox["password"]], "encryption": "quantum", "colour": "red"}
    ended = role.run("-vvvv", test_send_to="someone@example.com", test_send_confirm_delivery=wrong)
    assert ended.status == 2
    assert "quantum" in ended.output
    assert role.mailbox["password"] not in ended.output


def test_check_mode_sends_nothing_and_looks_for_nothing(
    role: Role, postfix: Postfix, dovecot: Dovecot, sender: User, reader: User
) -> None:
    role.repository.sandbox.put_settings("a.example", _settings(postfix.port("tls"), sender))
    before = logins(dovecot, reader)
    ended = role.run("--check", test_send_to=reader.address, test_send_domains=["a.example"])
    assert ended.status == 0, ended.output
    assert role.repository.writes() == []
    assert logins(dovecot, reader) == before > 0
    assert "delivery" not in role.results[0]
    assert "DELIVERED" not in ended.output


def test_two_runs_at_once_keep_to_their_own_messages(
    role: Role, tmp_path_factory: pytest.TempPathFactory, postfix: Postfix, sender: User, reader: User
) -> None:
    sandbox = role.repository.sandbox
    sandbox.add_accounts([_account(postfix, sender, "Certificates")])
    roles = [Role(Repository(tmp_path_factory.mktemp("role"), sandbox), role.mailbox) for _ in range(2)]
    variables = {
        "test_send_to": reader.address,
        "test_send_accounts": [{"name": "Certificates"}, {"name": "Certificates"}],
        "test_send_confirm_delivery": {**role.mailbox, "subaddress": True},
    }
    with ThreadPoolExecutor() as pool:
        ended = list(pool.map(lambda one: one.run(**variables), roles))
    assert [one.status for one in ended] == [0, 0], "\n".join(one.output for one in ended)
    results = [result for one in roles for result in one.results]
    recipients = [result["to_email"] for result in results]
    local, _at, domain = reader.address.rpartition("@")
    assert len(set(recipients)) == 4
    assert all(address.startswith(f"{local}+") and address.endswith(f"@{domain}") for address in recipients)
    assert sorted(result["delivery"]["uid"] for result in results) == [1, 2, 3, 4]
