# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The tasks that go through the grid: what is live before each, what it asks for, and what must be live after it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from ansible_collections.mailfleet.email.plugins.module_utils._products.itflex.info_spec import EMAIL_ACCOUNT_INFO
from ansible_collections.mailfleet.email.plugins.module_utils._products.itflex.send_test import EMAIL_ACCOUNT_TEST
from ansible_collections.mailfleet.email.plugins.module_utils._products.itflex.specs import EMAIL_ACCOUNT
from ansible_collections.mailfleet.email.plugins.module_utils._products.itflex.sync_spec import EMAIL_ACCOUNTS_SYNC
from ansible_collections.mailfleet.email.plugins.module_utils._products.webitel.specs import (
    EMAIL_SETTINGS,
    EMAIL_SETTINGS_INFO,
    EMAIL_SETTINGS_TEST,
)
from ansible_collections.mailfleet.email.plugins.module_utils._products.webitel.sync_spec import EMAIL_SETTINGS_SYNC
from ansible_collections.mailfleet.email.plugins.module_utils._products.webitel_cloud.specs import (
    EMAIL_PROFILE,
    EMAIL_PROFILE_INFO,
)
from ansible_collections.mailfleet.email.plugins.module_utils._products.webitel_cloud.sync_spec import (
    EMAIL_PROFILES_SYNC,
)
from ansible_collections.mailfleet.email.plugins.module_utils._resource.spec import ModuleSpec

if TYPE_CHECKING:
    from ansible_collections.mailfleet.email.plugins.module_utils._resource.spec import ModuleSpec

Document = dict[str, Any]

# Texts that are found nowhere by chance.
OLD_PASSWORD = "planted-old-4f1d9a07"
NEW_PASSWORD = "planted-new-b26c3e58"
FOREIGN_PASSWORD = "planted-foreign-907ad1c4"
PASSWORDS = (OLD_PASSWORD, NEW_PASSWORD, FOREIGN_PASSWORD)

_LONG_AGO = "2026-01-02T03:04:05.678901-03:00"
_PRUNE = {"prune": True, "prune_keep": ["keep*"], "prune_limit": "100%", "progress": False}


@dataclass(frozen=True)
class Task:
    """A task against a sandbox that holds ``live`` records.

    ``expected`` are the records when it is done, without the fields that the server sets with a write. A task that
    reads, or ``sends`` a message, expects what was live. Where it sends, the records lack the port of the mail server,
    which every sandbox chooses for itself. A ``slow`` task takes so long that it reads again before it writes.
    """

    name: str
    product: str
    spec: ModuleSpec
    options: Document
    live: list[Document]
    expected: list[Document]
    traps: Document = field(default_factory=dict)
    sends: bool = False
    slow: bool = False

    @property
    def hides_passwords(self) -> bool:
        """Whether the server shows no passwords, so that every run writes the one that is described."""
        if self.product == "webitel_cloud":
            return "password" in str(self.options)
        return f"{self.product}_passwords" in self.traps


def _account(number: int, name: str, **changes: Any) -> Document:
    """An account as the sandbox stores it; number 0 for one that it has yet to number."""
    account = {
        "id": number,
        "default": False,
        "name": name,
        "email": f"{name.lower().replace(' ', '.')}@example.com",
        "service": "other",
        "has_auth": True,
        "password": OLD_PASSWORD,
        "smtp_server": "smtp.example.com",
        "smtp_port": 465,
        "smtp_crypt": "ssl-tls",
        "smtp_auth_mechanism": "plain",
        "created_at": _LONG_AGO,
        "updated_at": _LONG_AGO,
        **changes,
    }
    return (
        account if number else {key: account[key] for key in account if key not in ("id", "created_at", "updated_at")}
    )


def _written(record: Document, **changes: Any) -> Document:
    """A record after a write: the time of the update is the server's."""
    return {key: value for key, value in {**record, **changes}.items() if key != "updated_at"}


def _options(record: Document) -> Document:
    """A whole account as a task describes it."""
    return {key: value for key, value in record.items() if key not in ("id", "created_at", "updated_at")}


