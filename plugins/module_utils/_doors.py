# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What each module takes and what it runs: the argument specs, beside the functions that do the work.

The specs say the same as the modules' DOCUMENTATION; C(ansible-test sanity) compares the two.
"""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from ansible.module_utils.basic import env_fallback

from ._engine.schema import Problem
from ._resources import email_account_tasks, email_accounts_sync, email_settings_sync, email_settings_tasks
from ._resources.base import Context, Params
from ._resources.email_account import CHOICES

Spec = dict[str, dict[str, t.Any]]


@dataclass(frozen=True)
class Door:
    """A module without its documentation: what it takes, what is wrong with what it was given, what it does.

    C(subject) names what the options are about, for errors. C(problems) gets options of the declared types, any of
    them C(None). C(run) gets options without problems. Where the module is about many records, C(records) is the option
    that lists them and C(document_key) what a document calls the list.
    """

    argument_spec: Spec
    subject: t.Callable[[Params], str]
    problems: t.Callable[[Params], list[Problem]]
    run: t.Callable[[Params, Context], dict[str, t.Any]]
    required_one_of: tuple[tuple[str, ...], ...] = ()
    records: str | None = None
    document_key: str = ""


def _from_environment(name: str, *, secret: bool = False) -> dict[str, t.Any]:
    return {"type": "str", "no_log": secret, "fallback": (env_fallback, [name])}


def _connection() -> Spec:
    return {
        "validate_certs": {"type": "bool", "default": True},
        "ca_path": {"type": "path"},
        "timeout": {"type": "float", "default": 30.0},
        "retries": {"type": "int", "default": 3},
        "deadline": {"type": "float", "default": 120.0},
    }


def _webitel(own: Spec) -> Spec:
    return {
        **own,
        "api_url": _from_environment("WEBITEL_API_URL"),
        "access_token": _from_environment("WEBITEL_ACCESS_TOKEN", secret=True),
        "key": _from_environment("WEBITEL_KEY", secret=True),
        "username": _from_environment("WEBITEL_USERNAME"),
        "password": _from_environment("WEBITEL_PASSWORD", secret=True),
        **_connection(),
    }


def _itflex(own: Spec) -> Spec:
    return {
        **own,
        "api_url": _from_environment("ITFLEX_API_URL"),
        "access_token": _from_environment("ITFLEX_ACCESS_TOKEN", secret=True),
        "refresh_token": _from_environment("ITFLEX_REFRESH_TOKEN", secret=True),
        **_connection(),
    }


_STATE: Spec = {
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "update_password": {"type": "str", "choices": ["always", "on_create"], "default": "always", "no_log": False},
}

# Nobody should search for a password, but who tries all the same shall not find it in the system's log.
_FILTERS = {"type": "dict", "no_log": True}

_TRANSPORT: Spec = {
    "host": {"type": "str"},
    "port": {"type": "int"},
    "secure": {"type": "bool"},
    "debug": {"type": "bool"},
    "tls": {
        "type": "dict",
        "options": {"reject_unauthorized": {"type": "bool", "aliases": ["rejectUnauthorized"]}},
    },
    "auth": {
        "type": "dict",
        "options": {
            "user": {"type": "str"},
            "pass": {"type": "str", "no_log": True, "aliases": ["password"]},
        },
    },
    # Some of the keys that may stand here are secrets, such as dkim.privateKey.
    "extra": {"type": "dict", "no_log": True},
}

_SETTINGS: Spec = {
    "domain": {"type": "str"},
    "provider": {"type": "str"},
    "description": {"type": "str"},
    "from": {"type": "str"},
    "options": {"type": "dict", "options": _TRANSPORT},
    "replace": {"type": "bool"},
}

_ACCOUNT: Spec = {
    "id": {"type": "int"},
    "name": {"type": "str"},
    "email": {"type": "str"},
    "default": {"type": "bool"},
    "service": {"type": "str", "choices": list(CHOICES["service"])},
    "has_auth": {"type": "bool", "aliases": ["hash_auth"]},
    "password": {"type": "str", "no_log": True},
    "smtp_server": {"type": "str"},
    "smtp_port": {"type": "int"},
    "smtp_crypt": {"type": "str", "choices": list(CHOICES["smtp_crypt"])},
    "smtp_auth_mechanism": {"type": "str", "choices": list(CHOICES["smtp_auth_mechanism"])},
}


def _without_defaults(spec: Spec) -> Spec:
    """The options of one record in a list: what counts where a record gives none is said by the list's defaults."""
    return {name: {key: value for key, value in option.items() if key != "default"} for name, option in spec.items()}


