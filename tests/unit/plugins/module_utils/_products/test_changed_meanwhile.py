# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Another run writes between a task's read and its write."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.mailfleet.email.plugins.module_utils._outcome import outcome_of
from ansible_collections.mailfleet.email.plugins.module_utils._products.itflex import store as email_account_store
from ansible_collections.mailfleet.email.plugins.module_utils._products.itflex.specs import EMAIL_ACCOUNT
from ansible_collections.mailfleet.email.plugins.module_utils._products.itflex.sync_spec import EMAIL_ACCOUNTS_SYNC
from ansible_collections.mailfleet.email.plugins.module_utils._products.webitel import store as email_settings_store
from ansible_collections.mailfleet.email.plugins.module_utils._products.webitel.sync_spec import EMAIL_SETTINGS_SYNC
from ansible_collections.mailfleet.email.plugins.module_utils._resource.base import Context
from ansible_collections.mailfleet.email.plugins.module_utils._resource.pool import Connections
from tests.unit.plugins.module_utils._products.itflex.accounts import ACCOUNTS, live, no_templates, sent
from tests.unit.plugins.module_utils._products.webitel import records as settings
from tests.unit.plugins.module_utils.conversation import Conversation
from tests.unit.plugins.module_utils.running import Runner, all_options

LIST = f"GET {ACCOUNTS}"
NEW: dict[str, Any] = {"name": "Certificates", "email": "certs@example.com", "has_auth": False}
NEW_SENT = {**NEW, "default": False, "service": "other"}
DUPLICATED = {"errors": [{"field": "name", "type": "duplicated", "msg": "já existe"}]}


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let whatever was read be old when it is written."""
    for store in (email_account_store, email_settings_store):
        monkeypatch.setattr(store, "OLD_AFTER", -1.0)


def looped(conversation: Conversation, *items: dict[str, Any]) -> list[dict[str, Any]]:
    """The results of a loop over these accounts, on one connection."""
    connections = Connections(keep=True)
    options = {"api_url": conversation.url, "access_token": "a1", "timeout": 5.0, "retries": 0}
    warnings: list[str] = []
    results = []
    for item in items:
        context = Context(False, True, warnings.append, connections)
        results.append(
            outcome_of(EMAIL_ACCOUNT, all_options(EMAIL_ACCOUNT.argument_spec, {**options, **item}), context)
        )
    assert warnings == []
    return results


@pytest.mark.parametrize("same", [True, False])
def test_another_run_created_it(conversation: Conversation, itflex: Runner, same: bool) -> None:
    made = {**NEW_SENT, "id": 9, "email": "certs@example.com" if same else "old@example.com"}
    conversation.expect(LIST).answers([{**made, "id": 1, "name": "Other"}])
    conversation.expect(f"POST {ACCOUNTS}", NEW_SENT).answers(DUPLICATED, status=409)
    conversation.expect(LIST).answers([made])
    if not same:
        conversation.expect(f"PUT {ACCOUNTS}/9", NEW_SENT).answers({**NEW_SENT, "id": 9})
    result = itflex.run(EMAIL_ACCOUNT, **NEW)
    assert (result["action"], result["changed"]) == (("none", False) if same else ("updated", True))
    assert result["email_account"]["id"] == 9


def test_another_run_deleted_it_and_created_it_again(conversation: Conversation, itflex: Runner) -> None:
    conversation.expect(LIST).answers([live()])
    conversation.expect(f"PUT {ACCOUNTS}/7", sent(smtp_port=2465)).answers(status=404)
    conversation.expect(LIST).answers([live(id=8)])
    conversation.expect(f"PUT {ACCOUNTS}/8", sent(smtp_port=2465)).answers(live(id=8, smtp_port=2465))
    result = itflex.run(EMAIL_ACCOUNT, name="Certificates", smtp_port=2465)
    assert result["email_account"]["id"] == 8
    [warning] = itflex.warnings
    assert "was deleted by another run meanwhile, and is created again: id 8" in warning


@pytest.mark.parametrize("many", [False, True])
def test_an_account_that_is_made_again_keeps_the_password_that_is_known(
    conversation: Conversation, itflex: Runner, many: bool
) -> None:
    """It was not to be written again: the one of the task may be long out of use."""
    wanted: dict[str, Any] = {"name": "Certificates", "smtp_port": 2465}
    on_create = {**wanted, "password": "initial", "update_password": "on_create"}
    conversation.expect(LIST).answers([live()])
    conversation.expect(f"PUT {ACCOUNTS}/7", sent(**wanted)).answers(status=404)
    conversation.expect(LIST).answers([])
    conversation.expect(f"POST {ACCOUNTS}", sent(**wanted)).answers(live(id=8, **wanted))
    if many:
        (entry,) = itflex.run(EMAIL_ACCOUNTS_SYNC, accounts=[on_create])["results"]
        assert entry["action"] == "created"
    else:
        assert itflex.run(EMAIL_ACCOUNT, **on_create)["action"] == "created"
    assert not any("lost" in warning for warning in itflex.warnings)


def test_a_loop_reads_an_account_again_before_it_writes_it(conversation: Conversation) -> None:
    conversation.expect(LIST).answers([live(), live(id=8, name="Second")])
    conversation.expect(f"PUT {ACCOUNTS}/7", sent(smtp_port=2465)).answers(live(smtp_port=2465))
    conversation.expect(f"{LIST}/8").answers(live(id=8, name="Second", smtp_server="other.example.com"))
    wanted: dict[str, Any] = {"name": "Second", "smtp_port": 2465, "smtp_server": "other.example.com"}
    conversation.expect(f"PUT {ACCOUNTS}/8", sent(**wanted)).answers(live(id=8, **wanted))
    results = looped(conversation, {"name": "Certificates", "smtp_port": 2465}, {"name": "Second", "smtp_port": 2465})
    assert [result["changed_fields"] for result in results] == [["smtp_port"], ["smtp_port"]]


def test_a_loop_finds_an_account_already_deleted(conversation: Conversation) -> None:
    conversation.expect(LIST).answers([live(), live(id=8, name="Second")])
    no_templates(conversation)
    conversation.expect(f"DELETE {ACCOUNTS}/7")
    conversation.expect(f"{LIST}/8").answers(status=404)
    conversation.expect(LIST).answers([])
    results = looped(conversation, {"name": "Certificates", "state": "absent"}, {"name": "Second", "state": "absent"})
    assert [result["action"] for result in results] == ["deleted", "none"]


@pytest.mark.usefixtures("slow")
def test_long_work_reads_an_account_again_before_it_writes_it(conversation: Conversation, itflex: Runner) -> None:
    conversation.expect(LIST).answers([live()])
    conversation.expect(f"{LIST}/7").answers(live(smtp_server="other.example.com"))
    wanted: dict[str, Any] = {"smtp_port": 587, "smtp_server": "other.example.com"}
    conversation.expect(f"PUT {ACCOUNTS}/7", sent(**wanted)).answers(live(**wanted))
    result = itflex.run(EMAIL_ACCOUNTS_SYNC, accounts=[{"name": "Certificates", "smtp_port": 587}])
    [item] = result["results"]
    assert item["diff"]["before"]["smtp_server"] == "other.example.com"


@pytest.mark.usefixtures("slow")
def test_long_work_looks_for_a_name_again_before_it_takes_it(conversation: Conversation, itflex: Runner) -> None:
    conversation.expect(LIST).answers([])
    conversation.expect(LIST).answers([{**NEW_SENT, "id": 9}])
    result = itflex.run(EMAIL_ACCOUNTS_SYNC, accounts=[NEW])
    assert result["results"][0]["action"] == "none"


@pytest.mark.usefixtures("slow")
def test_long_work_reads_settings_again_before_it_writes_them(conversation: Conversation, webitel: Runner) -> None:
    meanwhile = settings.changed(settings.RECORD, "options.socketTimeout", 5)
    conversation.expect(settings.GET).answers(settings.stored())
    conversation.expect(settings.GET).answers(settings.stored(meanwhile))
    wanted = settings.changed(meanwhile, "options.port", 587)
    conversation.expect(settings.PUT, wanted).answers(settings.stored(wanted))
    result = webitel.run(EMAIL_SETTINGS_SYNC, settings=[{"domain": settings.DOMAIN, "options": {"port": 587}}])
    assert result["results"][0]["changed_fields"] == ["options.port"]


def test_other_defaults_that_cannot_be_read_fail_nothing(conversation: Conversation, itflex: Runner) -> None:
    conversation.expect(LIST).answers([live(), live(id=8, name="Second", default=True)])
    conversation.expect(f"PUT {ACCOUNTS}/7", sent(default=True)).answers(live(default=True))
    conversation.expect(LIST).answers(status=403)
    assert itflex.run(EMAIL_ACCOUNT, name="Certificates", default=True)["action"] == "updated"
    [warning] = itflex.warnings
    assert "whether another one still is cannot be known: GET" in warning


@pytest.mark.usefixtures("slow")
def test_a_swap_of_names_keeps_what_another_run_writes(conversation: Conversation, itflex: Runner) -> None:
    theirs = {"smtp_server": "other.example.com"}
    conversation.expect(LIST).answers([live(id=1, name="One"), live(id=2, name="Two")])
    for name in ("One (account 1, moving)", "Two"):
        before = "One" if name != "Two" else "One (account 1, moving)"
        conversation.expect(f"{LIST}/1").answers(live(id=1, name=before, **theirs))
        conversation.expect(f"PUT {ACCOUNTS}/1", sent(name=name, **theirs)).answers(live(id=1, name=name, **theirs))
        if name != "Two":
            conversation.expect(f"{LIST}/2").answers(live(id=2, name="Two"))
            conversation.expect(f"PUT {ACCOUNTS}/2", sent(name="One")).answers(live(id=2, name="One"))
    result = itflex.run(EMAIL_ACCOUNTS_SYNC, accounts=[{"id": 1, "name": "Two"}, {"id": 2, "name": "One"}])
    assert [entry["action"] for entry in result["results"]] == ["updated", "updated"]


def removes(options: dict[str, Any]) -> bool:
    """Whether a task removes an account."""
    return bool(options.get("prune")) or any(entry.get("state") == "absent" for entry in options["accounts"])


def reviewed(conversation: Conversation, itflex: Runner, found: list[dict[str, Any]], **options: Any) -> dict[str, Any]:
    """A plan of what a task would do with these live accounts, as people reviewed it."""
    conversation.expect(LIST).answers(found)
    if removes(options):
        no_templates(conversation)
    result = itflex.run(EMAIL_ACCOUNTS_SYNC, check_mode=True, plan={}, **options)
    names = ("key", "action", "changed_fields")
    entries = [
        {"record": entry["key"], **{name: entry[name] for name in names[1:] if name in entry}, "fingerprint": found}
        for entry, found in zip(result["results"], result["fingerprints"])
    ]
    return {**options, "plan": {"reviewed": entries}}


@pytest.mark.parametrize("planned", [True, False])
@pytest.mark.usefixtures("slow")
def test_what_is_kept_by_now_is_not_pruned(conversation: Conversation, itflex: Runner, planned: bool) -> None:
    """It got a name that a pattern keeps between the plan and the deletion."""
    found = [live(), live(id=8, name="Stray")]
    options: dict[str, Any] = {"accounts": [{"name": "Certificates"}], "prune": True, "prune_limit": "100%"}
    options["prune_keep"] = ["System*"]
    if planned:
        options = reviewed(conversation, itflex, found, **options)
    conversation.expect(LIST).answers(found)
    no_templates(conversation)
    conversation.expect(f"{LIST}/8").answers(live(id=8, name="System alarms"))
    result = itflex.run(EMAIL_ACCOUNTS_SYNC, **options)
    [_described, stray] = result["results"]
    if planned:
        assert (stray["action"], stray["failure"]["kind"]) == ("failed", "plan")
        assert "changed while" in stray["error"]
    else:
        assert (stray["action"], result["changed"]) == ("none", False)


@pytest.mark.parametrize(
    "meanwhile", [{"smtp_port": 25}, {"name": "Renamed"}, {"email": "other@example.com"}, {"tenant": "another"}]
)
@pytest.mark.parametrize("wanted", [{"smtp_port": 587}, {"state": "absent"}])
@pytest.mark.usefixtures("slow")
def test_under_a_plan_each_change_meanwhile_stops_its_record(
    conversation: Conversation, itflex: Runner, meanwhile: dict[str, Any], wanted: dict[str, Any]
) -> None:
    """And that one alone: the other one is written."""
    found = [live(), live(id=8, name="Second")]
    accounts = [{"name": "Certificates", **wanted}, {"name": "Second", "smtp_port": 587}]
    options = reviewed(conversation, itflex, found, accounts=accounts, concurrency=1)
    conversation.expect(LIST).answers(found)
    if "state" in wanted:
        no_templates(conversation)
    calls = [(f"{LIST}/7", live(**meanwhile)), (f"{LIST}/8", live(id=8, name="Second"))]
    for call, answer in reversed(calls) if "state" in wanted else calls:
        conversation.expect(call).answers(answer)
        if call.endswith("8"):
            body = sent(name="Second", smtp_port=587)
            conversation.expect(f"PUT {ACCOUNTS}/8", body).answers(live(id=8, name="Second", smtp_port=587))
    first, second = itflex.run(EMAIL_ACCOUNTS_SYNC, **options)["results"]
    assert (first["action"], first["failure"]["kind"]) == ("failed", "plan")
    assert second["action"] == "updated"


@pytest.mark.usefixtures("slow")
def test_a_swap_of_names_under_a_plan_is_nobodys_change(conversation: Conversation, itflex: Runner) -> None:
    found = [live(id=1, name="One"), live(id=2, name="Two")]
    options = reviewed(conversation, itflex, found, accounts=[{"id": 1, "name": "Two"}, {"id": 2, "name": "One"}])
    conversation.expect(LIST).answers(found)
    aside = "One (account 1, moving)"
    for account_id, before, after in ((1, "One", aside), (2, "Two", "One"), (1, aside, "Two")):
        conversation.expect(f"{LIST}/{account_id}").answers(live(id=account_id, name=before))
        answer = live(id=account_id, name=after)
        conversation.expect(f"PUT {ACCOUNTS}/{account_id}", sent(name=after)).answers(answer)
    result = itflex.run(EMAIL_ACCOUNTS_SYNC, **options)
    assert [entry["action"] for entry in result["results"]] == ["updated", "updated"]