_KEEP = _account(1, "Keep this", password=FOREIGN_PASSWORD)
_ACCOUNT = _account(2, "Certificates")
_NEW_ACCOUNT = _account(0, "Alerts", password=NEW_PASSWORD)
_NEW_ACCOUNTS = [_account(0, f"New {number}", password=NEW_PASSWORD) for number in (1, 2, 3)]
_UPDATED = [_account(number, f"Changed {number}", default=number == 2) for number in (2, 3, 4)]
_LEFT, _RIGHT = _account(5, "Left"), _account(6, "Right")
_OLD_ACCOUNTS = [_account(number, f"Old {number}") for number in (7, 8, 9)]
_CHANGES: list[Document] = [
    {"default": False, "smtp_port": 587, "smtp_crypt": "starttls"},
    {"password": NEW_PASSWORD},
    {"default": True, "smtp_server": "relay.example.com"},
]

ITFLEX_TASKS = [
    Task(
        "account_created",
        "itflex",
        EMAIL_ACCOUNT,
        _options(_NEW_ACCOUNT),
        [_KEEP],
        [_KEEP, _NEW_ACCOUNT],
        # A second POST of the same account makes a second account here, and there it is refused.
        traps={"itflex_unique_name": "off"},
    ),
    Task(
        "account_created_of_unique_name",
        "itflex",
        EMAIL_ACCOUNT,
        _options(_NEW_ACCOUNT),
        [_KEEP],
        [_KEEP, _NEW_ACCOUNT],
    ),
    Task(
        "account_updated",
        "itflex",
        EMAIL_ACCOUNT,
        {"name": "Certificates", "password": NEW_PASSWORD, "smtp_port": 587, "smtp_crypt": "starttls"},
        [_KEEP, _ACCOUNT],
        [_KEEP, _written(_ACCOUNT, password=NEW_PASSWORD, smtp_port=587, smtp_crypt="starttls")],
    ),
    Task(
        "account_deleted",
        "itflex",
        EMAIL_ACCOUNT,
        {"name": "Certificates", "state": "absent"},
        [_KEEP, _ACCOUNT],
        [_KEEP],
    ),
    Task(
        "accounts_sync",
        "itflex",
        EMAIL_ACCOUNTS_SYNC,
        {
            "accounts": [
                *(_options(account) for account in _NEW_ACCOUNTS),
                *({"name": account["name"], **changes} for account, changes in zip(_UPDATED, _CHANGES, strict=True)),
                {"id": _LEFT["id"], "name": "Right"},
                {"id": _RIGHT["id"], "name": "Left"},
                {"name": "Old 7", "state": "absent"},
            ],
            **_PRUNE,
        },
        [_KEEP, *_UPDATED, _LEFT, _RIGHT, *_OLD_ACCOUNTS],
        [
            _KEEP,
            *_NEW_ACCOUNTS,
            *(_written(account, **changes) for account, changes in zip(_UPDATED, _CHANGES, strict=True)),
            _written(_LEFT, name="Right"),
            _written(_RIGHT, name="Left"),
        ],
        traps={"itflex_unique_name": "off"},
    ),
    Task("account_info", "itflex", EMAIL_ACCOUNT_INFO, {}, [_KEEP, _ACCOUNT], [_KEEP, _ACCOUNT]),
    Task(
        "account_test",
        "itflex",
        EMAIL_ACCOUNT_TEST,
        {"name": "Certificates", "to_email": "someone@example.com"},
        [_KEEP, _ACCOUNT],
        [_KEEP, _ACCOUNT],
        sends=True,
    ),
]


def _settings(number: int, domain: str, **changes: Any) -> Document:
    """A domain's settings as the sandbox stores them; number 0 for such that it has yet to give an id."""
    user = f"pbx@{domain}"
    options = {
        "host": "smtp.example.com",
        "port": 465,
        "secure": True,
        "auth": {"user": user, "pass": OLD_PASSWORD},
        **changes,
    }
    settings: Document = {"provider": "smtp", "from": user, "options": options, "domain": domain}
    # What no task describes stays: a text, a transport option, the server's number.
    return (
        {
            **settings,
            "description": "Not managed",
            "options": {**options, "connectionTimeout": 9000},
            "_id": f"{number:024x}",
        }
        if number
        else settings
    )


def _changed(settings: Document, **changes: Any) -> Document:
    """Settings whose transport options were changed by a write."""
    return {**settings, "options": {**settings["options"], **changes}}


