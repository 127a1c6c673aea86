# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The two _info modules: one, several or all records; filters; never a secret."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.mailfleet.email.plugins.module_utils._products.itflex.info_spec import EMAIL_ACCOUNT_INFO
from ansible_collections.mailfleet.email.plugins.module_utils._products.webitel.specs import EMAIL_SETTINGS_INFO
from tests.unit.plugins.module_utils._products.itflex.accounts import ACCOUNTS, live
from tests.unit.plugins.module_utils._products.webitel.records import (
    DOMAIN,
    GET,
    NOT_FOUND,
    RECORD,
    WHOAMI,
    changed,
    stored,
)
from tests.unit.plugins.module_utils.conversation import Conversation
from tests.unit.plugins.module_utils.running import Runner

LIVE = [
    live(id=1, name="One", default=True),
    live("hash_auth", id=2, name="Two", email="Two@example.com"),
    live(id=3, name="Three", has_auth=False, password=None, smtp_port="25"),
]


@pytest.mark.parametrize(
    ("options", "ids"),
    [
        ({}, [1, 2, 3]),
        ({"id": [3, 1, 9]}, [1, 3]),
        ({"name": ["Two"]}, [2]),
        ({"email": ["Two@EXAMPLE.com", "three@x"]}, [2]),
        ({"id": [1], "name": ["Three"]}, [1, 3]),
        ({"id": []}, []),
        ({"name": ["Nobody"]}, []),
        ({"filters": {"has_auth": True}}, [1, 2]),
        ({"filters": {"smtp_port": 25}}, [3]),
        ({"filters": {"smtp_port": "465", "default": True}}, [1]),
        ({"id": [1, 2], "filters": {"default": False}}, [2]),
    ],
)
def test_accounts(conversation: Conversation, itflex: Runner, options: dict[str, Any], ids: list[int]) -> None:
    conversation.expect(f"GET {ACCOUNTS}").answers(LIVE)
    result = itflex.run(EMAIL_ACCOUNT_INFO, **options)
    assert result["changed"] is False
    assert [account["id"] for account in result["email_accounts"]] == ids
    assert not any(account.get("password") or "hash_auth" in account for account in result["email_accounts"])
    assert "hunter2" not in json.dumps(result)


@pytest.mark.parametrize(
    ("filters", "field"),
    [
        ({"password": "hunter2"}, "filters.password"),
        ({"port": 25}, "filters.port"),
        ({"a.token": 1}, "filters.a.token"),
    ],
)
def test_filters_of_accounts_that_cannot_be(itflex: Runner, filters: dict[str, Any], field: str) -> None:
    result = itflex.run(EMAIL_ACCOUNT_INFO, filters=filters)
    assert result["failed"]
    assert field in [problem["field"] for problem in result["failure"]["problems"]]
    assert "hunter2" not in json.dumps(result)


def test_settings_of_given_domains(conversation: Conversation, webitel: Runner) -> None:
    conversation.expect(GET).answers(stored())
    conversation.expect(GET.replace(DOMAIN, "b.example")).answers(**NOT_FOUND)
    conversation.expect(WHOAMI).answers({"domain": None})
    result = webitel.run(EMAIL_SETTINGS_INFO, domains=[DOMAIN, "b.example"])
    shown = {**changed(RECORD, "options.auth.pass", ...), "domain": DOMAIN}
    secrets = [{"path": ["options", "auth", "pass"], "readable": True}]
    assert result == {"changed": False, "email_settings": [shown], "secret_fields": [secrets]}


@pytest.mark.parametrize("name", ["info", "data"])
@pytest.mark.parametrize("unnamed", [{}, None, {"domain": None}, {"domain": ""}, {"id": "b", "user": "1"}])
def test_settings_of_all_domains(conversation: Conversation, webitel: Runner, name: str, unnamed: Any) -> None:
    """The engine lists with `info`, the vendor's page with `data`; the key is the domain of an entry without one."""
    conversation.expect(WHOAMI).answers({"domain": None})
    listing = {"status": "OK", name: {"b.example": unnamed, "1": {"domain": DOMAIN}}}
    conversation.expect("GET /api/v2/domains").answers(listing)
    conversation.expect(GET).answers(stored())
    conversation.expect(GET.replace(DOMAIN, "b.example")).answers(stored(domain="b.example"))
    result = webitel.run(EMAIL_SETTINGS_INFO)
    assert [record["domain"] for record in result["email_settings"]] == [DOMAIN, "b.example"]


def test_settings_of_the_one_domain_of_a_token(conversation: Conversation, webitel: Runner) -> None:
    conversation.expect(WHOAMI).answers({"domain": DOMAIN})
    conversation.expect(GET).answers(stored())
    assert len(webitel.run(EMAIL_SETTINGS_INFO)["email_settings"]) == 1


@pytest.mark.parametrize("domains", [[], ()])
def test_settings_of_no_domain(webitel: Runner, domains: Any) -> None:
    assert webitel.run(EMAIL_SETTINGS_INFO, domains=domains)["email_settings"] == []


