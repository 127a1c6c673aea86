# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The Webitel API for email settings: its endpoints, its credentials, its ways of saying no.

Sources: the vendor's page on email settings, its public server `webitel/engine-nodejs` and documentation
`webitel/docs-en`.
"""

from __future__ import annotations

import threading
import typing as t
from contextlib import nullcontext
from urllib.parse import quote as url_quote
from urllib.parse import urlencode, urlsplit

from ..._engine.secret import Password, Secret, reveal
from ..._http.errors import (
    ApiError,
    ApiStatusError,
    InvalidResponse,
    NotAuthorized,
    NotFound,
    RedirectRefused,
    advice_for,
    quote,
)
from ..._http.response import Response
from ..._http.session import Limits, SecretPath, Session

_SETTINGS = "/api/v2/email/settings"
_LOGIN = "Check username and password"


class UnknownRoute(ApiStatusError):
    """The server has no such address: the configured one is not that of this API."""


class WebitelApi:
    """The calls of one server. Give `access_token` (with `key` for a user's token), or `username` and `password`.

    With a user name, the first call logs in, with the `login_code` if there is one, and `close` logs out.
    `uninterrupted` may hold back what would end the process while that is under way: a login that nobody knows of could
    not be ended.
    """

    def __init__(
        self,
        api_url: str,
        limits: Limits,
        *,
        access_token: Password | None = None,
        key: Password | None = None,
        username: str | None = None,
        password: Password | None = None,
    ) -> None:
        self._api_url = api_url.rstrip("/")
        self._access_token = access_token
        self._key = key
        self._username = username
        self._password = password
        self.login_code: Password | None = None
        self.uninterrupted: t.Callable[[], t.ContextManager[None]] = nullcontext
        self._logged_in = False
        self._login_failure: ApiError | None = None
        self._logging_in = threading.Lock()
        self.session = Session(api_url, limits, self._authorize)

    def close(self) -> ApiError | None:
        """Log out where this client logged in, and close the connections. Returns what went wrong, if anything."""
        with self.uninterrupted():
            try:
                if self._logged_in:
                    self._logged_in = False
                    self._log_out()
            except ApiError as exc:
                return exc
            finally:
                self.session.close()
            return None

    def _log_out(self) -> None:
        answer = self.session.request("POST", "/logout", body={}, repeatable=True, secrets=self._secrets())
        if answer.status == 401 and answer.tries > 1:
            # A try whose answer was lost has ended it.
            return
        self._judged(answer)

    def whoami(self) -> Response:
        """`GET /api/v2/whoami`: the caller as the server sees it; `domain` is null for one who may do all."""
        return self._call("GET", "/api/v2/whoami")

    def list_domains(self) -> Response:
        """`GET /api/v2/domains`: the domains of the server."""
        return self._call("GET", "/api/v2/domains").whole_list()

    def get_settings(self, domain: str) -> Response:
        """`GET /api/v2/email/settings`: the record. Raises `NotFound` where the domain has none."""
        return self._call("GET", _SETTINGS, domain)

    def post_settings(self, domain: str, settings: dict[str, t.Any], secrets: t.Sequence[str]) -> Response:
        """`POST /api/v2/email/settings`: create the record, or replace one that is there.

        `secrets` are the secret texts of the body, which no error repeats.
        """
        return self._call("POST", _SETTINGS, domain, settings, secrets)

    def put_settings(self, domain: str, settings: dict[str, t.Any], secrets: t.Sequence[str]) -> Response:
        """`PUT /api/v2/email/settings`: replace the record.

        Raises `NotFound` where there is none, and also where the record is already exactly this.
        """
        return self._call("PUT", _SETTINGS, domain, settings, secrets)

    def delete_settings(self, domain: str, secrets: t.Sequence[str] = ()) -> Response:
        """`DELETE /api/v2/email/settings`: delete the record; success also where there is none.

        `secrets` are the secret texts of what is live, which no error repeats.
        """
        return self._call("DELETE", _SETTINGS, domain, secrets=secrets)

    def test_settings(self, domain: str, to_email: str, secrets: t.Sequence[str]) -> Response:
        """`POST /api/v2/email/settings/test/ADDRESS`: send a test message from the stored settings."""
        return self._call("POST", f"{_SETTINGS}/test/{url_quote(to_email, safe='')}", domain, {}, secrets)

    def _call(
        self,
        method: str,
        path: str,
        domain: str | None = None,
        body: dict[str, t.Any] | None = None,
        secrets: t.Sequence[str] = (),
    ) -> Response:
        with self._logging_in:
            if self._access_token is None:
                self._log_in_once()
        if domain is not None:
            path = f"{path}?{urlencode({'domain': domain})}"
        known = [*secrets, *self._secrets()]
        return self._judged(self.session.request(method, path, body=body, secrets=known), secrets)

    def _secrets(self) -> list[str]:
        """The credentials, which must not be repeated in an error."""
        return [reveal(text) for text in (self._access_token, self._key, self._password, self._code()) if text]

    def _code(self) -> str:
        """The code of a second factor; one that is copied or read from a file often has a blank at its end."""
        return str(reveal(self.login_code or "")).strip()

    def _authorize(self, headers: dict[str, str]) -> None:
        headers["X-Access-Token"] = reveal(self._access_token or "")
        if self._key:
            headers["X-Key"] = reveal(self._key)

    def _log_in_once(self) -> None:
        """Log in. What is refused is not tried again for the next record: servers lock out who tries too often."""
        if self._login_failure is not None:
            raise self._login_failure.repeated()
        try:
            with self.uninterrupted():
                self._log_in()
        except ApiError as exc:
            if not exc.transient:
                self._login_failure = exc.repeated()
            raise

    def _log_in(self) -> None:
        body = {"username": self._username, "password": reveal(self._password)}
        code = f"?{urlencode({'code': self._code()})}" if self._code() else ""
        refused = f"the login of {self._username} is refused"
        try:
            answer = self.session.request(
                "POST",
                SecretPath("/login", code),
                body=body,
                authorized=False,
                repeatable=True,
                secrets=self._secrets(),
            )
        except RedirectRefused as exc:
            if exc.has_target:
                raise
            # Root with a second factor: 301 without Location, "Set security code".
            advice = "Give the code of the moment as login_code (or WEBITEL_LOGIN_CODE)"
            message = f"{refused}: the server asks for a security code" + (" all the same" if code else "")
            raise NotAuthorized(exc.request, 301, message, advice) from None
        if answer.status in (400, 401, 403):
            advice = "Check username, password and login_code: a code is good for a moment" if code else _LOGIN
            raise NotAuthorized(answer.request, answer.status, refused, advice)
        login = self._judged(answer).json()
        if not isinstance(login, dict) or not all(isinstance(login.get(name), str) for name in ("token", "key")):
            raise InvalidResponse(answer.request, "the answer holds no token and key", "Check api_url")
        self._access_token, self._key = Secret(login["token"]), Secret(login["key"])
        self._logged_in = True

    def _judged(self, answer: Response, secrets: t.Sequence[str] = ()) -> Response:
        """The answer of a request that was done. Raises `ApiStatusError` or one of its kinds for any other."""
        says_error = isinstance(answer.data, dict) and answer.data.get("status") == "error"
        if answer.ok and not says_error:
            return answer
        known = [*secrets, *self._secrets()]
        info = answer.data.get("info") if isinstance(answer.data, dict) else None
        words = quote(info, known) if info else ""
        message = f"the server answers {answer.status}" + (f": {words}" if words else "")
        errors = [{"msg": words}] if words else []
        if answer.status in (401, 403):
            advice = "Check access_token and key, or username and password; a user's token needs its key"
            raise NotAuthorized(answer.request, answer.status, message, advice, errors)
        if answer.status == 404:
            about_a_record = says_error and _SETTINGS in answer.request.url and not _is_unknown_route(info)
            if about_a_record:
                raise NotFound(answer.request, answer.status, message, "", errors)
            # Another server's 404 says so as well, as that of a proxy before the engine does, in HTML.
            raise UnknownRoute(answer.request, answer.status, message, _wrong_address(self._api_url), errors)
        advice = advice_for(answer.status, "Check api_url (its path too, such as /engine), and the server's log")
        if words:
            advice = "Check what it names" + (", and the server's log" if answer.status >= 500 else "")
        raise ApiStatusError(answer.request, answer.status, message, advice, errors)


def _is_unknown_route(info: t.Any) -> bool:
    """Whether a 404 is about the address and no record: the engine says `/PATH?QUERY not found.` then."""
    return isinstance(info, str) and info.startswith("/") and info.endswith(" not found.")


def _wrong_address(api_url: str) -> str:
    """What to do where the server has no such API below its configured address."""
    parts = urlsplit(api_url)
    origin = f"{parts.scheme}://{parts.netloc}"
    likely = origin if parts.path == "/engine" else f"{origin}/engine"
    return f"This address has no such API: check api_url (did you mean {likely}?)"
