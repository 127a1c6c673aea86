# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An account that makes room for another one's name, and what becomes of it when the other one fails."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.mailfleet.email.plugins.module_utils._products.itflex import store as email_account_store
from ansible_collections.mailfleet.email.plugins.module_utils._products.itflex.sync_spec import EMAIL_ACCOUNTS_SYNC
from tests.unit.plugins.module_utils._products.itflex.accounts import ACCOUNTS, live, no_templates, sent
from tests.unit.plugins.module_utils.conversation import Conversation, Exchange
from tests.unit.plugins.module_utils.running import Runner, all_options

MOVING = "One (account 1, moving)"
RECORD = EMAIL_ACCOUNTS_SYNC.argument_spec["accounts"]["options"]
# The account One goes, and Two gets its name.
ENTRIES = [all_options(RECORD, entry) for entry in ({"id": 1, "state": "absent"}, {"id": 2, "name": "One"})]
REFUSED: dict[str, Any] = {"json": {"errors": [{"field": "data", "type": "rule", "msg": "x"}]}, "status": 400}
KEPT = "not deleted, since id 2, which takes its name, failed"


def put(conversation: Conversation, account_id: int, name: str) -> Exchange:
    """Expect that an account is written as it is, but with this name."""
    return conversation.expect(f"PUT {ACCOUNTS}/{account_id}", sent(name=name))


def begin(conversation: Conversation) -> None:
    """Expect all that comes before the account Two gets the name."""
    conversation.expect(f"GET {ACCOUNTS}").answers([live(id=1, name="One"), live(id=2, name="Two")])
    no_templates(conversation)
    put(conversation, 1, MOVING).answers(live(id=1, name=MOVING))


def errors(runner: Runner) -> list[str]:
    """The errors of the two entries, in their order."""
    result = runner.run(EMAIL_ACCOUNTS_SYNC, accounts=ENTRIES, concurrency=1)
    assert [entry["action"] for entry in result["results"]] == ["failed", "failed"]
    return [entry["error"] for entry in result["results"]]


def test_the_name_is_given_back(conversation: Conversation, itflex: Runner) -> None:
    begin(conversation)
    put(conversation, 2, "One").answers(**REFUSED)
    put(conversation, 1, "One").answers(live(id=1, name="One"))
    kept, refused = errors(itflex)
    assert kept == KEPT
    assert "the server answers 400" in refused


@pytest.mark.parametrize("status", [400, 500])
def test_a_name_that_cannot_be_given_back_is_reported(conversation: Conversation, itflex: Runner, status: int) -> None:
    begin(conversation)
    put(conversation, 2, "One").answers(**REFUSED)
    put(conversation, 1, "One").answers({"errors": []}, status=status)
    if status == 500:
        # Whether it was done is looked up.
        conversation.expect(f"GET {ACCOUNTS}").answers({"errors": []}, status=500)
    kept, _refused = errors(itflex)
    assert kept == f"{KEPT}; it is called {MOVING} now"


def test_a_name_that_may_be_taken_is_not_asked_back(conversation: Conversation, itflex: Runner) -> None:
    begin(conversation)
    put(conversation, 2, "One").answers({"errors": []}, status=500)
    conversation.expect(f"GET {ACCOUNTS}").answers({"errors": []}, status=500)
    kept, unknown = errors(itflex)
    assert kept == f"{KEPT}; it is called {MOVING} now"
    assert "run again, which looks first" in unknown


def test_all_goes_well(conversation: Conversation, itflex: Runner) -> None:
    begin(conversation)
    put(conversation, 2, "One").answers(live(id=2, name="One"))
    conversation.expect(f"DELETE {ACCOUNTS}/1")
    result = itflex.run(EMAIL_ACCOUNTS_SYNC, accounts=ENTRIES, concurrency=1)
    assert [entry["action"] for entry in result["results"]] == ["deleted", "updated"]


@pytest.mark.parametrize("slow", [False, True])
@pytest.mark.parametrize("stops", [False, True])
def test_a_name_is_given_back_where_the_password_is_not_shown(
    conversation: Conversation, itflex: Runner, monkeypatch: pytest.MonkeyPatch, *, slow: bool, stops: bool
) -> None:
    """Two accounts swap names; the second write of the swap is refused, or a stop comes before it."""
    monkeypatch.setattr(email_account_store, "OLD_AFTER", -1.0 if slow else 60.0)
    one, two = live(id=1, name="One", password=None), live(id=2, name="Two", password=None)
    swap = [{"id": 1, "name": "Two", "password": "new"}, {"id": 2, "name": "One", "password": "new"}]
    conversation.expect(f"GET {ACCOUNTS}").answers([one, two])
    written_hidden(conversation, one, MOVING, slow=slow)
    if stops:
        # Looked for by its name again before it is created.
        new = {"name": "New", "email": "new@example.com", "has_auth": False, "default": False, "service": "other"}
        if slow:
            conversation.expect(f"GET {ACCOUNTS}").answers([{**one, "name": MOVING}, two])
        conversation.expect(f"POST {ACCOUNTS}", new).answers(**REFUSED)
        swap.append({name: new[name] for name in ("name", "email", "has_auth")})
    else:
        if slow:
            conversation.expect(f"GET {ACCOUNTS}/2").answers(two)
        conversation.expect(f"PUT {ACCOUNTS}/2", sent(name="One", password="new")).answers(**REFUSED)
    written_hidden(conversation, {**one, "name": MOVING}, "One", slow=slow)
    result = itflex.run(EMAIL_ACCOUNTS_SYNC, accounts=swap, concurrency=1, on_error="stop")
    assert {entry["action"] for entry in result["results"]} == {"failed"}
    assert "moving" not in result["msg"]


def written_hidden(conversation: Conversation, account: dict[str, Any], name: str, *, slow: bool) -> None:
    """Expect that an account whose password is not shown gets this name, after a look where all reads are old."""
    if slow:
        conversation.expect(f"GET {ACCOUNTS}/{account['id']}").answers(account)
    body = sent(name=name, password="new")
    conversation.expect(f"PUT {ACCOUNTS}/{account['id']}", body).answers({**account, "name": name})