_KEEP_DOMAIN = _settings(1, "keep.example", auth={"user": "pbx@keep.example", "pass": FOREIGN_PASSWORD})
_DOMAIN = _settings(2, "my.example")
_NEW_AUTH = {"user": "pbx@new.example", "pass": NEW_PASSWORD}
_NEW_DOMAIN = _settings(0, "new.example", auth=_NEW_AUTH)
_NEW_DOMAINS = [_settings(0, f"new{number}.example", auth=_NEW_AUTH) for number in (1, 2, 3)]
_UPDATED_DOMAINS = [_settings(number, f"changed{number}.example") for number in (2, 3, 4)]
_OLD_DOMAINS = [_settings(number, f"old{number}.example") for number in (5, 6, 7)]
_TRANSPORT: list[Document] = [
    {"port": 587, "secure": False},
    {"auth": _NEW_AUTH},
    {"host": "relay.example.com"},
]

WEBITEL_TASKS = [
    Task("settings_created", "webitel", EMAIL_SETTINGS, _NEW_DOMAIN, [_KEEP_DOMAIN], [_KEEP_DOMAIN, _NEW_DOMAIN]),
    Task(
        "settings_updated",
        "webitel",
        EMAIL_SETTINGS,
        {"domain": "my.example", "options": {"port": 587, "secure": False, "auth": _NEW_AUTH}},
        [_KEEP_DOMAIN, _DOMAIN],
        [_KEEP_DOMAIN, _changed(_DOMAIN, port=587, secure=False, auth=_NEW_AUTH)],
    ),
    Task(
        "settings_deleted",
        "webitel",
        EMAIL_SETTINGS,
        {"domain": "my.example", "state": "absent"},
        [_KEEP_DOMAIN, _DOMAIN],
        [_KEEP_DOMAIN],
    ),
    Task(
        "settings_sync",
        "webitel",
        EMAIL_SETTINGS_SYNC,
        {
            "settings": [
                *_NEW_DOMAINS,
                *(
                    {"domain": settings["domain"], "options": changes}
                    for settings, changes in zip(_UPDATED_DOMAINS, _TRANSPORT, strict=True)
                ),
                {"domain": "old5.example", "state": "absent"},
            ],
            **_PRUNE,
        },
        [_KEEP_DOMAIN, *_UPDATED_DOMAINS, *_OLD_DOMAINS],
        [
            _KEEP_DOMAIN,
            *_NEW_DOMAINS,
            *(_changed(settings, **changes) for settings, changes in zip(_UPDATED_DOMAINS, _TRANSPORT, strict=True)),
        ],
    ),
    Task("settings_info", "webitel", EMAIL_SETTINGS_INFO, {}, [_KEEP_DOMAIN, _DOMAIN], [_KEEP_DOMAIN, _DOMAIN]),
    Task(
        "settings_test",
        "webitel",
        EMAIL_SETTINGS_TEST,
        {"domain": "my.example", "to_email": "someone@example.com"},
        [_KEEP_DOMAIN, _DOMAIN],
        [_KEEP_DOMAIN, _DOMAIN],
        sends=True,
    ),
]


def _profile(number: int, name: str, **changes: Any) -> Document:
    """A profile by the columns that the server stores; number 0 for one that it has yet to number."""
    profile: Document = {
        "name": name,
        "description": "",
        "enabled": 0,
        "flow_id": 1,
        # None is like another one, which would be worth a hint.
        "imap_host": f"imap{number or ''}.example.com",
        "imap_port": 993,
        "smtp_host": "smtp.example.com",
        "smtp_port": 587,
        "login": f"desk{number or ''}@example.com",
        "mailbox": "INBOX",
        "fetch_interval": 60,
        "password": OLD_PASSWORD,
        "auth_type": "plain",
        "listen": 0,
        "params": None,
        **changes,
    }
    return {"id": number, **profile} if number else profile


_CLIENT = {"client_id": "a", "client_secret": FOREIGN_PASSWORD, "redirect_url": "https://webitel.example.com/login"}
_NEW_CLIENT = {**_CLIENT, "client_secret": NEW_PASSWORD}
_KEEP_PROFILE = _profile(1, "Keep this", password=FOREIGN_PASSWORD, params={"oauth2": _CLIENT})
_PROFILE = _profile(2, "Desk", enabled=1, params={"oauth2": _CLIENT})
_NEW_PROFILE = _profile(0, "Sales", password=NEW_PASSWORD, params={})
_DESCRIBED_PROFILE = {
    "name": "Sales",
    "schema": {"name": "Tickets"},
    "smtp_host": "smtp.example.com",
    "imap_host": "imap.example.com",
    "login": "desk@example.com",
    "password": NEW_PASSWORD,
}
_UPDATED_PROFILES = [_profile(number, f"Changed {number}", params={"oauth2": _CLIENT}) for number in (2, 3)]
_OLD_PROFILES = [_profile(number, f"Old {number}") for number in (4, 5)]
_MADE_PROFILES = [{**_NEW_PROFILE, "name": f"New {number}"} for number in (1, 2, 3)]

