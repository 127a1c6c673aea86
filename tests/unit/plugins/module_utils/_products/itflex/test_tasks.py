# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module email_account: exactly these requests for each path, and these results."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.mailfleet.email.plugins.module_utils._products.itflex.specs import EMAIL_ACCOUNT
from tests.unit.plugins.module_utils._products.itflex.accounts import ACCOUNTS, FIELDS, TIMES, live, no_templates, sent
from tests.unit.plugins.module_utils.conversation import Conversation, conversation_at
from tests.unit.plugins.module_utils.running import Runner

DESIRED = {**FIELDS, "has_auth": True}
LIST = f"GET {ACCOUNTS}"
MASKS = pytest.mark.parametrize("shown", ["********", "", None, ...])


def shown_of(account: dict[str, Any]) -> dict[str, Any]:
    """An account as a result shows it."""
    return {name: value for name, value in account.items() if name != "password"}


@pytest.mark.parametrize("check_mode", [False, True])
def test_nothing_to_do(conversation: Conversation, itflex: Runner, check_mode: bool) -> None:
    conversation.expect(LIST).answers([live()])
    result = itflex.run(EMAIL_ACCOUNT, check_mode=check_mode, **DESIRED)
    assert (result["changed"], result["action"], result["changed_fields"]) == (False, "none", [])
    assert result["email_account"] == shown_of(live())
    assert result["password_check"] == "compared"
    assert result["diff"]["before"] == result["diff"]["after"]
    assert itflex.warnings == []


def test_spelling_differences_are_no_change(conversation: Conversation, itflex: Runner) -> None:
    account = {"added": [1], **live(smtp_port="465", service="other", default=None)}
    conversation.expect(LIST).answers([dict(reversed(account.items()))])
    assert itflex.run(EMAIL_ACCOUNT, **DESIRED)["action"] == "none"


def test_create(conversation: Conversation, itflex: Runner) -> None:
    conversation.expect(LIST).answers([live(id=1, name="Other", email="other@example.com")])
    conversation.expect(f"POST {ACCOUNTS}", sent()).answers(live())
    result = itflex.run(EMAIL_ACCOUNT, **DESIRED)
    assert (result["changed"], result["action"]) == (True, "created")
    assert result["changed_fields"] == sorted(DESIRED)
    assert result["email_account"] == shown_of(live())
    assert result["password_check"] == "set"
    assert result["diff"]["before"] == {}
    assert result["diff"]["after"]["password"] == "<secret: set>"
    assert itflex.warnings == []


def test_create_with_the_least(conversation: Conversation, itflex: Runner) -> None:
    conversation.expect(LIST).answers([])
    body = {
        "default": False,
        "name": "n",
        "email": "a@b",
        "service": "other",
        "has_auth": False,
        "hash_auth": False,
    }
    conversation.expect(f"POST {ACCOUNTS}", body).answers({**body, "id": 1})
    result = itflex.run(EMAIL_ACCOUNT, name="n", email="a@b")
    assert result["action"] == "created"
    assert result["password_check"] == "not_given"


def test_update_sends_the_whole_account_with_unknown_fields(conversation: Conversation, itflex: Runner) -> None:
    extra = {"added": {"by": "server"}}
    conversation.expect(LIST).answers([{**live(), **extra}])
    conversation.expect(f"PUT {ACCOUNTS}/7", {**sent(smtp_port=587), **extra}).answers({**live(smtp_port=587), **extra})
    result = itflex.run(EMAIL_ACCOUNT, name="Certificates", smtp_port=587)
    assert (result["action"], result["changed_fields"]) == ("updated", ["smtp_port"])
    assert (result["diff"]["before"]["smtp_port"], result["diff"]["after"]["smtp_port"]) == (465, 587)
    assert result["diff"]["before"]["password"] == result["diff"]["after"]["password"] == "<secret: unchanged>"
    assert result["email_account"]["smtp_port"] == 587


