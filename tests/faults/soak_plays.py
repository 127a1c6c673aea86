# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Random plays of the soak: tasks about one record, about many, and in loops, and the faults that they live through."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.integration.playbook import Task
from tests.integration.records import account, settings

from .fault import Fault, FaultKind

if TYPE_CHECKING:
    from random import Random

SECRET = "planted-secret-in-a-play"
_ACCOUNTS = 40
_DOMAINS = 12
_MOST_TASKS = 5
_MOST_FAULTS = 6


def random_tasks(random: Random) -> list[Task]:
    """The tasks of a play, up to five."""
    makers = (_one_account, _many_accounts, _looped_accounts, _one_domain, _many_domains, _info)
    chosen = random.choices(makers, k=random.randint(1, _MOST_TASKS))
    return [maker(random, f"Task {number}") for number, maker in enumerate(chosen)]


def random_faults(random: Random) -> list[Fault]:
    """Faults for a play, or none."""
    methods = (None, "GET", "POST", "PUT", "DELETE")
    return [
        Fault(random.choice(list(FaultKind)), random.randrange(20), random.choice(methods), times=random.randint(1, 3))
        for _fault in range(random.randint(0, _MOST_FAULTS))
    ]


def _account(random: Random) -> dict[str, Any]:
    number = random.randrange(_ACCOUNTS)
    state = random.choices(("present", "absent"), (4, 1))[0]
    names = {"name": f"Account {number}", "email": f"account-{number}@example.com"}
    return account(**names, password=SECRET, smtp_port=random.choice((25, 465, 587))) | {"state": state}


def _accounts(random: Random) -> list[dict[str, Any]]:
    several = [_account(random) for _account_ in range(random.randint(1, _ACCOUNTS))]
    return list({one["name"]: one for one in several}.values())


def _one_account(random: Random, name: str) -> Task:
    return Task(name, "email_account", _account(random), check=random.random() < 0.2)


def _many_accounts(random: Random, name: str) -> Task:
    prune = {"prune": True, "prune_limit": "100%"} if random.random() < 0.2 else {}
    return Task(name, "email_accounts_sync", {"accounts": _accounts(random), **prune}, check=random.random() < 0.2)


def _looped_accounts(random: Random, name: str) -> Task:
    fields = ("name", "email", "password", "smtp_port", "state", "default", "service", "has_auth")
    arguments = {field: f"{{{{ item.{field} }}}}" for field in fields}
    label = {"loop_control": {"label": "{{ item.name }}"}}
    return Task(name, "email_account", arguments, keywords={"loop": _accounts(random)[:10], **label, "no_log": True})


def _domain(random: Random) -> dict[str, Any]:
    record = settings(auth={"user": "pbx", "pass": SECRET}, port=random.choice((25, 465, 587)))
    state = random.choices(("present", "absent"), (4, 1))[0]
    return {"domain": f"domain-{random.randrange(_DOMAINS)}.example.com", "state": state, **record}


def _one_domain(random: Random, name: str) -> Task:
    return Task(name, "email_settings", _domain(random), check=random.random() < 0.2)


def _many_domains(random: Random, name: str) -> Task:
    several = [_domain(random) for _domain_ in range(random.randint(1, _DOMAINS))]
    records = list({one["domain"]: one for one in several}.values())
    return Task(name, "email_settings_sync", {"settings": records}, check=random.random() < 0.2)


def _info(random: Random, name: str) -> Task:
    return Task(name, random.choice(("email_account_info", "email_settings_info")))
