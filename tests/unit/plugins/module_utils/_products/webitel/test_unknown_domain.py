# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Settings are created for domains that the server has, since nothing on the server asks that."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.mailfleet.email.plugins.module_utils._http.errors import InvalidResponse, Request
from ansible_collections.mailfleet.email.plugins.module_utils._http.response import Response
from ansible_collections.mailfleet.email.plugins.module_utils._products.webitel.domains import (
    listed_domains,
    spelled_by_server,
    unknown_domains,
)
from ansible_collections.mailfleet.email.plugins.module_utils._products.webitel.specs import EMAIL_SETTINGS
from ansible_collections.mailfleet.email.plugins.module_utils._products.webitel.sync_spec import EMAIL_SETTINGS_SYNC
from tests.unit.plugins.module_utils._products.webitel.records import DOMAINS, NOT_FOUND, WHOAMI, stored
from tests.unit.plugins.module_utils.conversation import Conversation
from tests.unit.plugins.module_utils.running import Runner, all_options

SPEC = EMAIL_SETTINGS_SYNC.argument_spec["settings"]["options"]
TYPO = "my.examples.com"
BODY = {"provider": "smtp", "options": {"host": "h"}}
HOST = {"host": "h"}
LISTING: dict[str, Any] = {"info": {"my.example.com": {}, "other.example.com": {}, "Big.Example": {}}}
FORBIDDEN: dict[str, Any] = {"json": {"status": "error", "info": "Permission denied!"}, "status": 403}


def line(method: str, domain: str) -> str:
    return f"{method} /api/v2/email/settings?domain={domain}"


def asked(conversation: Conversation, *domains: str) -> None:
    """Expect that the settings of these domains are asked for, and answer that there are none."""
    for number, domain in enumerate(domains):
        conversation.expect(line("GET", domain)).answers(**NOT_FOUND)
        if number == 0:
            conversation.expect(WHOAMI).answers({"domain": None})


def entries(*domains: str, **options: Any) -> list[dict[str, Any]]:
    transport = all_options(SPEC["options"]["options"], HOST)
    return [all_options(SPEC, {"domain": domain, "options": transport, **options}) for domain in domains]


@pytest.mark.parametrize("check_mode", [False, True])
def test_a_typo_is_not_written(conversation: Conversation, webitel: Runner, check_mode: bool) -> None:
    asked(conversation, TYPO)
    conversation.expect(DOMAINS).answers(LISTING)
    result = webitel.run(EMAIL_SETTINGS, check_mode=check_mode, domain=TYPO, options=HOST)
    assert [problem["field"] for problem in result["failure"]["problems"]] == ["domain"]
    assert f"the server has no domain {TYPO}" in result["msg"]
    assert "(did you mean my.example.com" in result["msg"]
    assert "unknown_domain=accept" in result["msg"]


def test_nothing_near(conversation: Conversation, webitel: Runner) -> None:
    asked(conversation, "xyz.test")
    conversation.expect(DOMAINS).answers(LISTING)
    result = webitel.run(EMAIL_SETTINGS, domain="xyz.test", options=HOST)
    assert "the server has no domain xyz.test" in result["msg"]
    assert "did you mean" not in result["msg"]


@pytest.mark.parametrize("domain", ["big.example", "BIG.EXAMPLE"])
@pytest.mark.parametrize("check_mode", [False, True])
def test_another_spelling(conversation: Conversation, webitel: Runner, domain: str, check_mode: bool) -> None:
    asked(conversation, domain)
    conversation.expect(DOMAINS).answers(LISTING)
    result = webitel.run(EMAIL_SETTINGS, check_mode=check_mode, domain=domain, options=HOST)
    assert f"domain: the server spells the domain Big.Example, not {domain}" in result["msg"]