WEBITEL_CLOUD_TASKS = [
    Task(
        "profile_created",
        "webitel_cloud",
        EMAIL_PROFILE,
        _DESCRIBED_PROFILE,
        [_KEEP_PROFILE],
        [_KEEP_PROFILE, _NEW_PROFILE],
    ),
    Task(
        "profile_updated",
        "webitel_cloud",
        EMAIL_PROFILE,
        {"name": "Desk", "smtp_port": 465, "password": NEW_PASSWORD},
        [_KEEP_PROFILE, _PROFILE],
        [_KEEP_PROFILE, {**_PROFILE, "smtp_port": 465, "password": NEW_PASSWORD}],
    ),
    Task(
        "profile_replaced",
        "webitel_cloud",
        EMAIL_PROFILE,
        {"name": "Desk", "smtp_port": 465, "params": {"oauth2": {"client_secret": NEW_PASSWORD}}},
        [_KEEP_PROFILE, _PROFILE],
        [_KEEP_PROFILE, {**_PROFILE, "smtp_port": 465, "params": {"oauth2": _NEW_CLIENT}}],
    ),
    Task(
        "profile_deleted",
        "webitel_cloud",
        EMAIL_PROFILE,
        {"name": "Desk", "state": "absent", "erase_stored_mail": True},
        [_KEEP_PROFILE, _PROFILE],
        [_KEEP_PROFILE],
    ),
    Task(
        "profiles_sync",
        "webitel_cloud",
        EMAIL_PROFILES_SYNC,
        {
            "profiles": [
                *({**_DESCRIBED_PROFILE, "name": profile["name"]} for profile in _MADE_PROFILES),
                {"name": "Changed 2", "description": "Another text"},
                {"name": "Changed 3", "params": {"oauth2": {"client_secret": NEW_PASSWORD}}},
                {"name": "Old 4", "state": "absent", "erase_stored_mail": True},
            ],
            "erase_stored_mail": True,
            **_PRUNE,
            "prune_keep": ["Keep*"],
        },
        [_KEEP_PROFILE, *_UPDATED_PROFILES, *_OLD_PROFILES],
        [
            _KEEP_PROFILE,
            {**_UPDATED_PROFILES[0], "description": "Another text"},
            {**_UPDATED_PROFILES[1], "params": {"oauth2": _NEW_CLIENT}},
            *_MADE_PROFILES,
        ],
    ),
    Task(
        "profile_info",
        "webitel_cloud",
        EMAIL_PROFILE_INFO,
        {},
        [_KEEP_PROFILE, _PROFILE],
        [_KEEP_PROFILE, _PROFILE],
    ),
]


def _one_after_the_other(task: Task) -> Task:
    """A task about many records that does one at a time, so that it is known which of them meets a fault."""
    return replace(task, name=f"{task.name}_in_order", options={**task.options, "concurrency": 1})


def _of_hidden_passwords(task: Task) -> Task:
    """The same task on a server that shows no passwords."""
    display = {"itflex": "mask", "webitel": "omit"}[task.product]
    return replace(task, name=f"{task.name}_hidden", traps={**task.traps, f"{task.product}_passwords": display})


_BASIC = [*WEBITEL_TASKS, *ITFLEX_TASKS, *WEBITEL_CLOUD_TASKS]
# Of the others, a server shows no password anyway.
_HIDING = [*WEBITEL_TASKS, *ITFLEX_TASKS]
_VARIANTS = [
    *(_one_after_the_other(task) for task in _BASIC if task.name.endswith("_sync")),
    *(_of_hidden_passwords(task) for task in _HIDING if task.name.endswith(("_created", "_updated"))),
    *(
        replace(task, name=f"{task.name}_slowly", slow=True)
        for task in _BASIC
        if task.name.endswith(("_created", "_updated", "_replaced", "_deleted"))
    ),
]
TASKS = {task.name: task for task in (*_BASIC, *_VARIANTS)}