@pytest.mark.parametrize(
    ("filters", "fits"),
    [
        ({"options.port": "465"}, True),
        ({"options.tls.minVersion": "TLSv1.2", "domain": DOMAIN}, True),
        ({"options.debug": None}, True),
        ({"options.secure": 1}, True),
        ({"options.secure": "yes"}, True),
        ({"options.secure": "false"}, False),
        ({"options.tls.rejectUnauthorized": "true"}, True),
        ({"options.port.name": None}, True),
        ({"options": {"port": 465}}, True),
        ({"options": {"tls": {"minVersion": "TLSv1.2"}, "secure": "on"}}, True),
        ({"options": {"port": 25}}, False),
        ({"options": {"debug": None}}, True),
    ],
)
def test_filters_of_settings(conversation: Conversation, webitel: Runner, filters: dict[str, Any], fits: bool) -> None:
    conversation.expect(GET).answers(stored())
    assert bool(webitel.run(EMAIL_SETTINGS_INFO, domains=[DOMAIN], filters=filters)["email_settings"]) is fits


@pytest.mark.parametrize(
    ("filters", "field"),
    [
        ({"options.secure": "perhaps"}, "options.secure"),
        ({"options.port.name": 1}, "options.port.name"),
        ({"options.port": "many"}, "options.port"),
        ({"options": {"secure": "perhaps"}}, "options.secure"),
        ({"options": {"auth": {"pass": "hunter2"}}}, "options.auth.pass"),
        ({"options.host": ["a", "b"]}, "options.host"),
        ({"options.host": True}, "options.host"),
        ({"description": 1.5}, "description"),
        ({"options": "host"}, "options"),
        ({"options": {}}, "options"),
        ({"domain": {"name": "a"}}, "domain.name"),
    ],
)
def test_filters_that_cannot_be_meant(webitel: Runner, filters: dict[str, Any], field: str) -> None:
    result = webitel.run(EMAIL_SETTINGS_INFO, domains=[DOMAIN], filters=filters)
    assert [problem["field"] for problem in result["failure"]["problems"]] == [f"filters.{field}"]


@pytest.mark.parametrize("filters", [{"port": 25}, {"options.prot": 25}, {"options": {"tls": {"version": 1}}}])
def test_a_filter_for_what_no_record_has(conversation: Conversation, webitel: Runner, filters: dict[str, Any]) -> None:
    conversation.expect(GET).answers(stored())
    assert webitel.run(EMAIL_SETTINGS_INFO, domains=[DOMAIN], filters=filters)["email_settings"] == []
    (warning,) = webitel.warnings
    assert "none of the records has this field" in warning


def test_a_filter_that_reads_like_a_boolean(conversation: Conversation, webitel: Runner) -> None:
    conversation.expect(GET).answers(stored())
    filters = {"options.mine": "true", "description": "no"}
    webitel.run(EMAIL_SETTINGS_INFO, domains=[DOMAIN], filters=filters, shown_fields=["options.extra.mine"])
    (warning,) = webitel.warnings
    assert warning.startswith("filters.options.mine is a text that reads like a boolean")


def test_all_problems_at_once(webitel: Runner) -> None:
    result = webitel.run(EMAIL_SETTINGS_INFO, domains=["a b", DOMAIN, ""], filters={"options.auth.pass": "hunter2"})
    fields = [problem["field"] for problem in result["failure"]["problems"]]
    assert fields == ["filters.options.auth.pass", "domains[0]", "domains[2]"]
    assert "hunter2" not in json.dumps(result)


@pytest.mark.parametrize(
    ("answer", "domains"),
    [
        ({"info": {}}, []),
        ({"info": {DOMAIN: {"domain": DOMAIN}}, "data": {"b.example": {}}}, [DOMAIN]),
        ({"info": "all of them", "data": {DOMAIN: {}}}, [DOMAIN]),
        ({"info": {DOMAIN: {}, "again": {"domain": DOMAIN}}}, [DOMAIN]),
    ],
    ids=["none", "info and data", "info in words", "one twice"],
)
def test_listings_of_domains(
    conversation: Conversation, webitel: Runner, answer: dict[str, Any], domains: list[str]
) -> None:
    conversation.expect(WHOAMI).answers({"domain": None})
    conversation.expect("GET /api/v2/domains").answers(answer)
    for domain in domains:
        conversation.expect(GET.replace(DOMAIN, domain)).answers(stored(domain=domain))
    assert [entry["domain"] for entry in webitel.run(EMAIL_SETTINGS_INFO)["email_settings"]] == domains


@pytest.mark.parametrize(
    "answer",
    [[], {}, {"data": []}, {"data": {"a": 5}}, {"info": []}, {"info": {"a": "b"}}, {"info": {"a": {"domain": 5}}}],
)
def test_domains_of_another_shape(conversation: Conversation, webitel: Runner, answer: Any) -> None:
    conversation.expect(WHOAMI).answers({"domain": None})
    conversation.expect("GET /api/v2/domains").answers(answer)
    assert webitel.run(EMAIL_SETTINGS_INFO)["failure"]["kind"] == "answer"


def test_credentials_that_may_not_list_the_domains(conversation: Conversation, webitel: Runner) -> None:
    conversation.expect(WHOAMI).answers({"domain": None})
    conversation.expect("GET /api/v2/domains").answers({"status": "error", "info": "Permission denied!"}, status=403)
    result = webitel.run(EMAIL_SETTINGS_INFO)
    assert result["failure"]["kind"] == "credentials"
    said = "These credentials may not list the domains of the server: name them with domain"
    assert "Permission denied!" in result["msg"]
    assert result["msg"].endswith(said)