def test_a_domain_that_comes_later_is_accepted_unasked(conversation: Conversation, webitel: Runner) -> None:
    asked(conversation, TYPO)
    conversation.expect(line("POST", TYPO), BODY).answers(stored(BODY, domain=TYPO))
    result = webitel.run(EMAIL_SETTINGS, domain=TYPO, options=HOST, unknown_domain="accept")
    assert result["action"] == "created"


@pytest.mark.parametrize(
    "answer", [FORBIDDEN, {"json": {}}, {"status": 500}, {"body": b"<html>"}], ids=["403", "shape", "500", "no JSON"]
)
def test_a_listing_that_fails_is_a_warning(conversation: Conversation, webitel: Runner, answer: dict[str, Any]) -> None:
    asked(conversation, TYPO)
    conversation.expect(DOMAINS).answers(**answer)
    conversation.expect(line("POST", TYPO), BODY).answers(stored(BODY, domain=TYPO))
    assert webitel.run(EMAIL_SETTINGS, domain=TYPO, options=HOST)["action"] == "created"
    (warning,) = webitel.warnings
    assert f"email_settings of {TYPO}: nobody knows whether the server has {TYPO}" in warning
    assert "/api/v2/domains" in warning


def test_what_is_there_is_changed_unasked(conversation: Conversation, webitel: Runner) -> None:
    conversation.expect(line("GET", TYPO)).answers(stored(BODY, domain=TYPO))
    conversation.expect(line("PUT", TYPO), {**BODY, "from": "a@b"}).answers(stored({**BODY, "from": "a@b"}, TYPO))
    options: dict[str, Any] = {"domain": TYPO, "from": "a@b"}
    assert webitel.run(EMAIL_SETTINGS, **options)["action"] == "updated"


def test_what_is_not_there_is_removed_unasked(conversation: Conversation, webitel: Runner) -> None:
    asked(conversation, TYPO)
    assert webitel.run(EMAIL_SETTINGS, domain=TYPO, state="absent")["action"] == "none"


@pytest.mark.parametrize("check_mode", [False, True])
def test_many_are_looked_up_at_once(conversation: Conversation, webitel: Runner, check_mode: bool) -> None:
    asked(conversation, "my.example.com", TYPO, "big.example", "later.test")
    conversation.expect(DOMAINS).answers(LISTING)
    settings = [*entries("my.example.com", TYPO, "big.example"), *entries("later.test", unknown_domain="accept")]
    result = webitel.run(EMAIL_SETTINGS_SYNC, check_mode=check_mode, settings=settings, concurrency=1)
    problems = {problem["field"]: problem["message"] for problem in result["failure"]["problems"]}
    assert list(problems) == ["settings[1].domain", "settings[2].domain"]
    assert "did you mean my.example.com" in problems["settings[1].domain"]
    assert "the server spells the domain Big.Example" in problems["settings[2].domain"]


def test_many_that_are_all_accepted_ask_for_no_listing(conversation: Conversation, webitel: Runner) -> None:
    asked(conversation, TYPO)
    settings, defaults = entries(TYPO), all_options(SPEC, {"unknown_domain": "accept"})
    options = {"settings": settings, "defaults": defaults, "concurrency": 1}
    result = webitel.run(EMAIL_SETTINGS_SYNC, check_mode=True, **options)
    assert result["summary"]["created"] == 1


def test_many_with_a_listing_that_fails_are_one_warning(conversation: Conversation, webitel: Runner) -> None:
    asked(conversation, TYPO, "b.test")
    conversation.expect(DOMAINS).answers(**FORBIDDEN)
    options = {"settings": entries(TYPO, "b.test"), "concurrency": 1}
    assert webitel.run(EMAIL_SETTINGS_SYNC, check_mode=True, **options)["summary"]["created"] == 2
    (warning,) = webitel.warnings
    assert f"{TYPO}, b.test" in warning


