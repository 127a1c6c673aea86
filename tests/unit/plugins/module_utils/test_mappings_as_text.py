# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options that are mappings, written as JSON or as key=value: Ansible takes both, and the same rules hold in them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.mailfleet.email.plugins.module_utils._arguments import argument_error
from ansible_collections.mailfleet.email.plugins.module_utils._products.itflex.sync_spec import EMAIL_ACCOUNTS_SYNC
from ansible_collections.mailfleet.email.plugins.module_utils._products.webitel.specs import EMAIL_SETTINGS
from ansible_collections.mailfleet.email.plugins.module_utils._products.webitel.sync_spec import EMAIL_SETTINGS_SYNC
from ansible_collections.mailfleet.email.plugins.module_utils._products.webitel_cloud.specs import EMAIL_PROFILE
from ansible_collections.mailfleet.email.plugins.module_utils._validation import validated
from tests.unit.plugins.module_utils.modules import module_output

SERVER = {"api_url": "https://server.example.com", "access_token": "token"}
SPLIT = "must be a mapping: written as key=value, a secret loses its blanks"


def options_of(text: Any) -> dict[str, Any]:
    """The `options` of a task, whole."""
    params, found, _warnings = validated(EMAIL_SETTINGS, {**SERVER, "domain": "a.example", "options": text})
    assert found == []
    found_options: dict[str, Any] = params["options"]
    return found_options


def both_ways(spec: Any, arguments: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> dict[str, str]:
    """The problems of a task by their fields, once it is sure that the module finds the same as the action."""
    params, found, _warnings = validated(spec, {**SERVER, **arguments})
    error = argument_error(spec, found, params, {*SERVER, *arguments})
    result = module_output(spec, {**SERVER, **arguments}, capsys)
    assert result["msg"] == str(error)
    assert "hunter2" not in json.dumps(result)
    return {problem.field: problem.message for problem in error.problems}


MAPPING: dict[str, Any] = {
    "host": "smtp.a.example",
    "port": 587,
    "secure": None,
    "auth": {"user": "u", "pass": "a b,c'd\\e=f"},
    "extra": {"name": None},
}


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(MAPPING),
        str(MAPPING),
        {**MAPPING, "auth": json.dumps(MAPPING["auth"])},
        {**MAPPING, "extra": json.dumps(MAPPING["extra"])},
        json.dumps({**MAPPING, "auth": json.dumps(MAPPING["auth"])}),
    ],
)
def test_json_means_the_same_as_the_mapping(text: Any) -> None:
    assert options_of(text) == options_of(MAPPING)


def test_key_and_value() -> None:
    found = options_of("host=smtp.a.example, port=587 secure=no")
    assert (found["host"], found["port"], found["secure"]) == ("smtp.a.example", 587, False)
    assert options_of({"tls": "reject_unauthorized=yes"})["tls"] == {"reject_unauthorized": True}


@pytest.mark.parametrize(
    ("options", "field", "words"),
    [
        ('{"auth": {"user": "u", "pass": 511}}', "options.auth.pass", "must be a text, not a number"),
        ('{"auth": {"user": "u", "pass": true}}', "options.auth.pass", "must be a text, not a boolean"),
        ('{"auth": {"user": true, "pass": "hunter2"}}', "options.auth.user", "must be a text, not a boolean"),
        ('{"auth": {"user": "u", "pass": "********"}}', "options.auth.pass", "what servers show"),
        ({"auth": '{"user": "u", "pass": 511}'}, "options.auth.pass", "must be a text, not a number"),
        ({"auth": "user=u pass=hunter2"}, "options.auth", SPLIT),
        ({"auth": "user=u,password='hunter2'"}, "options.auth", SPLIT),
        ({"auth": "user=u pass="}, "options.auth", SPLIT),
        ("host=a auth=pass=hunter2", "options", SPLIT),
        ('{"auth": "pass=hunter2"}', "options.auth", SPLIT),
        ('{"auth": {"user": "u", "pass": "hunter2"', "options", "must be a mapping, not a text"),
        ({"auth": "hunter2"}, "options.auth", "must be a mapping, not a text"),
        ('{"prot": 25}', "options.prot", "is no option of options"),
    ],
)
@pytest.mark.parametrize("many", [False, True])
def test_what_is_wrong_is_found_in_a_text_too(
    options: Any, field: str, words: str, many: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    record = {"domain": "a.example", "options": options}
    spec, arguments = (EMAIL_SETTINGS_SYNC, {"settings": [record]}) if many else (EMAIL_SETTINGS, record)
    found = both_ways(spec, arguments, capsys)
    assert list(found) == [f"settings[0].{field}" if many else field]
    assert words in next(iter(found.values()))


@pytest.mark.parametrize(
    ("spec", "arguments", "field", "words"),
    [
        (EMAIL_PROFILE, {"name": "a", "params": {"oauth2": "client_secret=hunter2"}}, "params.oauth2", SPLIT),
        (
            EMAIL_PROFILE,
            {"name": "a", "params": '{"oauth2": {"client_secret": 5}}'},
            "params.oauth2.client_secret",
            "must be a text, not a number",
        ),
        (EMAIL_ACCOUNTS_SYNC, {"accounts": [], "defaults": "password=hunter2"}, "defaults", SPLIT),
        (EMAIL_ACCOUNTS_SYNC, {"accounts": "name=A password=hunter2"}, "accounts", "must be a list of mappings"),
        (EMAIL_ACCOUNTS_SYNC, {"accounts": "name=A"}, "accounts", "must be a list of mappings, not a text"),
        (EMAIL_ACCOUNTS_SYNC, {"accounts": ['{"name": "A"}']}, "accounts[0]", "must be a mapping of options"),
    ],
)
def test_other_kinds(
    spec: Any, arguments: dict[str, Any], field: str, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    found = both_ways(spec, arguments, capsys)
    assert list(found) == [field]
    assert words in found[field]
