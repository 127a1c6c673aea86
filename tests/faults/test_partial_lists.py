# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A part of a list is never taken for the whole of it: nothing is created, and nothing pruned."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.mailfleet.email.plugins.module_utils._products.itflex.specs import EMAIL_ACCOUNT
from ansible_collections.mailfleet.email.plugins.module_utils._products.itflex.sync_spec import EMAIL_ACCOUNTS_SYNC
from ansible_collections.mailfleet.email.plugins.module_utils._products.webitel.specs import (
    EMAIL_SETTINGS,
    EMAIL_SETTINGS_INFO,
)
from ansible_collections.mailfleet.email.plugins.module_utils._products.webitel.sync_spec import EMAIL_SETTINGS_SYNC
from ansible_collections.mailfleet.email.plugins.module_utils._products.webitel_cloud.specs import (
    EMAIL_PROFILE,
    EMAIL_PROFILE_INFO,
)
from ansible_collections.mailfleet.email.plugins.module_utils._products.webitel_cloud.sync_spec import (
    EMAIL_PROFILES_SYNC,
)
from tests.faults.hostile import HostileServer, document, whole
from tests.faults.reads import PATIENCE, TOKEN
from tests.integration.records import account, settings
from tests.unit.plugins.module_utils.running import Runner

LIVE = [{**account(name="Live"), "id": 1, "password": "x"}]
HEADERS = [
    "Content-Range: items 0-0/2",
    'Link: </api/email/accounts?page=2>; rel="next"',
    "X-Total-Count: 2",
    "X-Total-Pages: 2",
    "X-Has-More: true",
    "X-Next-Cursor: abc",
]


def _page(data: Any, *headers: str, status: int = 200) -> list[bytes]:
    import json

    return whole(json.dumps(data), "Content-Type: application/json", *headers, status=status)


def _runner(url: str) -> Runner:
    return Runner({"api_url": url, "access_token": TOKEN, "retries": 3, "timeout": PATIENCE})


@pytest.mark.parametrize(
    "answer",
    [
        *(pytest.param(_page(LIVE, header), id=header.partition(":")[0]) for header in HEADERS),
        *(pytest.param(_page(LIVE, status=status), id=str(status)) for status in (201, 202, 203, 206, 207, 226)),
        pytest.param(_page({"data": LIVE, "next": "/api/email/accounts?page=2"}), id="page with next"),
        pytest.param(_page({"items": LIVE, "total": 2}), id="page with total"),
        pytest.param(_page([], "X-Total-Count: 1"), id="empty"),
    ],
)
def test_a_part_of_the_accounts(answer: list[bytes]) -> None:
    with HostileServer.start(lambda _line: answer) as server:
        runner = _runner(server.url)
        results = [
            runner.run(EMAIL_ACCOUNT, **account(name="New")),
            runner.run(EMAIL_ACCOUNT, **account(name="New"), check_mode=True),
            runner.run(EMAIL_ACCOUNTS_SYNC, accounts=[account(name="New")], prune=True),
        ]
        lines = [request.partition(b" ")[0] for request in server.received]
    assert set(lines) == {b"GET"}
    for result in results:
        assert result["failure"]["kind"] == "answer"
        assert "Check api_url" in result["msg"]


@pytest.mark.parametrize(
    "answer",
    [
        *(pytest.param(_page({"info": {"a.example": {}}}, header), id=header.partition(":")[0]) for header in HEADERS),
        *(pytest.param(_page({"info": {"a.example": {}}}, status=status), id=str(status)) for status in (202, 206)),
        pytest.param(_page({"info": {"a.example": {}}, "next": "/api/v2/domains?page=2"}), id="next"),
        pytest.param(_page({"data": {"a.example": {}}, "paging": {"total": 2}}), id="total"),
    ],
)
def test_a_part_of_the_domains(answer: list[bytes]) -> None:
    def answers(line: str) -> list[bytes]:
        if "whoami" in line:
            return document({"domain": None})
        return answer if "domains" in line else document({"domain": "a.example", **settings()})

    with HostileServer.start(answers) as server:
        runner = _runner(server.url)
        results = [
            runner.run(EMAIL_SETTINGS_INFO),
            runner.run(EMAIL_SETTINGS_SYNC, settings=[{"domain": "b.example", **settings()}], prune=True),
        ]
        lines = [request.partition(b" ")[0] for request in server.received]
    assert set(lines) == {b"GET"}
    for result in results:
        assert result["failure"]["kind"] == "answer", result["msg"]


PROFILES = {"items": [{"id": "1", "name": "Live"}]}


@pytest.mark.parametrize(
    "answer",
    [
        *(pytest.param(_page(PROFILES, header), id=header.partition(":")[0]) for header in HEADERS),
        *(pytest.param(_page(PROFILES, status=status), id=str(status)) for status in (201, 202, 203, 206, 207, 226)),
        pytest.param(_page({**PROFILES, "total": 2}), id="total"),
        pytest.param(_page({**PROFILES, "next_page_token": "x"}), id="token"),
        pytest.param(_page({**PROFILES, "page": {"next": "x"}}), id="page with next"),
        pytest.param(_page({"items": [], "total_count": "1"}), id="empty"),
        pytest.param(_page({**PROFILES, "next": True}), id="no end"),
    ],
)
def test_a_part_of_the_profiles(answer: list[bytes]) -> None:
    with HostileServer.start(lambda _line: answer) as server:
        runner = _runner(server.url)
        new: dict[str, Any] = {"name": "New", "schema": {"id": 1}}
        results = [
            runner.run(EMAIL_PROFILE_INFO),
            runner.run(EMAIL_PROFILE, **new),
            runner.run(EMAIL_PROFILES_SYNC, profiles=[new], prune=True, erase_stored_mail=True),
        ]
        lines = [request.partition(b" ")[0] for request in server.received]
    assert set(lines) == {b"GET"}
    for result in results:
        assert result["failure"]["kind"] == "answer", result["msg"]


@pytest.mark.parametrize("status", [201, 202, 203, 206])
def test_settings_that_are_not_whole(status: int) -> None:
    answer = _page({"domain": "a.example", **settings()}, status=status)
    with HostileServer.start(lambda _line: answer) as server:
        result = _runner(server.url).run(EMAIL_SETTINGS, domain="a.example", **settings(port=1))
        assert len(server.received) == 1
    assert f"the answer ({status}) is not the server's last and whole word" in result["msg"]


@pytest.mark.parametrize("status", [202, 203, 206])
def test_a_write_that_is_only_accepted_is_looked_into(status: int) -> None:
    """Of an answer such as 202, nobody knows whether the server has done it."""
    made = {**account(name="New"), "id": 2}
    lists = iter([document([]), document([made])])
    with HostileServer.start(
        lambda line: next(lists) if line.startswith("GET") else _page({}, status=status)
    ) as server:
        result = _runner(server.url).run(EMAIL_ACCOUNT, **account(name="New"))
        assert [request.partition(b" ")[0] for request in server.received] == [b"GET", b"POST", b"GET"]
    assert result["action"] == "created"
