# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Connections: logged out and closed whatever happens, kept where that is wanted, never after an error."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.mailfleet.email.plugins.module_utils._http.errors import NotAuthorized
from ansible_collections.mailfleet.email.plugins.module_utils._products.itflex.product import ITFLEX
from ansible_collections.mailfleet.email.plugins.module_utils._products.itflex.specs import EMAIL_ACCOUNT
from ansible_collections.mailfleet.email.plugins.module_utils._products.webitel.product import WEBITEL
from ansible_collections.mailfleet.email.plugins.module_utils._products.webitel.specs import EMAIL_SETTINGS
from ansible_collections.mailfleet.email.plugins.module_utils._resource.base import Context
from ansible_collections.mailfleet.email.plugins.module_utils._resource.pool import Connections
from tests.unit.plugins.module_utils._products.itflex.accounts import ACCOUNTS, live
from tests.unit.plugins.module_utils._products.webitel.records import DOMAIN, GET, NOT_FOUND, WHOAMI, stored
from tests.unit.plugins.module_utils.conversation import Conversation
from tests.unit.plugins.module_utils.running import Runner, all_options

LOGIN = {"username": "u", "password": "hunter2"}


@pytest.fixture
def user(conversation: Conversation) -> Runner:
    """Runs the specs of Webitel with a user's name and password."""
    return Runner({"api_url": conversation.url, **LOGIN, "retries": 0})


@pytest.mark.parametrize("status", [200, 500])
def test_logged_out_also_when_the_task_fails(conversation: Conversation, user: Runner, status: int) -> None:
    conversation.expect("POST /login", LOGIN).answers({"token": "t1", "key": "k1"})
    conversation.expect(GET, headers={"X-Access-Token": "t1", "X-Key": "k1"}).answers(stored(), status=status)
    conversation.expect("POST /logout", {}, headers={"X-Access-Token": "t1", "X-Key": "k1"})
    result = user.run(EMAIL_SETTINGS, domain=DOMAIN)
    assert result.get("failed", False) is (status == 500)
    assert user.warnings == []


def test_a_logout_that_fails_is_a_warning(conversation: Conversation, user: Runner) -> None:
    conversation.expect("POST /login", LOGIN).answers({"token": "t1", "key": "k1"})
    conversation.expect(GET).answers(stored())
    conversation.expect("POST /logout", {}).breaks()
    assert user.run(EMAIL_SETTINGS, domain=DOMAIN)["action"] == "none"
    [warning] = user.warnings
    assert warning.startswith("The login could not be ended: POST ")


def test_an_error_names_what_the_task_was_about(conversation: Conversation, user: Runner) -> None:
    conversation.expect("POST /login", LOGIN).answers({"info": "hunter2"}, status=401)
    result = user.run(EMAIL_SETTINGS, domain=DOMAIN)
    assert result["msg"].startswith(f"email_settings of {DOMAIN}: POST {conversation.url}/login: the login of u is ")
    assert result["failure"]["kind"] == "credentials"
    assert "hunter2" not in str(result)


def warn(text: str) -> None:
    """Fail: on the loopback interface there is nothing to warn of."""
    raise AssertionError(text)


def context_of(connections: Connections, warn: Callable[[str], None] = warn) -> Context:
    """The context of a task that holds these connections."""
    return Context(check_mode=False, diff_mode=False, warn=warn, connections=connections)


def options_of(conversation: Conversation, spec: Any, **given: Any) -> dict[str, Any]:
    spec = {name: option for name, option in spec.argument_spec.items() if name not in ("state", "update_password")}
    return all_options(spec, {"api_url": conversation.url, "access_token": "a1", "retries": 0, **given})


