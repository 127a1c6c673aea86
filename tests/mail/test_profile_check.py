# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Both sides of an email profile against a real Postfix and Dovecot: what is found, and that nothing is touched."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from imapclient import IMAPClient

from tests.integration.checking import check_defaults, codes, finding
from tests.integration.playbook import Task
from tests.mail.certificates import HOST
from tests.mail.messages import deliver, new_reader, until

if TYPE_CHECKING:
    from tests.integration.playbook import Playbook
    from tests.mail.certificates import Certificates
    from tests.mail.conftest import User
    from tests.mail.dovecot import Dovecot
    from tests.mail.postfix import Postfix

MODULE = "email_profile_check"


def test_both_sides(playbook: Playbook, certificates: Certificates, dovecot: Dovecot, postfix: Postfix) -> None:
    reader = new_reader(dovecot)
    for number in (1, 2):
        deliver(postfix, sender="somebody@elsewhere.example", recipient=reader.address, subject=f"Message {number}")
    until(lambda: _unread(dovecot, reader) == 2)
    login = {"login": reader.address, "password": reader.password, "timeout": 10, "fail_on": "never"}
    sending = {"smtp_host": HOST, "smtp_port": postfix.port("starttls")}
    fetching = {"imap_host": HOST, "imap_port": dovecot.imaps, "mailbox": "INBOX"}
    cases: dict[str, tuple[dict[str, Any], list[str]]] = {
        "both": ({**sending, **fetching}, []),
        "another password": ({**fetching, "password": "not-that-one"}, ["imap_login_refused"]),
        "no such folder": ({**fetching, "mailbox": "Tickets"}, ["mailbox_missing"]),
        "in clear at first": ({**fetching, "imap_port": dovecot.imap}, ["imap_unreachable"]),
        "with a token": ({**fetching, "auth_type": "OAuth2"}, ["imap_login_not_offered"]),
    }
    with check_defaults(str(certificates.authority)) as defaults:
        tasks = [Task(name, MODULE, {**login, **options}) for name, (options, _expected) in cases.items()]
        run = playbook.run(tasks, defaults=defaults)
    for name, (_options, expected) in cases.items():
        assert codes(run.succeeded(name).returned) == expected, run[name].returned["report"]
    both = run["both"].returned
    assert both["server"]["login"]["accepted"] is True
    assert both["imap_server"]["login"] == {"tried": True, "accepted": True}
    assert both["imap_server"]["unread"] == 2
    assert finding(run["another password"].returned, "imap_login_refused")["cause"] == "credentials"
    assert reader.password not in run.output
    assert _unread(dovecot, reader) == 2


def _unread(dovecot: Dovecot, reader: User) -> int:
    with IMAPClient("localhost", dovecot.imap, ssl=False) as client:
        client.login(reader.address, reader.password)
        client.select_folder("INBOX", readonly=True)
        return len(client.search("UNSEEN"))
