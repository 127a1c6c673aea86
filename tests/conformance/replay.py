# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sends recorded requests to the sandbox, in their order, with its credentials in the place of the recorded ones."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import requests

from tests.conformance.comparison import differences
from tests.conformance.recording import Answer, Exchange, exchanges

if TYPE_CHECKING:
    from tests.sandbox.client import Sandbox

# The domains that the recorded server had.
_DOMAINS = ("root.example", *(f"d{number}.example" for number in range(25)), "my.example", "other.example")
_RECORDED_PASSWORD = b'"rootpw"'


def replayed(sandbox: Sandbox) -> dict[str, dict[str, str]]:
    """Return what differs in each exchange, by its name; the sandbox begins with an empty store, as the server did."""
    sandbox.reset()
    sandbox.add_domains(*_DOMAINS)
    credentials = _credentials(sandbox)
    password = json.dumps(sandbox.ready["webitel"]["password"]).encode()
    found = {}
    with requests.Session() as session:
        session.trust_env = False
        for exchange in exchanges():
            body = exchange.body and exchange.body.replace(_RECORDED_PASSWORD, password)
            answer = _answer(session, sandbox, exchange, body, credentials[exchange.credentials])
            found[exchange.name] = differences(exchange.answer, answer)
    return found


def _answer(
    session: requests.Session, sandbox: Sandbox, exchange: Exchange, body: bytes | None, credentials: dict[str, str]
) -> Answer:
    response = session.request(
        exchange.method,
        sandbox.ready["webitel"]["api_url"] + exchange.path,
        data=body,
        headers={**exchange.headers, **credentials},
        timeout=30,
        allow_redirects=False,
    )
    return Answer(response.status_code, response.headers.get("Content-Type", ""), _parsed(response))


def _parsed(response: requests.Response) -> Any:
    try:
        return response.json()
    except requests.JSONDecodeError:
        return response.text


def _credentials(sandbox: Sandbox) -> dict[str, dict[str, str]]:
    """Return the headers for each of the recording's words about credentials."""
    root = sandbox.ready["webitel"]
    root_token, bound = {"X-Access-Token": root["access_token"]}, sandbox.tokens("my.example", "user")
    return {
        "none": {},
        "an unknown token, no key": {"X-Access-Token": "unknown"},
        "user_token_of_root": {**root_token, "X-Key": root["key"]},
        "user_token_of_root, without its key": root_token,
        "user_token_of_root, with a wrong key": {**root_token, "X-Key": "wrong"},
        "domain_token_of_my.example": {"X-Access-Token": sandbox.tokens("my.example")["access_token"]},
        "user_token_bound_to_my.example": {"X-Access-Token": bound["access_token"], "X-Key": bound["key"]},
    }
