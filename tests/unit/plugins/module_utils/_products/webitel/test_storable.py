# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Input that the server cannot keep is refused before the first request, by the path to it."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.mailfleet.email.plugins.module_utils._engine.schema import Problem
from ansible_collections.mailfleet.email.plugins.module_utils._products.webitel.specs import EMAIL_SETTINGS
from ansible_collections.mailfleet.email.plugins.module_utils._products.webitel.storable import storing_problems
from ansible_collections.mailfleet.email.plugins.module_utils._products.webitel.sync_spec import EMAIL_SETTINGS_SYNC
from tests.unit.plugins.module_utils._products.webitel.records import DOMAIN, GET, PUT, RECORD, changed, stored
from tests.unit.plugins.module_utils.conversation import Conversation
from tests.unit.plugins.module_utils.running import Runner, all_options

SPEC = EMAIL_SETTINGS_SYNC.argument_spec["settings"]["options"]
DATABASE = "is a key that the server's database refuses: keys begin with no $, and hold no dot and no NUL"
CREDENTIALS = "is a key that the server may take for the caller's credentials"
NUMBER = "is above 2^53"

CASES = pytest.mark.parametrize(
    ("extra", "path", "message"),
    [
        ({"$set": 1}, "$set", DATABASE),
        ({"tls": {"$a": 1}}, "tls.$a", DATABASE),
        ({"a": [{"b": {"$c": None}}]}, "a.0.b.$c", DATABASE),
        ({"a.b": 1}, "a.b", DATABASE),
        ({"auth": {"x.y": 1}}, "auth.x.y", DATABASE),
        ({1.5: "a"}, "1.5", DATABASE),
        ({"a\0b": 1}, "a\\0b", DATABASE),
        ({"access_token": "hunter2"}, "access_token", CREDENTIALS),
        ({"tls": {"x_key": "hunter2"}}, "tls.x_key", CREDENTIALS),
        ({"big": 2**53 + 1}, "big", NUMBER),
        ({"big": [0, {"small": -(2**53) - 1}]}, "big.1.small", NUMBER),
        ({"connectionTimeout": str(2**53 + 1)}, "connectionTimeout", "means a number above 2^53"),
        ({"tls": {"timeout": f" -{2**53 + 1} "}}, "tls.timeout", "means a number above 2^53"),
    ],
)


def problems_of(result: dict[str, Any]) -> dict[str, str]:
    assert result["failure"]["kind"] == "input"
    return {problem["field"]: problem["message"] for problem in result["failure"]["problems"]}


@CASES
@pytest.mark.parametrize("check_mode", [False, True])
def test_one_record(webitel: Runner, extra: dict[Any, Any], path: str, message: str, check_mode: bool) -> None:
    result = webitel.run(EMAIL_SETTINGS, check_mode=check_mode, domain=DOMAIN, options={"extra": extra})
    ((field, said),) = problems_of(result).items()
    assert field == f"options.extra.{path}"
    assert said.startswith(message)
    assert "hunter2" not in result["msg"]


@CASES
def test_one_of_many(webitel: Runner, extra: dict[Any, Any], path: str, message: str) -> None:
    entries: list[dict[str, Any]] = [{"domain": "fine.example"}, {"domain": DOMAIN, "options": {"extra": extra}}]
    result = webitel.run(EMAIL_SETTINGS_SYNC, settings=[all_options(SPEC, entry) for entry in entries])
    ((field, said),) = problems_of(result).items()
    assert field == f"settings[1].options.extra.{path}"
    assert said.startswith(f"({DOMAIN}) {message}")


@pytest.mark.parametrize("provider", ["SMTP", "sendgrid", "smtp ", ""])
def test_a_provider_that_the_server_does_not_know(webitel: Runner, provider: str) -> None:
    one = problems_of(webitel.run(EMAIL_SETTINGS, domain=DOMAIN, provider=provider))
    entry = all_options(SPEC, {"domain": DOMAIN, "provider": provider})
    many = problems_of(webitel.run(EMAIL_SETTINGS_SYNC, settings=[entry]))
    assert list(one) == ["provider"]
    assert list(many) == ["settings[0].provider"]
    assert one["provider"].startswith("must be smtp")


@pytest.mark.parametrize(
    "extra",
    [
        {"a": 2**53, "b": -(2**53)},
        {"a$": 1, "b": {"c$d": "$e"}},
        {"a": "1.5", "b": ["$c", "d.e", "x_key"]},
        {"accessToken": "x", "access": "y"},
    ],
)
def test_what_the_server_keeps(conversation: Conversation, webitel: Runner, extra: dict[str, Any]) -> None:
    wanted = changed(RECORD, "options", {**RECORD["options"], **extra})
    conversation.expect(GET).answers(stored())
    conversation.expect(PUT, wanted).answers(stored(wanted))
    assert webitel.run(EMAIL_SETTINGS, domain=DOMAIN, options={"extra": extra})["action"] == "updated"
    assert webitel.warnings == []


def test_all_that_cannot_be_kept_is_named_at_once() -> None:
    extra = {"$a": 1, "x.y": 2, "deep": [1, {"far": float("nan")}], "low": float("-inf"), "half": 0.5}
    assert storing_problems({"options": {"extra": extra}}) == [
        Problem("options.extra.$a", DATABASE),
        Problem("options.extra.x.y", DATABASE),
        Problem("options.extra.deep.1.far", "must be a number that JSON knows"),
        Problem("options.extra.low", "must be a number that JSON knows"),
    ]


def test_what_cannot_be_meant_as_a_secret() -> None:
    extra = {
        "relays": [{"pass": 5}, {"clientSecret": True}],
        "dkim": {"privateKey": 7, "passphrase": None},
        "pfx": {"passphrase": 5, "raw": 5},
        "key": ["text", {"passphrase": 5}],
        "accessToken": {"a": 1},
        "token": 5,
        "smtp_password": "{{ vault }}",
        "note": "{{ vault }}",
    }
    found = {problem.field: problem.message for problem in storing_problems({"options": {"extra": extra}})}
    assert sorted(found) == [
        "options.extra.accessToken",
        "options.extra.dkim.privateKey",
        "options.extra.key[1].passphrase",
        "options.extra.pfx.passphrase",
        "options.extra.relays[0].pass",
        "options.extra.relays[1].clientSecret",
        "options.extra.smtp_password",
    ]
    assert "put it in quotes" in found["options.extra.relays[0].pass"]
    assert "a mapping" in found["options.extra.accessToken"]
