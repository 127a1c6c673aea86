# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The records that are measured with, and the plays that bring them about: the collection's and its peers'."""

from __future__ import annotations

from typing import Any

Document = dict[str, Any]

ACCOUNT_FIELDS = (
    "name",
    "email",
    "default",
    "service",
    "has_auth",
    "password",
    "smtp_server",
    "smtp_port",
    "smtp_crypt",
    "smtp_auth_mechanism",
)
_URL = "{{ itflex_api_url }}/api/email/accounts"
_LOOP: Document = {"loop": "{{ accounts }}", "loop_control": {"label": "{{ item.name }}"}}


def account(name: str) -> Document:
    """Return an account as users describe one, with every field that the product's API has."""
    return {
        "name": name,
        "email": f"{name}@example.com",
        "default": False,
        "service": "other",
        "has_auth": True,
        "password": f"password of {name}",
        "smtp_server": "smtp.example.com",
        "smtp_port": 587,
        "smtp_crypt": "starttls",
        "smtp_auth_mechanism": "plain",
    }


def accounts(count: int) -> list[Document]:
    """Return so many accounts."""
    return [account(f"account-{number:05}") for number in range(count)]


def outdated(count: int) -> list[Document]:
    """Return so many accounts, of which the first one has a port that it is to have no longer."""
    first, *others = accounts(count)
    return [{**first, "smtp_port": 25}, *others]


def settings(count: int) -> list[Document]:
    """Return the settings of so many domains."""
    return [
        {
            "domain": f"d{number:05}.example.com",
            "provider": "smtp",
            "description": f"Mail of domain {number}",
            "from": f"pbx@d{number:05}.example.com",
            "options": {
                "host": "smtp.example.com",
                "port": 587,
                "secure": False,
                "auth": {"user": f"pbx@d{number:05}.example.com", "pass": f"password of domain {number}"},
            },
        }
        for number in range(count)
    ]


def play(*tasks: Document) -> list[Document]:
    """Return a playbook of one play. Addresses and tokens come from variables, as they do for users."""
    itflex = {"api_url": "{{ itflex_api_url }}", "access_token": "{{ itflex_access_token }}"}
    webitel = {name: f"{{{{ webitel_{name} }}}}" for name in ("api_url", "access_token", "key")}
    defaults = {"group/mailfleet.email.itflex": itflex, "group/mailfleet.email.webitel": webitel}
    head = {"name": "Measured", "hosts": "all", "gather_facts": False, "module_defaults": defaults}
    return [{**head, "tasks": [{"name": "Measured", **task} for task in tasks]}]


def _options(source: str) -> Document:
    """Return an option for each field of an account, taken from the variable ``source``."""
    return {name: f"{{{{ {source}.{name} }}}}" for name in ACCOUNT_FIELDS}


def _debug(source: str) -> Document:
    """Return a debug task with as many templates as the module's: each option, address and token."""
    connection = {"api_url": "{{ itflex_api_url }}", "access_token": "{{ itflex_access_token }}"}
    return {"ansible.builtin.debug": {"msg": {**_options(source), **connection}}}


NOOP = play({"ansible.builtin.meta": "noop"})
HOLD = play({"ansible.builtin.debug": {"msg": "{{ accounts | length }}"}})
MODULE_LOOP = play({"mailfleet.email.email_account": _options("item"), **_LOOP})
DEBUG_LOOP = play({**_debug("item"), **_LOOP})
# Each host has an account of its own in the variable `account`.
MODULE_ON_HOSTS = play({"mailfleet.email.email_account": _options("account")})
DEBUG_ON_HOSTS = play(_debug("account"))
SYNC_SRC = play({"mailfleet.email.email_accounts_sync": {"src": "accounts.json"}})


# As many templates as a task about many records had in the role gitops, of which a host has a value for a few.
DEBUG_WITH_TEMPLATES = play(
    {"ansible.builtin.debug": {"msg": {f"option_{number}": "{{ itflex_api_url }}" for number in range(33)}}}
)


def with_authority(playbook: list[Document]) -> list[Document]:
    """Return a playbook whose tasks trust the authority in a variable, beside those of the system."""
    authority = {"ca_path": "{{ itflex_ca_path }}"}
    group = "group/mailfleet.email.itflex"
    return [
        {**one, "module_defaults": {**one["module_defaults"], group: {**one["module_defaults"][group], **authority}}}
        for one in playbook
    ]


def sync_accounts(concurrency: int = 8) -> list[Document]:
    """Return a playbook with one task for all accounts."""
    options = {"accounts": "{{ accounts }}", "concurrency": concurrency}
    return play({"mailfleet.email.email_accounts_sync": options})


def sync_settings(concurrency: int) -> list[Document]:
    """Return a playbook with one task for the settings of all domains."""
    options = {"settings": "{{ settings }}", "concurrency": concurrency}
    return play({"mailfleet.email.email_settings_sync": options})


def _uri(method: str, url: str, **others: object) -> Document:
    headers = {"Authorization": "Bearer {{ itflex_access_token }}"}
    return {"ansible.builtin.uri": {"url": url, "method": method, "headers": headers, **others}}


_READ = {**_uri("GET", _URL, return_content=True), "register": "live"}
_BY_NAME = "{{ dict(live.json | map(attribute='name') | zip(live.json)) }}"
_WRITE = {"body_format": "json", "body": "{{ item }}"}
URI_PUT = play(
    _READ,
    {
        **_uri("PUT", _URL + "/{{ ids[item.name] }}", **_WRITE),
        "vars": {"ids": "{{ dict(live.json | map(attribute='name') | zip(live.json | map(attribute='id'))) }}"},
        **_LOOP,
    },
)
URI_POST = play({**_uri("POST", _URL, **_WRITE), **_LOOP})
# As users compare: the live account, cut to the fields that are described, beside the description.
URI_COMPARE = play(
    _READ,
    {"ansible.builtin.set_fact": {"by_name": _BY_NAME}},
    {
        **_uri("PUT", _URL + "/{{ by_name[item.name].id }}", **_WRITE),
        "when": "by_name[item.name] | dict2items | selectattr('key', 'in', item) | items2dict != item",
        **_LOOP,
    },
)