def test_a_changed_password_shows_as_markers_only(conversation: Conversation, itflex: Runner) -> None:
    conversation.expect(LIST).answers([live(password="old-hunter")])
    conversation.expect(f"PUT {ACCOUNTS}/7", sent()).answers(live())
    result = itflex.run(EMAIL_ACCOUNT, **DESIRED)
    assert (result["action"], result["changed_fields"]) == ("updated", ["password"])
    assert result["diff"]["before"]["password"] == "<secret: current>"
    assert result["diff"]["after"]["password"] == "<secret: new>"
    assert "hunter" not in json.dumps(result)


@pytest.mark.parametrize("options", [{"smtp_port": 587}, {"name": "New"}, {"state": "absent"}])
def test_check_mode_tells_the_same_and_writes_nothing(options: dict[str, Any]) -> None:
    results = []
    for check_mode in (True, False):
        with conversation_at() as conversation:
            conversation.expect(LIST).answers([live()])
            if "state" in options:
                no_templates(conversation)
            if not check_mode and "state" in options:
                conversation.expect(f"DELETE {ACCOUNTS}/7")
            elif not check_mode:
                conversation.expect(f"PUT {ACCOUNTS}/7", sent(**options)).answers(live(**options))
            runner = Runner({"api_url": conversation.url, "access_token": "a1", "retries": 0})
            results.append(runner.run(EMAIL_ACCOUNT, check_mode=check_mode, id=7, **options))
    assert results[0]["changed"]
    assert results[0] == results[1]


def test_a_put_to_a_deleted_account_creates_it(conversation: Conversation, itflex: Runner) -> None:
    conversation.expect(LIST).answers([live()])
    conversation.expect(f"PUT {ACCOUNTS}/7", sent(smtp_port=587)).answers(status=404)
    conversation.expect(LIST).answers([])
    conversation.expect(f"POST {ACCOUNTS}", sent(smtp_port=587)).answers(live(id=8, smtp_port=587))
    result = itflex.run(EMAIL_ACCOUNT, name="Certificates", smtp_port=587)
    assert result["changed"]
    assert result["email_account"]["id"] == 8


@pytest.mark.parametrize(("method", "options"), [("PUT", {"smtp_port": 587}), ("DELETE", {"state": "absent"})])
def test_a_404_about_an_account_that_is_there(
    conversation: Conversation, itflex: Runner, method: str, options: dict[str, Any]
) -> None:
    conversation.expect(LIST).answers([live()])
    if method == "DELETE":
        no_templates(conversation)
    conversation.expect(f"{method} {ACCOUNTS}/7", sent(smtp_port=587) if method == "PUT" else None).answers(status=404)
    conversation.expect(LIST).answers([live()])
    result = itflex.run(EMAIL_ACCOUNT, name="Certificates", **options)
    assert result["failed"]
    assert "The record is there all the same: check api_url" in result["msg"]


@pytest.mark.parametrize("status", [200, 404])
def test_delete_also_where_it_is_gone_already(conversation: Conversation, itflex: Runner, status: int) -> None:
    conversation.expect(LIST).answers([live()])
    no_templates(conversation)
    conversation.expect(f"DELETE {ACCOUNTS}/7").answers(status=status)
    if status == 404:
        conversation.expect(LIST).answers([])
    result = itflex.run(EMAIL_ACCOUNT, name="Certificates", state="absent")
    assert (result["changed"], result["action"]) == (True, "deleted")
    assert "email_account" not in result
    assert "password_check" not in result
    assert result["diff"]["after"] == {}


def test_nothing_to_delete(conversation: Conversation, itflex: Runner) -> None:
    conversation.expect(LIST).answers([live(name="Other")])
    result = itflex.run(EMAIL_ACCOUNT, name="Certificates", state="absent")
    assert (result["changed"], result["action"]) == (False, "none")


def test_a_refused_delete_fails(conversation: Conversation, itflex: Runner) -> None:
    conversation.expect(LIST).answers([live()])
    no_templates(conversation)
    conversation.expect(f"DELETE {ACCOUNTS}/7").answers({"errors": [{"type": "rule"}]}, status=400)
    result = itflex.run(EMAIL_ACCOUNT, name="Certificates", state="absent")
    assert result["failed"]
    assert result["msg"].startswith("email_account Certificates: DELETE ")
    assert result["failure"]["errors"] == [{"field": "", "type": "rule"}]