@pytest.mark.parametrize("options", [{"prune": True}, {"undescribed": True}])
@pytest.mark.parametrize("state", ["present", "absent"])
def test_prune_takes_no_spelling_for_another_domain(
    conversation: Conversation, webitel: Runner, options: dict[str, Any], state: str
) -> None:
    """What is described in another spelling is neither pruned nor passed over."""
    conversation.expect(WHOAMI).answers({"domain": None})
    conversation.expect(DOMAINS).answers(LISTING)
    result = webitel.run(EMAIL_SETTINGS_SYNC, settings=entries("BIG.example", state=state), concurrency=1, **options)
    ((field, message),) = ((found["field"], found["message"]) for found in result["failure"]["problems"])
    assert field == "settings[0].domain"
    assert "the server spells the domain Big.Example, not BIG.example" in message


def test_prune_and_creations_share_one_listing(conversation: Conversation, webitel: Runner) -> None:
    conversation.expect(WHOAMI).answers({"domain": None})
    conversation.expect(DOMAINS).answers(LISTING)
    for domain in (TYPO, "Big.Example", "my.example.com", "other.example.com"):
        conversation.expect(line("GET", domain)).answers(**NOT_FOUND)
    result = webitel.run(EMAIL_SETTINGS_SYNC, settings=entries(TYPO), concurrency=1, prune=True, check_mode=True)
    assert [problem["field"] for problem in result["failure"]["problems"]] == ["settings[0].domain"]


def test_two_spellings_are_two_domains(conversation: Conversation, webitel: Runner) -> None:
    asked(conversation, "a.test", "A.test")
    conversation.expect(DOMAINS).answers({"info": {"a.test": {}, "A.test": {}}})
    options = {"settings": entries("a.test", "A.test"), "concurrency": 1}
    assert webitel.run(EMAIL_SETTINGS_SYNC, check_mode=True, **options)["summary"]["created"] == 2


def test_only_the_first_of_many_are_compared_with_each() -> None:
    """To compare thousands with thousands would take minutes."""
    found = unknown_domains([f"a{number}.exampl" for number in range(30)], ["a1.example"])
    assert len(found) == 30
    assert sum("did you mean" in message for message in found.values()) == 10


@pytest.mark.parametrize(
    ("answer", "domains"),
    [
        ({"info": {"b.example": None, "a.example": {}}}, ["a.example", "b.example"]),
        ({"data": {"key": {"domain": "a.example"}}}, ["a.example"]),
        ({"info": {"a.example": {}}, "data": {"b.example": {}}}, ["a.example"]),
        ({"info": "fine", "data": {"b.example": {}}}, ["b.example"]),
        ({"info": {"one": {"domain": "a.example"}, "two": {"domain": ""}}}, ["a.example", "two"]),
    ],
)
def test_what_a_listing_lists(answer: Any, domains: list[str]) -> None:
    assert listed_domains(Response(Request("GET", "/"), 200, "application/json", 2, answer)) == domains


@pytest.mark.parametrize(
    ("answer", "words"),
    [([], "must be"), ({"info": "fine"}, "info"), ({"info": {"a": {"domain": 5}}}, "info.a.domain")],
)
def test_what_is_no_listing(answer: Any, words: str) -> None:
    with pytest.raises(InvalidResponse, match=words):
        listed_domains(Response(Request("GET", "/"), 200, "application/json", 2, answer))


def test_what_is_near_is_named_and_no_more() -> None:
    known = ["aaaa.example", "aaab.example", "aaac.example", "aaad.example"]
    found = unknown_domains(["aaae.example", "zzzz.exbmplf"], known)
    assert f"(did you mean {' or '.join(known[:0:-1])}?)" in found["aaae.example"]
    assert found["zzzz.exbmplf"] == (
        "the server has no domain zzzz.exbmplf, and would store settings that nothing uses. Correct it, create the "
        "domain first, or give unknown_domain=accept"
    )


def test_a_domain_that_only_looks_like_one() -> None:
    assert spelled_by_server(["a\u200b.example", "b.example"], ["a.example"]) == {"a\u200b.example": "a.example"}
