# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A secret is wrapped from the moment that the options are validated until the wire is written.

Each function of the collection that is called in between is looked at: what it is handed, what it holds, what it gives
back. Whoever sees a secret as a text stands in the list below, with the reason.
"""

from __future__ import annotations

import importlib
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any
from unittest.mock import ANY

import pytest

from ansible_collections.mailfleet.email.plugins.module_utils._delivery.spec import EMAIL_DELIVERY_INFO
from ansible_collections.mailfleet.email.plugins.module_utils._products.itflex.check_spec import EMAIL_ACCOUNT_CHECK
from ansible_collections.mailfleet.email.plugins.module_utils._products.itflex.info_spec import EMAIL_ACCOUNT_INFO
from ansible_collections.mailfleet.email.plugins.module_utils._products.itflex.send_test import EMAIL_ACCOUNT_TEST
from ansible_collections.mailfleet.email.plugins.module_utils._products.itflex.specs import EMAIL_ACCOUNT
from ansible_collections.mailfleet.email.plugins.module_utils._products.itflex.sync_spec import EMAIL_ACCOUNTS_SYNC
from ansible_collections.mailfleet.email.plugins.module_utils._products.webitel.check_spec import EMAIL_SETTINGS_CHECK
from ansible_collections.mailfleet.email.plugins.module_utils._products.webitel.specs import (
    EMAIL_SETTINGS,
    EMAIL_SETTINGS_INFO,
    EMAIL_SETTINGS_TEST,
)
from ansible_collections.mailfleet.email.plugins.module_utils._products.webitel.sync_spec import EMAIL_SETTINGS_SYNC
from ansible_collections.mailfleet.email.plugins.module_utils._products.webitel_cloud.check_spec import (
    EMAIL_PROFILE_CHECK,
)
from ansible_collections.mailfleet.email.plugins.module_utils._products.webitel_cloud.specs import (
    EMAIL_PROFILE,
    EMAIL_PROFILE_INFO,
)
from ansible_collections.mailfleet.email.plugins.module_utils._products.webitel_cloud.sync_spec import (
    EMAIL_PROFILES_SYNC,
)
from ansible_collections.mailfleet.email.plugins.module_utils._resource.known_secrets import wrapped
from ansible_collections.mailfleet.email.plugins.module_utils._resource.spec import (
    ArgumentSpec,
    ModuleSpec,
)
from ansible_collections.mailfleet.email.plugins.plugin_utils._host_sync import HostSync
from tests.unit import collection
from tests.unit.plugins.action import running as action
from tests.unit.plugins.module_utils._products.itflex.accounts import live
from tests.unit.plugins.module_utils._products.webitel.records import DOMAIN, GET, PUT, RECORD, stored
from tests.unit.plugins.module_utils._products.webitel_cloud.calls import LIST as PROFILES
from tests.unit.plugins.module_utils._resource.made_up import ENSURE, INFO, SERVERS, SYNC, Server
from tests.unit.plugins.module_utils.conversation import Conversation
from tests.unit.plugins.module_utils.running import Runner, all_options

PLANTED = "planted-passw0rd"
_COLLECTION = "/mailfleet/email/plugins/"
_SEES_TEXTS = {
    # Wraps, unwraps and shows: nobody else does.
    "_engine/secret.py",
    # Options as Ansible has them, until they are validated.
    "_validation.py",
    "plugin_utils/_plain_data.py",
    # Validation, or the search for a repetition: looked into, and nothing of it is handed on.
    "_engine/harmless.py",
    "_engine/placeholder.py",
    "_engine/schema.py",
    "_engine/secret_input.py",
    "_resource/known_secrets.py",
    "_resource/mail_server.py",
    "_delivery/input.py",
    "_products/webitel/storable.py",
    "_repeats.py",
    "_readings.py",
    "_text.py",
    # The wire: HTTP and its clients, IMAP, SMTP.
    "_http/",
    "_products/webitel/client.py",
    "_products/itflex/client.py",
    "_products/webitel_cloud/client.py",
    "_products/itflex/wire.py",
    "_products/webitel_cloud/wire.py",
    "_mail/password.py",
    "_mail/imap_session.py",
    "_mail/smtp_link.py",
}
# Functions that do, in files whose others do not.
_SEE_TEXTS = {
    # Begins with plain options, and wraps them; the outcome is looked through for texts.
    ("_outcome.py", "outcome_of"),
    ("_outcome.py", "warn"),
    ("_products/webitel/settings.py", "secrets_of"),
    # Compares a secret with the forms in which a server may store it.
    ("_engine/rewritten.py", "_as_rewritten"),
    ("_engine/rewritten.py", "_plain"),
    # Options as Ansible has them, until they are right.
    ("plugin_utils/_controller_action.py", "run"),
    ("plugin_utils/_controller_action.py", "_given"),
    # Before Python 3.12 it is a frame of its own.
    ("plugin_utils/_controller_action.py", "<dictcomp>"),
    ("plugin_utils/_controller_action.py", "ready"),
    ("plugin_utils/_controller_action.py", "problems"),
    ("action/plan_file.py", "problems"),
    ("plugin_utils/_controller_action.py", "problems_at"),
    ("action/test_send_summary.py", "problems"),
    ("action/test_send_summary.py", "ready"),
    # Says what is wrong with the key of a plan.
    ("plugin_utils/_plan_file.py", "check_key"),
    # Makes digests of secrets.
    ("_engine/digests.py", "canonical"),
    ("_engine/planned_outcome.py", "_secret"),
    ("_engine/verify_plan.py", "_secrets_of"),
    # The wire where it has no file of its own: what a server's answer holds, and what is sent.
    ("_resource/base.py", "checked"),
    ("_products/webitel_cloud/store.py", "send"),
    ("_products/webitel/store.py", "write"),
    ("_products/webitel/store.py", "_owned"),
    ("_products/webitel/store.py", "_readable"),
}

ITFLEX = {"access_token": PLANTED, "refresh_token": PLANTED}
CLOUD = {"access_token": PLANTED}
KEYED = {"access_token": PLANTED, "key": PLANTED}
WEBITEL = {"username": "u", "password": PLANTED, "login_code": PLANTED}
EXTRA = {"dkim": {"privateKey": PLANTED}, "auth": {"accessToken": PLANTED, "xoauth2": {"clientSecret": PLANTED}}}
SETTINGS = {"host": "127.0.0.1", "port": 9, "secure": True, "auth": {"user": "u", "pass": PLANTED}, "extra": EXTRA}
PROFILE_SECRETS = {"password": PLANTED, "params": {"oauth2": {"client_secret": PLANTED}}}
PROFILE = {"name": "p", "login": "u", **PROFILE_SECRETS}
ACCOUNT = {"name": "n", "email": "a@b.example", "password": PLANTED}
MAILBOX = {"host": "127.0.0.1", "port": 9, "username": "u", "password": PLANTED, "timeout": 1.0, "wait": 0.0}
PLAN = {"plan": {"key": PLANTED}}
FILTERS = {"filters": {"password": PLANTED}}

# Each module, with its secret options.
MODULES: list[tuple[ModuleSpec, dict[str, Any]]] = [
    (EMAIL_ACCOUNT, {**ITFLEX, **ACCOUNT}),
    (EMAIL_ACCOUNT_INFO, ITFLEX),
    (EMAIL_ACCOUNT_INFO, {**ITFLEX, **FILTERS}),
    (EMAIL_ACCOUNT_TEST, {**ITFLEX, **ACCOUNT, "to_email": "a@b.example"}),
    (EMAIL_ACCOUNTS_SYNC, {**ITFLEX, **PLAN, "accounts": [ACCOUNT], "defaults": {"password": PLANTED}}),
    (EMAIL_ACCOUNT_CHECK, {**ACCOUNT, "smtp_server": "127.0.0.1", "smtp_port": 9, "log_in": True}),
    (EMAIL_SETTINGS, {**WEBITEL, "domain": DOMAIN, "options": SETTINGS}),
    (EMAIL_SETTINGS_INFO, WEBITEL),
    (EMAIL_SETTINGS_INFO, {**WEBITEL, "filters": {"options.auth.pass": PLANTED}}),
    (EMAIL_SETTINGS_TEST, {**WEBITEL, "domain": DOMAIN, "to_email": "a@b.example"}),
    (EMAIL_SETTINGS_SYNC, {**WEBITEL, **PLAN, "settings": [{"domain": DOMAIN, "options": SETTINGS}]}),
    (EMAIL_SETTINGS_CHECK, {"domain": DOMAIN, "options": SETTINGS, "log_in": True}),
    (EMAIL_PROFILE, {**CLOUD, **PROFILE}),
    (EMAIL_PROFILE_INFO, {**CLOUD, **FILTERS}),
    (EMAIL_PROFILES_SYNC, {**CLOUD, **PLAN, "profiles": [PROFILE]}),
    (EMAIL_PROFILE_CHECK, {**PROFILE, "smtp_host": "127.0.0.1", "smtp_port": 9, "imap_host": "127.0.0.1"}),
    (EMAIL_DELIVERY_INFO, MAILBOX),
    (ENSURE, {**CLOUD, "name": "a", "host": "h", "password": PLANTED}),
    (INFO, {**CLOUD, **FILTERS}),
    (SYNC, {**CLOUD, **PLAN, "postboxes": [{"name": "a", "host": "h", "password": PLANTED}]}),
    (EMAIL_SETTINGS, {**KEYED, "domain": DOMAIN, "options": SETTINGS}),
    (EMAIL_SETTINGS_INFO, KEYED),
    (EMAIL_SETTINGS_TEST, {**KEYED, "domain": DOMAIN, "to_email": "a@b.example"}),
    (
        EMAIL_SETTINGS_SYNC,
        {
            **KEYED,
            "settings": [{"domain": DOMAIN}],
            "defaults": {"options": {"auth": {"pass": PLANTED}, "extra": EXTRA}},
        },
    ),
    (EMAIL_PROFILES_SYNC, {**CLOUD, "profiles": [{"name": "p"}], "defaults": PROFILE_SECRETS}),
]
# What works on the controller alone takes the key of a plan.
ACTIONS: dict[str, dict[str, Any]] = {
    "plan_file": {"hosts": ["berlin"], "variables": {"email_accounts": "done"}, "key": PLANTED},
    "merge": {"parts": ["plan"], "key": PLANTED},
    "host_sync": {"plan": {"key": PLANTED}, "offline": True},
}


def holds(data: Any, depth: int = 6, seen: frozenset[int] = frozenset()) -> bool:
    """Whether a text with the planted secret stands anywhere in an object, as far down as its attributes go."""
    if isinstance(data, str):
        return PLANTED in data
    # What HTTP itself holds is the wire.
    module = getattr(type(data), "__module__", "")
    if "._http." in module or depth == 0 or id(data) in seen or isinstance(data, (type, int, float, bytes)):
        return False
    seen |= {id(data)}
    if isinstance(data, dict):
        return any(holds(part, depth - 1, seen) for pair in data.items() for part in pair)
    if isinstance(data, (list, tuple, set, frozenset)):
        return any(holds(part, depth - 1, seen) for part in data)
    if not module.startswith("ansible_collections.mailfleet"):
        return False
    # A secret has a slot, which is not looked into.
    return any(holds(part, depth - 1, seen) for part in getattr(data, "__dict__", {}).values())


@contextmanager
def watched() -> Iterator[set[str]]:
    """Note each function of the collection that holds the planted secret as a text, and may not."""
    found: set[str] = set()

    def look(frame: FrameType, event: str, value: Any) -> None:
        name = frame.f_code.co_filename.rpartition(_COLLECTION)[2].removeprefix("module_utils/")
        if event not in ("call", "return") or name == frame.f_code.co_filename:
            return
        if name.startswith(tuple(_SEES_TEXTS)) or (name, frame.f_code.co_name) in _SEE_TEXTS:
            return
        given = value if event == "return" else None
        if holds(dict(frame.f_locals)) or holds(given):
            found.add(f"{name}: {frame.f_code.co_name}")

    threading.setprofile(look)
    sys.setprofile(look)
    try:
        yield found
    finally:
        sys.setprofile(None)
        threading.setprofile(None)


def connected(spec: ModuleSpec, options: dict[str, Any], url: str) -> dict[str, Any]:
    """The options that a module has, of those of its kind of record, and where its server is."""
    where = {"api_url": url, "retries": 0, "timeout": 2.0}
    return {name: value for name, value in {**where, **options}.items() if name in spec.argument_spec}


@pytest.mark.parametrize(("spec", "options"), MODULES)
def test_no_module_hands_on_a_secret_as_a_text(spec: ModuleSpec, options: dict[str, Any]) -> None:
    SERVERS["http://127.0.0.1:9"] = Server()
    with watched() as found:
        result = Runner({}).run(spec, check_mode=True, **connected(spec, options, "http://127.0.0.1:9"))
    assert found == set()
    assert (result.get("failure") or {}).get("kind") != "defect", result


@pytest.mark.parametrize("index", [0, 4, 6, 10, 12, 14])
def test_nor_where_it_is_compared_and_written(conversation: Conversation, index: int) -> None:
    spec, options = MODULES[index]
    if spec in (EMAIL_ACCOUNT, EMAIL_ACCOUNTS_SYNC):
        conversation.expect("GET /api/email/accounts").answers([live(name="n", email="a@b.example")])
        conversation.expect("PUT /api/email/accounts/7", ANY).answers(live(name="n", email="a@b.example", password="x"))
    elif spec in (EMAIL_SETTINGS, EMAIL_SETTINGS_SYNC):
        options = {**options, "username": None, "password": None, "login_code": None, "access_token": PLANTED}
        conversation.expect(GET).answers(stored())
        kept = {**RECORD, "options": {**RECORD["options"], "auth": {"accessToken": "x"}}}
        conversation.expect(PUT, ANY).answers(stored(kept))
    else:
        profile = {"id": "1", "name": "p", "login": "v", "schema": {"id": "1", "name": "f"}}
        conversation.expect(PROFILES).answers({"items": [profile]})
        conversation.expect("GET /email/profile/1").answers(profile)
        conversation.expect("GET /email/profile/1").answers(profile)
        conversation.expect("PUT /email/profile/1", ANY).answers(profile)
    with watched() as found:
        result = Runner({}).run(spec, **connected(spec, options, conversation.url))
    assert result.get("changed"), result
    assert found == set()


@pytest.mark.parametrize("key", [PLANTED, f"another-{PLANTED}"])
def test_nor_does_what_works_on_the_controller(tmp_path: Path, key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A plan is made, read, merged and verified; with another key than it was made with, each of these fails."""
    # A module takes its options as they stand in a playbook.
    monkeypatch.setattr(HostSync, "_result_of", lambda *_given: {"skipped": True})
    path = str(tmp_path / "plan.json")
    variables: dict[str, Any] = {"hostvars": {"berlin": {"done": {"results": [], "fingerprints": [], "outcomes": []}}}}
    made = action.run("plan_file", {"path": path, **ACTIONS["plan_file"]}, variables)
    assert made["signed"], made
    with watched() as found:
        results = [
            action.run("plan_file", {"path": path, "hosts": ["berlin"], "state": "checked", "key": key}),
            action.run("merge", {**ACTIONS["merge"], "plans": [path], "plan_path": path, "hand_on": True, "key": key}),
            action.run(
                "host_sync", {"plan": {"path": path, "key": key}, "offline": True}, {"inventory_hostname": "berlin"}
            ),
        ]
    assert found == set()
    assert [result.get("failed", False) for result in results] == [key != PLANTED] * 3, results
    assert not any(holds(result) for result in results)