@pytest.mark.parametrize(
    "options", [{"id": 7, "name": "New"}, {"name": "Certificates", "email": "b@c"}, {"email": "certs@Example.com"}]
)
def test_identity(conversation: Conversation, itflex: Runner, options: dict[str, Any]) -> None:
    others = [live(id=1, name="Other", email="other@example.com"), live(id=70, name="Certificates2", email="b@c.d")]
    changes = {name: value for name, value in options.items() if name != "id"}
    conversation.expect(LIST).answers([*others, live()])
    conversation.expect(f"PUT {ACCOUNTS}/7", sent(**changes)).answers(live(**changes))
    assert itflex.run(EMAIL_ACCOUNT, **options)["email_account"]["id"] == 7


@pytest.mark.parametrize("state", ["present", "absent"])
@pytest.mark.parametrize("name", ["name", "email"])
def test_more_than_one_fits(conversation: Conversation, itflex: Runner, name: str, state: str) -> None:
    conversation.expect(LIST).answers([live(), live(id=8)])
    result = itflex.run(EMAIL_ACCOUNT, state=state, **{name: FIELDS[name]})
    assert result["failed"]
    assert "2 live accounts fit" in result["msg"]
    assert "id 7 (Certificates, certs@example.com), id 8 (" in result["msg"]
    assert result["failure"]["problems"][0]["field"] == name


def test_an_id_that_no_account_has(conversation: Conversation, itflex: Runner) -> None:
    conversation.expect(LIST).answers([live()])
    conversation.expect(LIST).answers([live()])
    result = itflex.run(EMAIL_ACCOUNT, id=9, **DESIRED)
    assert "email_account with id 9: id: no live account has it" in result["msg"]
    assert itflex.run(EMAIL_ACCOUNT, id=9, state="absent")["action"] == "none"


@MASKS
def test_a_hidden_password_is_written_on_every_run(conversation: Conversation, itflex: Runner, shown: Any) -> None:
    conversation.expect(LIST).answers([live(password=shown)])
    conversation.expect(f"PUT {ACCOUNTS}/7", sent()).answers(live(password=shown))
    result = itflex.run(EMAIL_ACCOUNT, **DESIRED)
    assert (result["action"], result["changed_fields"]) == ("unknown", ["password"])
    assert (result["unknown_fields"], result["changed"]) == (["password"], True)
    assert result["password_check"] == "written"
    assert result["diff"]["before"]["password"] == "<secret: not readable>"
    assert itflex.warnings == []


@MASKS
def test_a_hidden_password_is_never_destroyed(conversation: Conversation, itflex: Runner, shown: Any) -> None:
    conversation.expect(LIST).answers([live(password=shown)])
    result = itflex.run(EMAIL_ACCOUNT, name="Certificates", smtp_port=587)
    assert result["failed"]
    assert "password: the server does not show the password that it stores" in result["msg"]
    assert "changing smtp_port could destroy it" in result["msg"]


@MASKS
def test_a_hidden_password_with_on_create(conversation: Conversation, itflex: Runner, shown: Any) -> None:
    conversation.expect(LIST).answers([live(password=shown)])
    result = itflex.run(EMAIL_ACCOUNT, update_password="on_create", **DESIRED)
    assert (result["action"], result["password_check"]) == ("none", "skipped")


def test_on_create_leaves_a_readable_password(conversation: Conversation, itflex: Runner) -> None:
    conversation.expect(LIST).answers([live(password="live")])
    conversation.expect(f"PUT {ACCOUNTS}/7", sent(password="live", smtp_port=25)).answers(
        live(password="live", smtp_port=25)
    )
    result = itflex.run(EMAIL_ACCOUNT, update_password="on_create", **{**DESIRED, "smtp_port": 25})
    assert (result["changed_fields"], result["password_check"]) == (["smtp_port"], "skipped")