def test_a_kept_connection_knows_what_it_has_read(conversation: Conversation) -> None:
    connections = Connections(keep=True)
    params = options_of(conversation, EMAIL_ACCOUNT)
    conversation.expect(f"GET {ACCOUNTS}").answers([live()])
    for _ in range(3):
        with connections.store(ITFLEX, params, "x", context_of(connections)) as store:
            assert [account["id"] for account in store.read_all()] == [7]
    assert conversation.connections == 1
    other_params = options_of(conversation, EMAIL_ACCOUNT, access_token="a2")
    conversation.expect(f"GET {ACCOUNTS}", headers={"Authorization": "Bearer a2"}).answers([])
    with connections.store(ITFLEX, other_params, "x", context_of(connections)) as store:
        assert store.read_all() == []
    for kept in (params, other_params):
        with pytest.raises(RuntimeError), connections.store(ITFLEX, kept, "x", context_of(connections)):
            raise RuntimeError


def test_nothing_is_kept_after_an_error(conversation: Conversation) -> None:
    connections = Connections(keep=True)
    params = options_of(conversation, EMAIL_ACCOUNT)
    conversation.expect(f"GET {ACCOUNTS}").answers([live()])
    with connections.store(ITFLEX, params, "x", context_of(connections)) as store:
        store.read_all()
    with pytest.raises(RuntimeError), connections.store(ITFLEX, params, "x", context_of(connections)):
        raise RuntimeError
    conversation.expect(f"GET {ACCOUNTS}").answers(status=401)
    with pytest.raises(NotAuthorized), connections.store(ITFLEX, params, "x", context_of(connections)) as store:
        store.read_all()


def test_a_login_is_never_kept(conversation: Conversation) -> None:
    connections = Connections(keep=True)
    params = options_of(conversation, EMAIL_SETTINGS, domain=DOMAIN, access_token=None, **LOGIN)
    warnings: list[str] = []
    for _ in range(2):
        conversation.expect("POST /login", LOGIN).answers({"token": "t1", "key": "k1"})
        conversation.expect(GET).answers(**NOT_FOUND)
        conversation.expect(WHOAMI).answers({"domain": None})
        conversation.expect("POST /logout", {})
        with connections.store(WEBITEL, params, "x", context_of(connections, warnings.append)) as store:
            assert store.read(DOMAIN) is None
    assert warnings == []


@pytest.mark.parametrize(
    ("api_url", "warned"),
    [
        ("http://server.example.com/engine", True),
        ("http://[2001:db8::1]:8080", True),
        ("https://server.example.com", False),
        ("http://127.0.0.1:8080", False),
        ("http://[::1]:8080", False),
        ("http://localhost", False),
    ],
)
def test_credentials_in_clear_text_are_warned_of_once(conversation: Conversation, api_url: str, warned: bool) -> None:
    connections = Connections(keep=True)
    warnings: list[str] = []
    for _ in range(2):
        with connections.store(
            WEBITEL,
            options_of(conversation, EMAIL_SETTINGS, api_url=api_url),
            "x",
            context_of(connections, warnings.append),
        ):
            pass
        with connections.store(
            ITFLEX,
            options_of(conversation, EMAIL_ACCOUNT, api_url=api_url),
            "x",
            context_of(connections, warnings.append),
        ):
            pass
    assert len(warnings) == (2 if warned else 0)
    shown = "[2001:db8::1]:" if "2001" in api_url else "server.example.com"
    assert all(f"clear text to {shown}" in warning for warning in warnings)


@pytest.mark.parametrize("lost", [True, False])
def test_a_logout_that_was_done_before(conversation: Conversation, user: Runner, lost: bool) -> None:
    """Only after a try whose answer was lost, a token that is not known any more is one that was ended."""
    user.connection["retries"] = 1
    conversation.expect("POST /login", LOGIN).answers({"token": "t1", "key": "k1"})
    conversation.expect(GET).answers(stored())
    if lost:
        conversation.expect("POST /logout", {}).breaks()
    conversation.expect("POST /logout", {}).answers({"status": "error", "info": "Invalid token"}, status=401)
    assert user.run(EMAIL_SETTINGS, domain=DOMAIN)["action"] == "none"
    assert len(user.warnings) == (0 if lost else 1)