def test_nor_what_prepares_test_messages() -> None:
    """The passwords stand in mappings of which the options say nothing."""
    mailbox = {name: MAILBOX[name] for name in ("host", "username", "password")}
    arguments = {"recipient": "a@b.example", "through_accounts": [ACCOUNT], "confirm_delivery": mailbox}
    with watched() as found:
        result = action.run("test_send_summary", arguments)
    assert found == set()
    assert not result.get("failed"), result
    assert not holds(result)


def _secret_options(spec: ArgumentSpec, *path: str) -> Iterator[tuple[str, ...]]:
    """The paths of the options that are secrets, or mappings in which some may stand."""
    for name, option in spec.items():
        if option.get("no_log"):
            yield (*path, name)
        yield from _secret_options(option.get("options", {}), *path, name)


def _is_planted(options: Any, path: tuple[str, ...]) -> bool:
    """Whether the secret stands at a path of options, also where a list is on the way."""
    if isinstance(options, list):
        return any(_is_planted(entry, path) for entry in options)
    if not path:
        return holds(options)
    return isinstance(options, dict) and _is_planted(options.get(path[0]), path[1:])


@pytest.mark.parametrize("name", collection.MODULES)
def test_each_secret_option_of_a_module_is_looked_at(name: str) -> None:
    spec = collection.spec(name)
    given = [options for other, options in MODULES if other is spec]
    unseen = [path for path in _secret_options(spec.argument_spec) if not any(_is_planted(o, path) for o in given)]
    assert given
    assert not unseen


@pytest.mark.parametrize("name", sorted({path.stem for path in (collection.PLUGINS / "action").glob("*.py")}))
def test_and_each_of_what_works_on_the_controller(name: str) -> None:
    plugin = importlib.import_module(f"{collection.NAME}.plugins.action.{name}").ActionModule
    secret_options = list(_secret_options(getattr(plugin, "argument_spec", {})))
    assert [path for path in secret_options if not _is_planted(ACTIONS.get(name), path)] == []


def test_a_planted_secret_is_seen() -> None:
    """The search itself, and that options without a wrapping would be found."""
    spec, options = MODULES[0]
    params = all_options(spec.argument_spec, connected(spec, options, "http://127.0.0.1:9"))
    assert holds(params)
    assert not holds(wrapped(params, spec.argument_spec))
    with watched() as found:
        spec.problems(params)
    assert found