def test_switching_authentication_off_forgets_a_masked_password(conversation: Conversation, itflex: Runner) -> None:
    conversation.expect(LIST).answers([live(password="********")])
    conversation.expect(f"PUT {ACCOUNTS}/7", sent(password=..., has_auth=False)).answers(
        live(password=None, has_auth=False)
    )
    assert itflex.run(EMAIL_ACCOUNT, name="Certificates", has_auth=False)["action"] == "updated"


def test_switching_authentication_on_wants_a_password(conversation: Conversation, itflex: Runner) -> None:
    conversation.expect(LIST).answers([live(password=None, has_auth=False)])
    result = itflex.run(EMAIL_ACCOUNT, name="Certificates", has_auth=True)
    assert "password: is needed to switch has_auth on" in result["msg"]


def test_a_server_that_stores_something_else(conversation: Conversation, itflex: Runner) -> None:
    conversation.expect(LIST).answers([])
    both = {**sent(), "hash_auth": True}
    conversation.expect(f"POST {ACCOUNTS}", both).answers(live(password="cut", email="CERTS@example.com"))
    result = itflex.run(EMAIL_ACCOUNT, **DESIRED)
    assert len(itflex.warnings) == 2
    assert "email: sent 'certs@example.com', but the server stores 'CERTS@example.com'" in itflex.warnings[0]
    assert "password: the server stores another secret than the one sent" in itflex.warnings[1]
    assert "hunter2" not in " ".join(itflex.warnings)
    assert result["email_account"]["email"] == "CERTS@example.com"


@pytest.mark.parametrize("keeps_both", [True, False])
def test_the_old_default_account(conversation: Conversation, itflex: Runner, keeps_both: bool) -> None:
    other = live(id=1, name="Old", default=True)
    conversation.expect(LIST).answers([other, live()])
    conversation.expect(f"PUT {ACCOUNTS}/7", sent(default=True)).answers(live(default=True))
    conversation.expect(LIST).answers([{**other, "default": keeps_both}, live(default=True)])
    assert itflex.run(EMAIL_ACCOUNT, name="Certificates", default=True)["changed_fields"] == ["default"]
    if keeps_both:
        [warning] = itflex.warnings
        assert "so is still Old (id 1)" in warning
    else:
        assert itflex.warnings == []


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"accounts": []}, "must be a list"),
        ([{"id": 7}], "[0].name: is missing"),
        ([live(id="7")], "[0].id: must be a whole number, not a text"),
        ([live(smtp_port={"hunter2": 1})], "[0].smtp_port: must be a number, not an object"),
        ([live(password=["hunter2"])], "[0].password: must be a text, not a list"),
        ([live(has_auth="yes")], "[0].has_auth: must be true or false, not a text"),
        ([5], "[0]: must be an object"),
    ],
)
def test_a_list_of_another_shape(conversation: Conversation, itflex: Runner, answer: Any, words: str) -> None:
    conversation.expect(LIST).answers(answer)
    result = itflex.run(EMAIL_ACCOUNT, **DESIRED)
    assert result["failed"]
    assert result["failure"]["kind"] == "answer"
    assert f"GET {conversation.url}{ACCOUNTS}: the answer has another shape than expected" in result["msg"]
    assert words in result["msg"]
    assert "hunter2" not in json.dumps(result)


def test_times_are_the_server_s(conversation: Conversation, itflex: Runner) -> None:
    conversation.expect(LIST).answers([live()])
    result = itflex.run(EMAIL_ACCOUNT, check_mode=True, name="Certificates", smtp_port=1)
    assert {name: result["email_account"][name] for name in TIMES} == TIMES
    assert result["email_account"]["id"] == 7
    assert not set(TIMES) & set(result["diff"]["after"])


def test_a_password_that_is_not_sent_is_not_missed(conversation: Conversation, itflex: Runner) -> None:
    conversation.expect(LIST).answers([live()])
    conversation.expect(f"PUT {ACCOUNTS}/7", sent(smtp_port=2465)).answers(live(smtp_port=2465))
    options: dict[str, Any] = {
        "name": "Certificates",
        "smtp_port": 2465,
        "password": "other",
        "update_password": "on_create",
    }
    assert itflex.run(EMAIL_ACCOUNT, **options)["action"] == "updated"
    assert itflex.warnings == []
