# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is wrong with a described profile: alone, and in a list, where some records are let through as they are."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.mailfleet.email.plugins.module_utils._arguments import argument_error
from ansible_collections.mailfleet.email.plugins.module_utils._products.webitel_cloud.specs import EMAIL_PROFILE
from ansible_collections.mailfleet.email.plugins.module_utils._products.webitel_cloud.sync_spec import (
    EMAIL_PROFILES_SYNC,
)
from ansible_collections.mailfleet.email.plugins.module_utils._validation import validated
from tests.unit.plugins.module_utils._products.webitel_cloud.calls import LIST
from tests.unit.plugins.module_utils.conversation import Conversation
from tests.unit.plugins.module_utils.running import Runner, all_options

SERVER = {"api_url": "https://server.example.com", "access_token": "token"}


def problems(spec: Any, arguments: dict[str, Any]) -> dict[str, str]:
    """The problems of a task, by their fields."""
    params, found, _warnings = validated(spec, {**SERVER, **arguments})
    error = argument_error(spec, found, params, {*SERVER, *arguments})
    return {problem.field: problem.message for problem in error.problems}


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"password": ""}, "password", "is empty: give it, or leave it out"),
        ({"password": "  "}, "password", "is blank, not a password"),
        ({"password": "********"}, "password", "what servers show"),
        ({"login": " "}, "login", "is blank"),
        ({"mailbox": "\t"}, "mailbox", "must be one line"),
        ({"params": {"oauth2": {"client_secret": ""}}}, "params.oauth2.client_secret", "is empty: give it"),
        ({"params": {"oauth2": {"client_secret": "<secret: set>"}}}, "params.oauth2.client_secret", "shows in place"),
        ({"params": {"oauth2": {"client_secret": "{{ secret }}"}}}, "params.oauth2.client_secret", "nobody rendered"),
        ({"schema": {"name": ""}}, "schema.name", "must not be empty"),
        ({"schema": {"name": " "}}, "schema.name", "must not be empty"),
    ],
)
def test_texts_that_are_none(fields: dict[str, Any], field: str, words: str) -> None:
    alone = problems(EMAIL_PROFILE, {"name": "a", **fields})
    listed = problems(EMAIL_PROFILES_SYNC, {"profiles": [{"name": "a", **fields}]})
    assert list(alone) == [field]
    assert words in alone[field]
    assert list(listed) == [f"profiles[0].{field}"]
    assert listed[f"profiles[0].{field}"].startswith("(a) ")
    assert words in listed[f"profiles[0].{field}"]


@pytest.mark.parametrize("element", [None, "x", 5, [{"name": "a"}]])
def test_an_element_that_is_no_mapping_has_one_problem(element: object) -> None:
    found = problems(EMAIL_PROFILES_SYNC, {"profiles": [element, {"name": "b", "smtp_port": 0}]})
    assert list(found) == ["profiles[0]", "profiles[1].smtp_port"]
    assert found["profiles[1].smtp_port"].startswith("(b) ")


@pytest.mark.parametrize(("value", "what"), [(5, "a number"), (True, "a boolean"), ("a,b", "a text")])
def test_a_list_that_is_none(value: object, what: str) -> None:
    found = problems(EMAIL_PROFILES_SYNC, {"profiles": value})
    assert found["profiles"] == f"must be a list of mappings, not {what}"


@pytest.mark.parametrize(("port", "is_warned_of"), [(143, True), (993, False), (1143, False)])
@pytest.mark.parametrize("many", [False, True])
def test_imap_begins_with_tls_on_every_port(
    conversation: Conversation, cloud: Runner, port: int, is_warned_of: bool, many: bool
) -> None:
    conversation.expect(LIST).answers({"items": [{"id": "1", "name": "a"}]})
    conversation.expect("GET /email/profile/1").answers({"id": "1", "name": "a", "imap_port": 99})
    if many:
        entry = all_options(EMAIL_PROFILES_SYNC.argument_spec["profiles"]["options"], {"name": "a", "imap_port": port})
        cloud.run(EMAIL_PROFILES_SYNC, profiles=[entry], check_mode=True)
    else:
        cloud.run(EMAIL_PROFILE, name="a", imap_port=port, check_mode=True)
    assert len(cloud.warnings) == is_warned_of
    assert all("imap_port is 143: servers begin in clear there" in warning for warning in cloud.warnings)
