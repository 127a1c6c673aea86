# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The iTFLEX API for email accounts: its endpoints, its credentials, its error lists.

Sources: the vendor's pages on email accounts, authentication and errors; for the token endpoint's second address and
the reading of the status codes, the vendor's Python SDK.
"""

from __future__ import annotations

import re
import threading
import typing as t

from ..._engine.secret import Password, Secret, reveal
from ..._http.errors import ApiStatusError, Duplicated, InvalidResponse, NotAuthorized, NotFound, advice_for, quote_all
from ..._http.response import Response
from ..._http.session import Limits, Session

_ACCOUNTS = "/api/email/accounts"
_ID_AT_END = re.compile(rf"{_ACCOUNTS}/-?\d+$")
_TEMPLATES = "/api/openvpn/email/templates"
_TOKEN_PATHS = ("/api/v1/oauth2/token", "/api/oauth2/token")
_MOST_NAMED, _MOST_KEPT = 10, 100
_REASONS = {
    "duplicated": "another account has this value",
    "invalid": "the value is not valid",
    "required": "a value is required",
    "not_found": "what it refers to does not exist",
    "rule": "a rule of the server forbids it",
}


class ItflexApi:
    """The calls of one appliance. Give `access_token`, `refresh_token`, or both.

    With a refresh token, an access token is fetched when none is there, and once more when the server says 401.
    """

    def __init__(
        self,
        api_url: str,
        limits: Limits,
        *,
        access_token: Password | None = None,
        refresh_token: Password | None = None,
    ) -> None:
        self._access_token = access_token
        self._refresh_token = refresh_token
        self._old_tokens: tuple[Password | None, ...] = ()
        self._asking = threading.Lock()
        self.session = Session(api_url, limits, self._authorize)

    def close(self) -> None:
        """Close the connections. A fetched token is left to expire: the API has no call that ends one."""
        self.session.close()

    def list_accounts(self) -> Response:
        """`GET /api/email/accounts`: all accounts."""
        return self._call("GET", _ACCOUNTS).whole_list()

    def get_account(self, account_id: int) -> Response:
        """`GET /api/email/accounts/ID`: one account. Raises `NotFound`."""
        return self._call("GET", f"{_ACCOUNTS}/{account_id}")

    def create_account(self, account: dict[str, t.Any]) -> Response:
        """`POST /api/email/accounts`: create an account; the answer is the account with its `id`."""
        return self._call("POST", _ACCOUNTS, account)

    def update_account(self, account_id: int, account: dict[str, t.Any], secrets: t.Sequence[str] = ()) -> Response:
        """`PUT /api/email/accounts/ID`: replace an account; the answer is the account. Raises `NotFound`.

        `secrets` are secret texts beside those of the body, which no error repeats.
        """
        return self._call("PUT", f"{_ACCOUNTS}/{account_id}", account, secrets)

    def delete_account(self, account_id: int, secrets: t.Sequence[str] = ()) -> None:
        """`DELETE /api/email/accounts/ID`: delete an account, of whose `secrets` no error repeats one.

        Raises `NotFound`.
        """
        self._call("DELETE", f"{_ACCOUNTS}/{account_id}", secrets=secrets).without_content()

    def test_account(self, account: dict[str, t.Any], to_email: str) -> Response:
        """`POST /api/email/accounts/test`: send a test message through the given, whole account."""
        return self._call("POST", f"{_ACCOUNTS}/test", {**account, "to_email": to_email}).without_content()

    def list_templates(self) -> Response:
        """`GET /api/openvpn/email/templates`: the templates of messages, each with the id of its account.

        Source: the vendor's page on OpenVPN. An appliance without OpenVPN answers 404.
        """
        return self._call("GET", _TEMPLATES)

    def _call(
        self, method: str, path: str, body: dict[str, t.Any] | None = None, secrets: t.Sequence[str] = ()
    ) -> Response:
        if self._access_token is None:
            self._new_token(instead_of=None)
        token = self._access_token
        known = [*self._secrets(body), *secrets]
        answer = self.session.request(method, path, body=body, secrets=known)
        if answer.status == 401 and self._refresh_token is not None:
            self._new_token(instead_of=token)
            answer = self.session.request(method, path, body=body, secrets=[*self._secrets(body), *secrets])
        return self._judged(answer, [*self._secrets(body), *secrets])

    def _authorize(self, headers: dict[str, str]) -> None:
        headers["Authorization"] = f"Bearer {reveal(self._access_token)}"

    def _secrets(self, body: dict[str, t.Any] | None) -> list[str]:
        """What of a request must not be repeated in an error: the tokens, and the password where a body has one."""
        texts = (self._access_token, self._refresh_token, (body or {}).get("password"), *self._old_tokens)
        return [str(reveal(text)) for text in texts if text]

    def _new_token(self, instead_of: Password | None) -> None:
        """Fetch an access token in place of one that is missing or not accepted, once for all threads that lack it."""
        with self._asking:
            if self._access_token == instead_of:
                self._refresh_access_token()

    def _refresh_access_token(self) -> None:
        body = {"grant_type": "refresh_token", "refresh_token": reveal(self._refresh_token)}
        for path in _TOKEN_PATHS:
            answer = self.session.request(
                "POST", path, body=body, authorized=False, repeatable=True, secrets=self._secrets(None)
            )
            if answer.status != 404:
                break
        if answer.status in (400, 401, 403):
            raise NotAuthorized(
                answer.request, answer.status, "the server does not accept the refresh token", "Give a valid one"
            )
        token = self._judged(answer, self._secrets(None)).json()
        if not isinstance(token, dict) or not isinstance(token.get("access_token"), str):
            raise InvalidResponse(answer.request, "the answer holds no access token", "Check api_url")
        self._old_tokens += (self._access_token, self._refresh_token)
        self._access_token = Secret(token["access_token"])
        if isinstance(token.get("refresh_token"), str):
            # A server may exchange the refresh token as well; the old one is then worth nothing.
            self._refresh_token = Secret(token["refresh_token"])

    def _judged(self, answer: Response, secrets: list[str]) -> Response:
        """The answer of a request that was done. Raises `ApiStatusError` or one of its kinds for any other."""
        if answer.ok:
            return answer
        errors = _errors(answer.data, secrets)
        reason = "; ".join(_in_words(error) for error in errors[:_MOST_NAMED])
        if len(errors) > _MOST_NAMED:
            reason += f"; and {len(errors) - _MOST_NAMED} more"
        message = f"the server answers {answer.status}" + (f": {reason}" if reason else "")
        if answer.status in (401, 403):
            advice = "Give a valid access_token, or a valid refresh_token"
            raise NotAuthorized(answer.request, answer.status, message, advice, errors)
        if answer.status == 404 and _ID_AT_END.search(answer.request.url):
            raise NotFound(answer.request, answer.status, message, "", errors)
        if any(error["type"] == "duplicated" for error in errors):
            advice = "Give another value, or the id of the record that has it"
            raise Duplicated(answer.request, answer.status, message, advice, errors)
        advice = "Check what it names" if errors else advice_for(answer.status, "Check api_url, and the server's log")
        raise ApiStatusError(answer.request, answer.status, message, advice, errors)


def _errors(data: t.Any, secrets: list[str]) -> list[dict[str, str]]:
    """The vendor's error list, `field`, `type` and `msg` each, made fit for a message."""
    listed = data.get("errors") if isinstance(data, dict) else None
    errors = []
    for error in listed[:_MOST_KEPT] if isinstance(listed, list) else []:
        if not isinstance(error, dict):
            continue
        entry = {"field": str(error.get("field") or ""), "type": str(error.get("type") or "")}
        if error.get("msg"):
            entry["msg"] = str(error["msg"])
        errors.append(entry)
    return t.cast("list[dict[str, str]]", quote_all(errors, secrets))


def _in_words(error: dict[str, str]) -> str:
    reason = error.get("msg") or _REASONS.get(error["type"], error["type"])
    kind = f" ({error['type']})" if error["type"] and error.get("msg") else ""
    return f"{error['field']}: {reason}{kind}" if error["field"] else f"{reason}{kind}"
