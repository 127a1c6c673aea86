# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Arguments validated without a module: the same outcome, and documents of many records without the detour."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.mailfleet.email.plugins.module_utils._arguments import argument_error
from ansible_collections.mailfleet.email.plugins.module_utils._engine.schema import Problem
from ansible_collections.mailfleet.email.plugins.module_utils._outcome import masked_arguments
from ansible_collections.mailfleet.email.plugins.module_utils._products.itflex.info_spec import EMAIL_ACCOUNT_INFO
from ansible_collections.mailfleet.email.plugins.module_utils._products.itflex.specs import EMAIL_ACCOUNT
from ansible_collections.mailfleet.email.plugins.module_utils._products.itflex.sync_spec import EMAIL_ACCOUNTS_SYNC
from ansible_collections.mailfleet.email.plugins.module_utils._products.webitel.specs import EMAIL_SETTINGS
from ansible_collections.mailfleet.email.plugins.module_utils._products.webitel.sync_spec import EMAIL_SETTINGS_SYNC
from ansible_collections.mailfleet.email.plugins.module_utils._products.webitel_cloud.specs import EMAIL_PROFILE
from ansible_collections.mailfleet.email.plugins.module_utils._validation import validated
from tests.unit.plugins.module_utils.modules import module_output

HIDDEN = "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"


def test_types_defaults_aliases_and_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ITFLEX_API_URL", "https://appliance.example.com")
    params, errors, warnings = validated(
        EMAIL_ACCOUNT, {"name": "n", "hash_auth": "yes", "smtp_port": "25", "access_token": "t"}
    )
    assert (errors, warnings) == ([], [])
    assert (params["has_auth"], params["smtp_port"], params["state"], params["timeout"]) == (True, 25, "present", 30.0)
    assert params["api_url"] == "https://appliance.example.com"
    assert params["email"] is None


def test_records_of_their_declared_types_are_taken_as_they_are() -> None:
    records = [{"name": "n", "smtp_port": 25, "has_auth": True, "service": "gmail", "password": None}]
    params, errors, warnings = validated(EMAIL_ACCOUNTS_SYNC, {"accounts": records})
    assert (errors, warnings) == ([], [])
    assert params["accounts"][0] is records[0]
    assert (params["concurrency"], params["prune_limit"]) == (8, "25%")


@pytest.mark.parametrize(
    ("record", "found"),
    [
        ({"name": "n", "smtp_port": "25"}, {"smtp_port": 25}),
        ({"name": "n", "hash_auth": True}, {"has_auth": True}),
        ({"name": "n", "has_auth": "no"}, {"has_auth": False}),
        ({"name": "5", "has_auth": "no"}, {"name": "5"}),
    ],
)
def test_other_records_are_converted(record: dict[str, Any], found: dict[str, Any]) -> None:
    params, errors, warnings = validated(EMAIL_ACCOUNTS_SYNC, {"accounts": [{"name": "a"}, record]})
    assert (errors, warnings) == ([], [])
    assert {name: params["accounts"][1][name] for name in found} == found


@pytest.mark.parametrize(
    "record",
    [{"name": "n", "smtp_prot": 25}, {"service": "yahoo"}, {"smtp_port": "many"}, {"smtp_port": [1]}, "n", 5, None],
)
def test_wrong_records_are_found(record: Any) -> None:
    arguments = {"accounts": [{"name": "a"}, record], "api_url": "https://a", "access_token": "t"}
    params, errors, _warnings = validated(EMAIL_ACCOUNTS_SYNC, arguments)
    assert errors
    error = argument_error(EMAIL_ACCOUNTS_SYNC, errors, params, set(arguments))
    assert str(error).startswith("email_accounts_sync: ")


