# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The guides of docs/ are followed word for word: files written, commands run, what they print compared."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.integration.guide import Guide
from tests.integration.records import account, settings
from tests.markdown import DOCS
from tools.record_demo import FILE, demo_output, picture, shown_part, texts

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.sandbox.client import Sandbox

    Open = Callable[[str], Guide]

CERTIFICATES, DOMAIN = "Certificates", "my.example.com"


@pytest.fixture
def guide(sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Open:
    """Opens a guide by its name."""
    # Ansible keeps a socket below the home directory, and the paths of sockets are short.
    return lambda name: Guide(DOCS / f"{name}.md", tmp_path_factory.mktemp("guide"), sandbox)


def names(sandbox: Sandbox) -> list[str]:
    """The names of all accounts in the sandbox."""
    return sorted(stored["name"] for stored in sandbox.accounts())


def writes(sandbox: Sandbox) -> list[str]:
    """The methods of the requests that may change a record."""
    harmless = ("/login", "/logout", "/oauth2/token")
    return [
        request["method"]
        for request in sandbox.requests()
        if request["method"] != "GET" and not request["path"].partition("?")[0].endswith(harmless)
    ]


def test_first_steps(guide: Open, sandbox: Sandbox) -> None:
    guide("first_steps").follow()
    [stored] = sandbox.accounts()
    assert (stored["name"], stored["smtp_auth_mechanism"]) == (CERTIFICATES, "login")
    assert list(sandbox.settings()) == [DOMAIN]
    assert len(sandbox.messages()) == 2


def test_accounts(guide: Open, sandbox: Sandbox) -> None:
    guide("accounts").follow()
    assert sandbox.accounts() == []
    assert writes(sandbox) == ["POST", "PUT", "PUT", "DELETE"]


def test_profiles(guide: Open, sandbox: Sandbox) -> None:
    sandbox.webitel_cloud.add_schema("Tickets")
    guide("profiles").follow()
    assert [profile["name"] for profile in sandbox.webitel_cloud.profiles()] == ["Support"]


def test_settings(guide: Open, sandbox: Sandbox) -> None:
    guide("settings").follow()
    assert sandbox.settings() == {}
    assert writes(sandbox) == ["POST", "PUT", "PUT", "DELETE"]


def test_fleets(guide: Open, sandbox: Sandbox) -> None:
    sandbox.add_accounts([account(name="System mail")])
    guide("fleets").follow()
    assert names(sandbox) == [CERTIFICATES, "Invoices", "System mail"]
    assert sorted(sandbox.settings()) == ["one.example.com", "two.example.com"]


def test_secrets(guide: Open, sandbox: Sandbox) -> None:
    guide("secrets").follow()
    assert names(sandbox) == [CERTIFICATES, "Invoices"]


def test_test_sends(guide: Open, sandbox: Sandbox) -> None:
    smtp = sandbox.ready["smtp"]
    sandbox.put_settings(
        DOMAIN,
        settings(host=smtp["host"], port=smtp["ssl_tls"], auth={"user": smtp["username"], "pass": smtp["password"]}),
    )
    sandbox.add_accounts(
        [
            account(
                email=smtp["username"], smtp_server=smtp["host"], smtp_port=smtp["ssl_tls"], password=smtp["password"]
            )
        ]
    )
    guide("test_sends").follow()
    assert len(sandbox.messages()) >= 5


def test_sandbox(guide: Open, sandbox: Sandbox) -> None:
    guide("sandbox").follow()
    assert sandbox.traps()["itflex_passwords"] == "omit"


def test_recipes(guide: Open, sandbox: Sandbox) -> None:
    smtp = sandbox.ready["smtp"]
    live = {"smtp_server": smtp["host"], "smtp_port": smtp["ssl_tls"], "email": smtp["username"]}
    sandbox.add_accounts([account(**live), account(**live, name="Invoices")])
    login = {"user": smtp["username"], "pass": smtp["password"]}
    sandbox.put_settings(DOMAIN, settings(host=smtp["host"], port=smtp["ssl_tls"], auth=login))
    sandbox.traps(itflex_passwords="omit")
    guide("recipes").follow()
    assert sandbox.accounts() == []
    moved = sandbox.settings()[DOMAIN]["options"]
    assert (moved["port"], moved["secure"], moved["requireTLS"]) == (smtp["starttls"], False, True)
    assert len(sandbox.messages()) == 1


def test_migrating(guide: Open, sandbox: Sandbox) -> None:
    opened = guide("migrating")
    opened.follow()
    # Of the old playbooks and of the new ones in check mode only the old ones write.
    assert writes(sandbox) == ["POST", "POST"]
    opened.run("ansible-playbook account_before.yml settings_before.yml")
    assert writes(sandbox) == ["POST", "POST", "PUT", "POST"]
    opened.run("! ansible-playbook account_before.yml --check")
    sandbox.clear_requests()
    opened.run("ansible-playbook account_after.yml settings_after.yml")
    assert writes(sandbox) == []
    sandbox.reset()
    opened.run("ansible-playbook account_after.yml settings_after.yml")
    assert (names(sandbox), list(sandbox.settings())) == ([CERTIFICATES], [DOMAIN])


def test_the_picture_of_the_demo_shows_what_the_demo_prints() -> None:
    drawn = picture(shown_part(demo_output()))
    assert texts(FILE.read_text(encoding="utf-8")) == texts(drawn), "draw it again with make picture"
