# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module email_settings_sync and the domains that nobody described, and servers that do otherwise."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.mailfleet.email.plugins.module_utils._products.webitel.sync_spec import EMAIL_SETTINGS_SYNC
from tests.unit.plugins.module_utils._products.webitel.records import RECORD, WHOAMI, changed, stored
from tests.unit.plugins.module_utils.conversation import Conversation
from tests.unit.plugins.module_utils.running import Runner, all_options

SPEC = EMAIL_SETTINGS_SYNC.argument_spec["settings"]["options"]
RECORD_587 = changed(RECORD, "options.port", 587)


def path(domain: str) -> str:
    return f"/api/v2/email/settings?domain={domain}"


def sync(runner: Runner, entry: dict[str, Any], **options: Any) -> dict[str, Any]:
    return runner.run(EMAIL_SETTINGS_SYNC, settings=[all_options(SPEC, entry)], concurrency=1, **options)


@pytest.mark.parametrize("prune", [True, False])
def test_one_that_cannot_be_read_is_reported_and_never_removed(
    conversation: Conversation, webitel: Runner, prune: bool
) -> None:
    domains = {"1": {"domain": "a"}, "2": {"domain": "b"}, "3": {"domain": "c"}}
    conversation.expect(WHOAMI).answers({"domain": None})
    conversation.expect("GET /api/v2/domains").answers({"data": domains})
    conversation.expect(f"GET {path('a')}").answers(stored(domain="a"))
    conversation.expect(f"GET {path('b')}").answers({"status": "error", "info": "broken"}, status=400)
    conversation.expect(f"GET {path('c')}").answers(stored(domain="c"))
    result = sync(webitel, {"domain": "a"}, prune=prune, prune_limit="100%", undescribed=True, check_mode=True)
    assert result["failed"] is True
    found = {entry["key"]: entry["action"] for entry in result["results"]}
    assert found == {"a": "none", "b": "failed", **({"c": "deleted"} if prune else {})}
    assert result["undescribed"] == [{"domain": "c"}]
    assert "broken" in result["msg"]


def test_what_a_server_stores_otherwise_is_warned_of(conversation: Conversation, webitel: Runner) -> None:
    conversation.expect(f"GET {path('a')}").answers(stored(domain="a"))
    conversation.expect(f"PUT {path('a')}", RECORD_587).answers(stored(RECORD, domain="a"))
    result = sync(webitel, {"domain": "a", "options": {"port": 587}})
    assert result["results"][0]["action"] == "updated"
    (warning,) = (text for text in webitel.warnings if "the server stores" in text)
    assert warning.startswith("email_settings of a: ")
    assert "options.port" in warning


@pytest.mark.parametrize("options", [{"prune": True}, {"undescribed": True}])
def test_credentials_that_may_not_list_the_domains(
    conversation: Conversation, webitel: Runner, options: dict[str, Any]
) -> None:
    conversation.expect(WHOAMI).answers({"domain": None})
    conversation.expect("GET /api/v2/domains").answers({"status": "error", "info": "Permission denied!"}, status=403)
    result = sync(webitel, {"domain": "a"}, **options)
    assert result["failure"]["kind"] == "credentials"
    assert "may not list the domains of the server: describe each with its domain" in result["msg"]