@pytest.mark.parametrize(
    ("module", "arguments"),
    [
        (EMAIL_ACCOUNT, {"name": "n", "service": None, "smtp_crypt": None, "smtp_auth_mechanism": None}),
        (EMAIL_ACCOUNT, {"name": "n", "state": None, "update_password": None, "timeout": None, "retries": None}),
        (EMAIL_SETTINGS, {"domain": "d", "state": None, "replace": None, "options": {"host": None, "tls": None}}),
        (EMAIL_SETTINGS, {"domain": "d", "options": {"auth": {"user": None, "password": None}}}),
        (EMAIL_ACCOUNTS_SYNC, {"accounts": [{"name": "n", "service": None, "state": None}], "on_error": None}),
        (EMAIL_ACCOUNTS_SYNC, {"accounts": [{"name": "n", "smtp_port": "25", "service": None}]}),
        (EMAIL_ACCOUNTS_SYNC, {"accounts": [], "defaults": {"service": None, "state": None}}),
    ],
)
def test_null_means_not_given(module: Any, arguments: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    params, errors, warnings = validated(module, arguments)
    assert (errors, warnings) == ([], [])
    for name, option in module.argument_spec.items():
        if name in arguments and arguments[name] is None:
            assert params[name] == option.get("default"), name
    # As a module, it comes as far as to the credentials that are missing.
    result = module_output(module, arguments, capsys)
    assert {problem["field"] for problem in result["failure"]["problems"]} == {"api_url", "access_token"}


def test_null_is_a_value_within_extra() -> None:
    options = {"host": None, "extra": {"name": None, "dkim": {"a": None}}}
    params, errors, _warnings = validated(EMAIL_SETTINGS, {"domain": "d", "options": options})
    assert errors == []
    assert params["options"]["extra"] == options["extra"]
    assert params["options"]["host"] is None


@pytest.mark.parametrize(("module", "arguments"), [(EMAIL_SETTINGS, {"domain": None}), (EMAIL_ACCOUNT, {"name": None})])
def test_null_for_what_is_required(module: Any, arguments: dict[str, Any]) -> None:
    _params, errors, _warnings = validated(module, arguments)
    assert any("is missing: give" in str(problem) for problem in errors)


@pytest.mark.parametrize("element", ["x", None, 5, ["x"]])
def test_an_element_that_is_no_mapping_moves_no_other(element: Any) -> None:
    """Index, name and order of the problems after it stay right."""
    arguments = {
        "accounts": [
            element,
            {"smtp_port": 25},
            {"name": "B", "smtp_port": 0, "email": "b@example.com"},
            {"name": "B"},
        ],
        "api_url": "https://a",
        "access_token": "t",
    }
    params, errors, _warnings = validated(EMAIL_ACCOUNTS_SYNC, arguments)
    error = argument_error(EMAIL_ACCOUNTS_SYNC, errors, params, set(arguments))
    assert [problem.field for problem in error.problems] == [
        "accounts[0]",
        "accounts[1]",
        "accounts[2].smtp_port",
        "accounts[3]",
    ]
    assert error.problems[0].message.startswith("must be a mapping of options to values, not ")
    assert error.problems[2].message.startswith("(B) must be a port")
    assert "same record as accounts[2]" in error.problems[3].message


@pytest.mark.parametrize(
    ("record", "field", "words"),
    [
        ({"name": "A", "smtp_port": "many"}, "smtp_port", "(A) must be a whole number, not a text"),
        ({"name": "A", "smtp_port": [1]}, "smtp_port", "(A) must be a whole number, not a list"),
        ({"name": "A", "smtp_port": 2.5}, "smtp_port", "(A) must be a whole number, not a number with a fraction"),
        ({"id": 5, "has_auth": "perhaps"}, "has_auth", "(id 5) must be true or false, not a text"),
        (
            {"email": "a@b", "smtp_crypt": "tls"},
            "smtp_crypt",
            "(a@b) must be one of none, ssl-tls, starttls, not 'tls'",
        ),
        (
            {"name": "A", "smtp_crypt": "ssl tls"},
            "smtp_crypt",
            "(A) must be one of none, ssl-tls, starttls, not a text",
        ),
        ({"name": "A", "hash_aut": True}, "hash_aut", "Is has_auth meant?"),
        ({"name": "A", "colour": 1}, "colour", "(A) is no option here; these are: default, email, "),
    ],
)
def test_type_errors_name_record_field_what_came_and_what_would_do(
    record: dict[str, Any], field: str, words: str
) -> None:
    _params, errors, _warnings = validated(EMAIL_ACCOUNTS_SYNC, {"accounts": [{"name": "Z"}, record]})
    (problem,) = errors
    assert problem.field == f"accounts[1].{field}"
    assert words in problem.message


@pytest.mark.parametrize(
    ("options", "field", "words"),
    [
        ({"requireTLS": True}, "requireTLS", "What the server knows besides stands in options.extra.requireTLS"),
        ({"auth": {"type": "login"}}, "auth.type", "What the server knows besides stands in options.extra.auth.type"),
        ({"tls": {"minVersion": "TLSv1"}}, "tls.minVersion", "besides stands in options.extra.tls.minVersion"),
        ({"hots": "h"}, "hots", "is no option of options; these are: auth, debug, extra, host"),
        ({"auth": {"method": "x"}}, "auth.method", "is no option of auth; these are: pass, user"),
        ({"tls": "yes"}, "tls", "must be a mapping, not a text"),
        ({"auth": {"user": "u"}, "port": "x"}, "port", "must be a whole number, not a text"),
    ],
)
@pytest.mark.parametrize("many", [False, True])
def test_type_errors_name_the_level(options: dict[str, Any], field: str, words: str, many: bool) -> None:
    record = {"domain": "a.example", "options": options}
    module, where = (EMAIL_SETTINGS_SYNC, "settings[0].options") if many else (EMAIL_SETTINGS, "options")
    _params, errors, _warnings = validated(module, {"settings": [record]} if many else record)
    (problem,) = errors
    assert problem.field == f"{where}.{field}"
    assert words.replace("options.extra", f"{where}.extra") in problem.message


@pytest.mark.parametrize("value", [5, 1.5, True, {"a": 1}, "x"])
def test_what_is_no_list_of_records_is_reported(value: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing at all would be described."""
    _params, errors, _warnings = validated(EMAIL_ACCOUNTS_SYNC, {"accounts": value})
    result = module_output(EMAIL_ACCOUNTS_SYNC, {"accounts": value}, capsys)
    for problems in (errors, [Problem(**found) for found in result["failure"]["problems"]]):
        found = {problem.field: problem.message for problem in problems}
        assert found["accounts"].startswith("must be a list"), found


@pytest.mark.parametrize("value", [5, 1.5, True, [1], [True], [[1]], ["ab"], "x"])
@pytest.mark.parametrize(
    ("module", "path"),
    [
        (EMAIL_SETTINGS, "options"),
        (EMAIL_SETTINGS, "options.auth"),
        (EMAIL_PROFILE, "params"),
        (EMAIL_PROFILE, "params.oauth2"),
        (EMAIL_ACCOUNTS_SYNC, "defaults"),
        (EMAIL_ACCOUNTS_SYNC, "plan"),
        (EMAIL_SETTINGS_SYNC, "defaults.options.tls"),
    ],
)
def test_what_is_no_mapping_of_options_is_reported(
    module: Any, path: str, value: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    """ansible-core breaks off where it looks for options in a number, or in the numbers of a list."""
    arguments: Any = value
    for name in reversed(path.split(".")):
        arguments = {name: arguments}
    _params, errors, _warnings = validated(module, arguments)
    result = module_output(module, arguments, capsys)
    for problems in (errors, [Problem(**found) for found in result["failure"]["problems"]]):
        found = {problem.field: problem.message for problem in problems}
        assert found[path].startswith("must be a mapping, not "), found


@pytest.mark.parametrize("text", ["[{'name': 'A'}, {'name': 'B'}]", "A, B", ""])
def test_a_text_in_the_place_of_records_is_one_problem(text: str) -> None:
    """As a variable with a date in it becomes, before ansible-core 2.19."""
    arguments = {"accounts": text, "api_url": "https://a", "access_token": "t"}
    params, errors, _warnings = validated(EMAIL_ACCOUNTS_SYNC, arguments)
    error = argument_error(EMAIL_ACCOUNTS_SYNC, errors, params, set(arguments))
    assert [str(problem) for problem in error.problems] == ["accounts: must be a list of mappings, not a text"]


def test_items_of_lists_are_named() -> None:
    _params, errors, _warnings = validated(EMAIL_ACCOUNT_INFO, {"id": [1, "x"], "name": {"a": 1}})
    assert [str(problem) for problem in errors] == [
        "id[1]: must be a whole number, not a text",
        "name: must be a list, not a mapping",
    ]


def test_what_ansible_finds_and_what_the_spec_finds_come_together() -> None:
    params, errors, _warnings = validated(EMAIL_ACCOUNT, {"unknown": 1, "smtp_port": "many", "email": "x"})
    error = argument_error(EMAIL_ACCOUNT, errors, params, {"email"})
    texts = [str(problem) for problem in error.problems]
    for words in ("unknown", "smtp_port", "api_url: is missing", "access_token: credentials", "email: must be"):
        assert any(words in text for text in texts), words


def test_masked_arguments_of_many_records() -> None:
    arguments = {"accounts": [{"name": "n", "password": "hunter2"}], "defaults": {"password": "hunter2", "name": "n"}}
    shown = masked_arguments(arguments, EMAIL_ACCOUNTS_SYNC.argument_spec)
    assert shown == {"accounts": "1 records", "defaults": {"password": HIDDEN, "name": "n"}}


@pytest.mark.parametrize(
    ("arguments", "shown"),
    [
        ({"accounts": "hunter2"}, {"accounts": HIDDEN}),
        ({"defaults": "password=hunter2"}, {"defaults": HIDDEN}),
        ({"defaults": ["hunter2"]}, {"defaults": HIDDEN}),
        ({"unknown": "hunter2"}, {"unknown": HIDDEN}),
        ({"api_url": "https://user:hunter2@a"}, {"api_url": HIDDEN}),
        ({"defaults": {"smtp_server": "user:hunter2@a"}}, {"defaults": {"smtp_server": HIDDEN}}),
        ({"defaults": {"email": "smtp://user:hunter2@a"}}, {"defaults": {"email": HIDDEN}}),
        ({"defaults": {"email": "alerts@example.com"}}, {"defaults": {"email": "alerts@example.com"}}),
        ({"api_url": "https://a", "access_token": None}, {"api_url": "https://a", "access_token": None}),
        ({"access_token": "hunter2"}, {"access_token": HIDDEN}),
    ],
)
def test_masked_arguments(arguments: dict[str, Any], shown: dict[str, Any]) -> None:
    assert masked_arguments(arguments, EMAIL_ACCOUNTS_SYNC.argument_spec) == shown


@pytest.mark.parametrize(
    ("options", "field", "words"),
    [
        ({"accounts": [{"id": True}]}, "accounts[0].id", "must be a whole number, not a boolean"),
        ({"defaults": {"smtp_port": False}}, "defaults.smtp_port", "must be a whole number, not a boolean"),
        ({"concurrency": True}, "concurrency", "must be a whole number, not a boolean"),
        ({"timeout": True}, "timeout", "must be a number, not a boolean"),
    ],
)
def test_a_boolean_is_no_number(options: dict[str, Any], field: str, words: str) -> None:
    """`id: true` would be the record 1."""
    arguments = {"accounts": [], "api_url": "https://a", "access_token": "t", **options}
    _params, problems, _warnings = validated(EMAIL_ACCOUNTS_SYNC, arguments)
    assert [(problem.field, problem.message.rpartition(") ")[2]) for problem in problems] == [(field, words)]
