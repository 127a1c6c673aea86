# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Today's Webitel refuses, and repeats what it was sent: nothing of it is in what a task says."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from ansible_collections.mailfleet.email.plugins.module_utils._products.webitel_cloud.specs import EMAIL_PROFILE
from tests.sandbox.encodings import FORMS, LeakSearch
from tests.unit.plugins.module_utils._products.webitel_cloud.calls import LIST

if TYPE_CHECKING:
    from tests.unit.plugins.module_utils.conversation import Conversation
    from tests.unit.plugins.module_utils.running import Runner

SECRET = "P@ssw0rd1-of-the-mailbox"
LIVE = {"id": "7", "name": "Live", "schema": {"id": "1", "name": "Tickets"}}
CHANGE = {"password": SECRET, "fields": ["password"]}


def _refused(conversation: Conversation, cloud: Runner, answer: object) -> str:
    conversation.expect(LIST).answers({"items": [LIVE]})
    conversation.expect("GET /email/profile/7").answers(LIVE)
    conversation.expect("PATCH /email/profile/7", CHANGE).answers(answer, status=400)
    result = cloud.run(EMAIL_PROFILE, name="Live", password=SECRET)
    assert result["failure"]["status"] == 400
    return json.dumps([result, cloud.warnings], ensure_ascii=False)


@pytest.mark.parametrize("form", FORMS)
def test_one_field_repeats(conversation: Conversation, cloud: Runner, form: str) -> None:
    said = _refused(conversation, cloud, {"id": "app.email", "detail": f"wrong {FORMS[form](SECRET)}"})
    assert LeakSearch([SECRET]).found_in(said) == []
    assert "left out" in said


@pytest.mark.parametrize("form", FORMS)
def test_the_gateway_repeats(conversation: Conversation, cloud: Runner, form: str) -> None:
    inner = json.dumps({"id": FORMS[form](SECRET), "detail": "no"})
    said = _refused(conversation, cloud, {"code": 3, "message": inner})
    assert LeakSearch([SECRET]).found_in(said) == []


@pytest.mark.parametrize("cut", [2, 6, 10, 14, 20])
def test_two_fields_repeat_a_half_each(conversation: Conversation, cloud: Runner, cut: int) -> None:
    said = _refused(conversation, cloud, {"id": f"bad {SECRET[:cut]}", "detail": f"{SECRET[cut:]} here"})
    # A few characters of one end may be left; what is shown of both is never the whole.
    assert max(SECRET[:cut], SECRET[cut:], key=len) not in said
    assert "left out" in said


@pytest.mark.parametrize("form", FORMS)
def test_a_deletion_does_not_repeat_what_is_live(conversation: Conversation, cloud: Runner, form: str) -> None:
    client = {"oauth2": {"client_id": "c", "client_secret": SECRET}}
    conversation.expect(LIST).answers({"items": [LIVE]})
    conversation.expect("GET /email/profile/7").answers({**LIVE, "params": client})
    said = {"id": "app.email", "detail": f"cannot delete {FORMS[form](SECRET)}"}
    conversation.expect("DELETE /email/profile/7").answers(said, status=400)
    result = cloud.run(EMAIL_PROFILE, name="Live", state="absent", erase_stored_mail=True)
    assert result["failure"]["status"] == 400
    assert LeakSearch([SECRET]).found_in(json.dumps([result, cloud.warnings])) == []