_PLAN: Spec = {
    "key": {"type": "str", "no_log": True},
    "reviewed": {
        "type": "list",
        "elements": "dict",
        "options": {
            "record": {"type": "str", "required": True},
            "action": {"type": "str", "required": True},
            "changed_fields": {"type": "list", "elements": "str"},
            "fingerprint": {"type": "str", "required": True},
        },
    },
}


def _fleet(name: str, record: Spec) -> Spec:
    """The options of a task about many records, which stand in the list option C(name)."""
    return {
        name: {"type": "list", "elements": "dict", "options": record},
        "defaults": {"type": "dict", "options": record},
        "src": {"type": "path"},
        "document": {"type": "path"},
        "plan": {"type": "dict", "options": _PLAN},
        "undescribed": {"type": "bool", "default": False},
        "prune": {"type": "bool", "default": False},
        "prune_keep": {"type": "list", "elements": "str", "default": []},
        "prune_limit": {"type": "str", "default": "25%"},
        "on_error": {"type": "str", "choices": ["continue", "stop"], "default": "continue"},
        "concurrency": {"type": "int", "default": 8},
        "rate_limit": {"type": "float"},
        "progress": {"type": "bool", "default": True},
    }


EMAIL_SETTINGS: t.Final = Door(
    _webitel(
        {
            **_SETTINGS,
            "domain": {"type": "str", "required": True},
            "provider": {"type": "str", "default": "smtp"},
            "replace": {"type": "bool", "default": False},
            **_STATE,
        }
    ),
    email_settings_tasks.subject,
    email_settings_tasks.problems,
    email_settings_tasks.ensure,
)

EMAIL_SETTINGS_SYNC: t.Final = Door(
    _webitel(_fleet("settings", {**_SETTINGS, **_without_defaults(_STATE)})),
    email_settings_sync.subject,
    email_settings_sync.problems,
    email_settings_sync.sync,
    records="settings",
    document_key="email_settings",
)

EMAIL_SETTINGS_INFO: t.Final = Door(
    _webitel(
        {
            "domains": {"type": "list", "elements": "str", "aliases": ["domain"]},
            "filters": _FILTERS,
        }
    ),
    email_settings_tasks.info_subject,
    email_settings_tasks.info_problems,
    email_settings_tasks.info,
)

EMAIL_SETTINGS_TEST: t.Final = Door(
    _webitel({"domain": {"type": "str", "required": True}, "to_email": {"type": "str", "required": True}}),
    email_settings_tasks.send_test_subject,
    email_settings_tasks.send_test_problems,
    email_settings_tasks.send_test,
)

EMAIL_ACCOUNT: t.Final = Door(
    _itflex({**_ACCOUNT, **_STATE}),
    email_account_tasks.subject,
    email_account_tasks.problems,
    email_account_tasks.ensure,
    required_one_of=(("id", "name", "email"),),
)

EMAIL_ACCOUNTS_SYNC: t.Final = Door(
    _itflex(
        {
            **_fleet("accounts", {**_ACCOUNT, **_without_defaults(_STATE)}),
            "deduplicate": {"type": "bool", "default": False},
        }
    ),
    email_accounts_sync.subject,
    email_accounts_sync.problems,
    email_accounts_sync.sync,
    records="accounts",
    document_key="email_accounts",
)

EMAIL_ACCOUNT_INFO: t.Final = Door(
    _itflex(
        {
            "id": {"type": "list", "elements": "int"},
            "name": {"type": "list", "elements": "str"},
            "email": {"type": "list", "elements": "str"},
            "filters": _FILTERS,
        }
    ),
    email_account_tasks.info_subject,
    email_account_tasks.info_problems,
    email_account_tasks.info,
)

EMAIL_ACCOUNT_TEST: t.Final = Door(
    _itflex({**_ACCOUNT, "to_email": {"type": "str", "required": True}}),
    email_account_tasks.send_test_subject,
    email_account_tasks.send_test_problems,
    email_account_tasks.send_test,
    required_one_of=(("id", "name", "email"),),
)
