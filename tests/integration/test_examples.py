# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The EXAMPLES of every module run as they stand, with the sandbox's addresses, ports and credentials in place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import yaml

from tests.integration.checking import codes, mailbox_beside, sandbox_defaults
from tests.integration.documented import examples
from tests.integration.playbook import COLLECTION, Task
from tests.integration.records import account, settings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.integration.playbook import Document, Playbook

DOMAIN = "my.example.com"


def _action(returned: Document) -> object:
    return returned["action"]


def _sent(returned: Document) -> object:
    return returned["sent"]


def _names(returned: Document) -> object:
    return [entry["name"] for entry in returned["email_accounts"]]


def _profiles(returned: Document) -> object:
    return [entry["name"] for entry in returned["email_profiles"]]


def _domains(returned: Document) -> object:
    return [entry["domain"] for entry in returned["email_settings"]]


def _actions(returned: Document) -> object:
    return [item["action"] for item in returned["results"]]


# For each module what to look at, and what is to be seen there after each of its examples.
EXPECTED: dict[str, tuple[Callable[[Document], object], list[object]]] = {
    "email_account": (_action, ["created", "updated", "deleted"]),
    "email_account_check": (codes, [[], []]),
    "email_account_info": (_names, [["Certificates", "Alarms"], ["Alarms"]]),
    "email_account_test": (_sent, [True, True]),
    "email_accounts_sync": (_actions, [["created", "created", "none"], ["none", "deleted"]]),
    "email_profile": (_action, ["created", "updated", "deleted"]),
    "email_profile_check": (codes, [[], []]),
    "email_profile_info": (_profiles, [["Sales", "Support"], ["Sales"]]),
    "email_profiles_sync": (_actions, [["created", "created"]]),
    "email_settings": (_action, ["created", "updated", "deleted"]),
    "email_settings_check": (codes, [[], []]),
    "email_settings_info": (_domains, [[DOMAIN], ["old.example.com"]]),
    "email_settings_sync": (_actions, [["created", "created"], ["none", "deleted"]]),
    "email_settings_test": (_sent, [True]),
}
# The files that examples name, each with one of the records that the example before it creates.
FILES = {
    "accounts.yml": [{"name": "Certificates", "email": "certs@example.com"}],
    "settings.yml": [{"domain": "one.example.com", "from": "pbx@one.example.com"}],
}


def _fill_sandbox(playbook: Playbook, module: str) -> None:
    """Store what a module's examples take for granted."""
    smtp = playbook.sandbox.ready["smtp"]
    if module.endswith(("_info", "_test")):
        server = {"host": smtp["host"], "port": smtp["ssl_tls"]}
        login = {"user": smtp["username"], "pass": smtp["password"]}
        playbook.sandbox.put_settings(DOMAIN, settings(**server, auth=login))
        playbook.sandbox.put_settings("old.example.com", settings(host="old-smtp.example.com"))
        live = {"email": smtp["username"], "smtp_server": smtp["host"], "smtp_port": smtp["ssl_tls"]}
        playbook.sandbox.add_accounts([account(**live), account(name="Alarms", smtp_crypt="none")])
    flow = playbook.sandbox.webitel_cloud.add_schema("Tickets")
    if module == "email_profile_info":
        fetching = {"name": "Sales", "flow_id": flow, "enabled": True, "listen": True}
        playbook.sandbox.webitel_cloud.add_profiles([{"name": "Support", "flow_id": flow}, fetching])
    if module.endswith("_check"):
        playbook.sandbox.add_mail_user("certs@example.com", smtp["password"])
        playbook.sandbox.add_mail_user("pbx@my.example.com", "any-pbx")
        playbook.sandbox.add_mail_user("support@example.com", "any-support")
    if module == "email_accounts_sync":
        playbook.sandbox.add_accounts([account(name=f"System {number}") for number in range(3)])


def _in_sandbox(value: Any, substitutes: dict[Any, Any]) -> Any:
    """The arguments of an example with every address and port of it replaced by the sandbox's."""
    if isinstance(value, dict):
        return {name: _in_sandbox(entry, substitutes) for name, entry in value.items()}
    if isinstance(value, list):
        return [_in_sandbox(entry, substitutes) for entry in value]
    return substitutes.get(value, value)


@pytest.mark.parametrize("module", EXPECTED)
def test_examples(playbook: Playbook, tmp_path: Path, module: str) -> None:
    for name, records in FILES.items():
        (tmp_path / name).write_text(yaml.safe_dump(records))
    ready = playbook.sandbox.ready
    substitutes: dict[Any, Any] = {
        "https://appliance.example.com": ready["itflex"]["api_url"],
        "https://pbx.example.com/engine": ready["webitel"]["api_url"],
        "https://webitel.example.com/api": ready["webitel_cloud"]["api_url"],
        "smtp.example.com": ready["smtp"]["host"],
        465: ready["smtp"]["ssl_tls"],
        587: ready["smtp"]["starttls"],
        **{name: str(tmp_path / name) for name in FILES},
    }
    variables = {
        "itflex_refresh_token": ready["itflex"]["refresh_token"],
        "webitel_access_token": ready["webitel"]["access_token"],
        "webitel_key": ready["webitel"]["key"],
        "webitel_cloud_access_token": ready["webitel_cloud"]["access_token"],
        **{f"{name}_mail_password": f"any-{name}" for name in ("support", "sales")},
        "certs_smtp_password": ready["smtp"]["password"],
        **{f"{name}_smtp_password": f"any-{name}" for name in ("pbx", "reports", "one", "two")},
    }
    look, expected = EXPECTED[module]
    _fill_sandbox(playbook, module)
    with sandbox_defaults(playbook.sandbox) as check_defaults, mailbox_beside(check_defaults, tmp_path) as mailbox:
        substitutes |= {"imap.example.com": "localhost", 993: mailbox.port}
        tasks = [
            Task(
                example.pop("name"),
                module,
                _in_sandbox(example.pop(f"{COLLECTION}.{module}"), substitutes),
                keywords=example,
            )
            for example in examples(module)
        ]
        # Examples leave to the environment what only root's token needs.
        key = {"WEBITEL_KEY": ready["webitel"]["key"]}
        run = playbook.run(tasks, defaults=check_defaults, variables=variables, environment=key)
    assert [look(run.succeeded(task.name).returned) for task in tasks] == expected
