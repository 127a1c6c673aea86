# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A server that repeats what it was sent, in every form: nothing of it is in what a task says."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.mailfleet.email.plugins.module_utils._products.itflex.info_spec import EMAIL_ACCOUNT_INFO
from ansible_collections.mailfleet.email.plugins.module_utils._products.itflex.specs import EMAIL_ACCOUNT
from ansible_collections.mailfleet.email.plugins.module_utils._products.itflex.sync_spec import EMAIL_ACCOUNTS_SYNC
from ansible_collections.mailfleet.email.plugins.module_utils._products.webitel.specs import (
    EMAIL_SETTINGS,
    EMAIL_SETTINGS_TEST,
)
from tests.sandbox.encodings import FORMS, LeakSearch
from tests.unit.plugins.module_utils._products.itflex.accounts import ACCOUNTS, live, no_templates
from tests.unit.plugins.module_utils._products.webitel.records import DOMAIN, GET, NOT_FOUND, WHOAMI, stored
from tests.unit.plugins.module_utils.conversation import Conversation
from tests.unit.plugins.module_utils.running import Runner

SECRET = "P@ssw0rd1"
TOKEN = "tok-3-2-1-go"
LIVE_SECRET = "L1ve-P@ss-of-the-server"
SENT_TO = f"POST /api/v2/email/settings/test/to%40a.example?domain={DOMAIN}"

echoed = pytest.mark.parametrize("form", FORMS)


def _is_silent(result: dict[str, Any], runner: Runner, echo: str) -> None:
    said = json.dumps([result, runner.warnings], ensure_ascii=False)
    for text in (SECRET, echo, json.dumps(echo)[1:-1], " ".join(echo.split())):
        assert text not in said
    assert "left out" in said


@echoed
@pytest.mark.parametrize("cut", [False, True])
def test_a_refusal_of_an_account(conversation: Conversation, itflex: Runner, form: str, cut: bool) -> None:
    echo = FORMS[form](SECRET)
    first, second = (echo[: len(echo) // 2], echo[len(echo) // 2 :]) if cut else (echo, "x")
    conversation.expect(f"GET {ACCOUNTS}").answers([live(password=SECRET)])
    no_templates(conversation)
    error = {"field": first, "type": second, "msg": "no" if not cut else ""}
    conversation.expect(f"DELETE {ACCOUNTS}/7").answers({"errors": [error]}, status=400)
    runner = itflex
    result = runner.run(EMAIL_ACCOUNT, name="Certificates", password=SECRET, state="absent")
    if cut and form not in ("itself", "upper case", "other case"):
        # Half of an encoded form is nothing that could be read.
        assert SECRET not in json.dumps(result)
    else:
        _is_silent(result, runner, echo)


@echoed
def test_keys_of_an_answer_of_another_shape(conversation: Conversation, itflex: Runner, form: str) -> None:
    itflex.connection["access_token"] = TOKEN
    echo = FORMS[form](TOKEN)
    conversation.expect(f"GET {ACCOUNTS}").answers([{"id": 1, "name": {echo: 1}, "default": {echo: 1}}])
    said = json.dumps(itflex.run(EMAIL_ACCOUNT_INFO), ensure_ascii=False)
    assert TOKEN not in said
    assert echo not in said


@echoed
def test_a_refusal_of_settings(conversation: Conversation, webitel: Runner, form: str) -> None:
    echo = FORMS[form](SECRET)
    conversation.expect(GET).answers(**NOT_FOUND)
    conversation.expect(WHOAMI).answers({"domain": DOMAIN})
    options = {"host": "a", "extra": {"auth": {"xoauth2": SECRET}}}
    body = {"provider": "smtp", "options": {"host": "a", "auth": {"xoauth2": SECRET}}}
    conversation.expect(GET.replace("GET", "POST"), body).answers(
        {"status": "error", "info": {"message": echo}}, status=400
    )
    _is_silent(webitel.run(EMAIL_SETTINGS, domain=DOMAIN, options=options), webitel, echo)


@echoed
def test_a_test_send(conversation: Conversation, webitel: Runner, form: str) -> None:
    echo = FORMS[form](SECRET)
    record = {"options": {"host": "a", "auth": {"user": "u", "pass": SECRET}}}
    for answer in ({"rejected": [echo], "response": echo}, {"accepted": [echo[:3], echo[3:]], "response": echo}):
        conversation.expect(GET).answers(stored(record))
        conversation.expect(SENT_TO, {}).answers({"status": "OK", "info": answer})
        _is_silent(webitel.run(EMAIL_SETTINGS_TEST, domain=DOMAIN, to_email="to@a.example"), webitel, echo)


@echoed
@pytest.mark.parametrize("many", [False, True])
def test_a_deletion_does_not_repeat_what_is_live(
    conversation: Conversation, itflex: Runner, form: str, many: bool
) -> None:
    """The task itself knows no password: the live one is a secret all the same."""
    conversation.expect(f"GET {ACCOUNTS}").answers([live(password=LIVE_SECRET)])
    no_templates(conversation)
    error = {"field": "password", "type": "used", "msg": f"in use: {FORMS[form](LIVE_SECRET)}"}
    conversation.expect(f"DELETE {ACCOUNTS}/7").answers({"errors": [error]}, status=400)
    gone: dict[str, Any] = {"name": "Certificates", "state": "absent"}
    result = itflex.run(EMAIL_ACCOUNTS_SYNC, accounts=[gone]) if many else itflex.run(EMAIL_ACCOUNT, **gone)
    assert result["failed"]
    assert LeakSearch([LIVE_SECRET]).found_in(json.dumps([result, itflex.warnings])) == []


@echoed
def test_a_deletion_of_settings_does_not_repeat_what_is_live(
    conversation: Conversation, webitel: Runner, form: str
) -> None:
    conversation.expect(GET).answers(stored({"options": {"host": "a", "auth": {"xoauth2": LIVE_SECRET}}}))
    said = {"status": "error", "info": f"cannot delete {FORMS[form](LIVE_SECRET)}"}
    conversation.expect(GET.replace("GET", "DELETE")).answers(said, status=400)
    result = webitel.run(EMAIL_SETTINGS, domain=DOMAIN, state="absent")
    assert result["failure"]["status"] == 400
    assert LeakSearch([LIVE_SECRET]).found_in(json.dumps([result, webitel.warnings])) == []
