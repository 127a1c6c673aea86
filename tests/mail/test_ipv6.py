# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""IPv6: the checks, the look into a mailbox, the products and what they send, over the address ``::1``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.integration.checking import check_defaults, codes
from tests.integration.playbook import Playbook, Task
from tests.integration.records import DOMAIN, account, settings
from tests.mail.certificates import ADDRESS
from tests.mail.daemon import has_ipv6
from tests.mail.messages import deliver, new_reader
from tests.sandbox.client import Sandbox

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.integration.playbook import Document
    from tests.mail.certificates import Certificates
    from tests.mail.conftest import User
    from tests.mail.dovecot import Dovecot
    from tests.mail.postfix import Encryption, Postfix

pytestmark = pytest.mark.skipif(not has_ipv6(), reason="this machine has no IPv6")
CRYPTS: dict[str, Encryption] = {"starttls": "starttls", "ssl-tls": "tls"}
HOSTS = (ADDRESS, f"[{ADDRESS}]")


@pytest.fixture
def defaults(certificates: Certificates) -> Iterator[dict[str, Document]]:
    with check_defaults(str(certificates.authority)) as options:
        yield options


@pytest.mark.parametrize("host", HOSTS)
def test_checks(playbook: Playbook, defaults: dict[str, Document], postfix: Postfix, sender: User, host: str) -> None:
    login = {"email": sender.address, "password": sender.password, "smtp_auth_mechanism": "plain"}
    auth = {"user": sender.address, "pass": sender.password}
    tasks = [
        *(
            Task(
                f"account {crypt}",
                "email_account_check",
                {**login, "smtp_server": host, "smtp_port": postfix.port(encryption), "smtp_crypt": crypt},
            )
            for crypt, encryption in CRYPTS.items()
        ),
        Task(
            "settings",
            "email_settings_check",
            {
                "from": sender.address,
                "options": {
                    "host": host,
                    "port": postfix.port("tls"),
                    "secure": True,
                    "auth": auth,
                    "tls": {"reject_unauthorized": True},
                },
            },
        ),
    ]
    run = playbook.run(tasks, defaults=defaults)
    for task in tasks:
        returned = run.succeeded(task.name).returned
        # Node takes brackets for a part of a name.
        expected = ["read_otherwise"] if task.name == "settings" and host.startswith("[") else []
        assert codes(returned) == expected, returned["report"]
        assert returned["server"]["login"]["accepted"] is True
        assert returned["server"]["addresses"] == [ADDRESS]


@pytest.mark.parametrize("host", HOSTS)
def test_a_look_into_a_mailbox(
    playbook: Playbook, postfix: Postfix, dovecot: Dovecot, certificates: Certificates, host: str
) -> None:
    reader = new_reader(dovecot)
    deliver(postfix, sender="certs@elsewhere.example", recipient=reader.address)
    mailbox = {"host": host, "username": reader.address, "password": reader.password, "wait": 60, "interval": 0.1}
    mailbox["messages"] = [{"from": "certs@elsewhere.example"}]
    ways: dict[str, Document] = {
        "tls": {"port": dovecot.imaps, "ca_path": str(certificates.authority)},
        "starttls": {"port": dovecot.imap, "ca_path": str(certificates.authority)},
        "none": {"port": dovecot.imap},
    }
    run = playbook.run(
        Task(way, "email_delivery_info", {**mailbox, "encryption": way, **options}) for way, options in ways.items()
    )
    for way in ways:
        assert [one["status"] for one in run.succeeded(way).returned["email_deliveries"]] == ["found"], way


def test_products_at_an_address_of_ipv6(tmp_path_factory: pytest.TempPathFactory) -> None:
    # A short name: Ansible keeps a socket below it.
    directory = tmp_path_factory.mktemp("play")
    with Sandbox.start(directory / "sandbox", host=ADDRESS) as sandbox:
        assert sandbox.url.startswith(f"http://[{ADDRESS}]:")
        playbook = Playbook(directory, sandbox)
        tasks = [
            Task("account", "email_account", account()),
            Task("again", "email_account", account()),
            Task("settings", "email_settings", {"domain": DOMAIN, **settings()}),
            Task("info", "email_settings_info", {"domain": DOMAIN}),
        ]
        run = playbook.run(tasks, defaults=playbook.defaults)
        changed = [run.succeeded(task.name).returned["changed"] for task in tasks]
    assert changed == [True, False, True, False]
