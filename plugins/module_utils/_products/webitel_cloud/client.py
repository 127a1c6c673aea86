# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The calls of today's Webitel about email profiles and the flows that they refer to.

Sources: the vendor's engine and protos. The gateway before them is not public, so each form of its errors is read.
"""

from __future__ import annotations

import json
import typing as t
from dataclasses import replace
from urllib.parse import urlencode

from ..._engine.secret import Password, reveal
from ..._http.errors import ApiStatusError, InvalidResponse, NotAuthorized, NotFound, advice_for, quote_all
from ..._http.response import Response
from ..._http.session import Limits, Session
from .wire import LISTED

_PROFILES = "/email/profile"
_FLOWS = "/routing/schema"
# Names are not unique, and nothing else can be sorted by, so records could change pages: as few pages as there can be.
_PAGE_SIZE = 20_000
# A server that says "next" for ever must end somewhere.
_MOST_PAGES = 50
_MOST_ENTRIES = 100_000
_ADVICE = {
    "session.valid": "Give a valid access_token",
    "api.context.permissions.app_error": "The token's user needs the right to email profiles (class email_profile)",
    "app.email.valid.license": "The licence allows no more enabled profiles: disable another one, or extend it",
    "store.sql_email_profile.delete.app_error": "Something refers to the profile, such as a flow: change that first",
}


class WebitelCloudApi:
    """The calls of one server."""

    def __init__(self, api_url: str, limits: Limits, access_token: Password) -> None:
        self._access_token = access_token
        self.session = Session(api_url, limits, self._authorize)

    def close(self) -> None:
        """Close the connections."""
        self.session.close()

    def list_profiles(self) -> t.Iterator[tuple[Response, list[t.Any]]]:
        """`GET /email/profile`: all profiles, a page at a time, each with its answer, as far as `LISTED` says."""
        return self._pages(_PROFILES, {"sort": "name", "fields": LISTED})

    def list_flows(self) -> t.Iterator[tuple[Response, list[t.Any]]]:
        """`GET /routing/schema`: the ids and names of all flows, a page at a time."""
        return self._pages(_FLOWS, {"fields": ["id", "name"]})

    def get_profile(self, profile_id: int) -> Response:
        """`GET /email/profile/ID`. Raises `NotFound`."""
        return self._call("GET", f"{_PROFILES}/{profile_id}")

    def create_profile(self, profile: dict[str, t.Any], secrets: t.Sequence[str]) -> Response:
        """`POST /email/profile`: create a profile, each time anew; the answer is the profile."""
        return self._call("POST", _PROFILES, profile, secrets)

    def replace_profile(self, profile_id: int, profile: dict[str, t.Any], secrets: t.Sequence[str]) -> Response:
        """`PUT /email/profile/ID`: replace all but a password that is left out. Raises `NotFound`."""
        return self._call("PUT", f"{_PROFILES}/{profile_id}", profile, secrets)

    def patch_profile(self, profile_id: int, changes: dict[str, t.Any], secrets: t.Sequence[str]) -> Response:
        """`PATCH /email/profile/ID`: change what the body's `fields` name. Raises `NotFound`."""
        return self._call("PATCH", f"{_PROFILES}/{profile_id}", changes, secrets)

    def delete_profile(self, profile_id: int, secrets: t.Sequence[str]) -> None:
        """`DELETE /email/profile/ID`: delete a profile with all mail stored with it. Raises `NotFound`."""
        self._call("DELETE", f"{_PROFILES}/{profile_id}", secrets=secrets).without_content()

    def _pages(self, path: str, query: dict[str, t.Any]) -> t.Iterator[tuple[Response, list[t.Any]]]:
        entries = 0
        for page in range(1, _MOST_PAGES + 1):
            asked = urlencode({"page": page, "size": _PAGE_SIZE, **query}, doseq=True)
            answer = self._call("GET", f"{path}?{asked}")
            items, goes_on = _page(answer)
            entries += len(items)
            if entries > _MOST_ENTRIES:
                break
            yield answer, items
            if not goes_on:
                return
        most = f"more than {_MOST_PAGES} pages" if entries <= _MOST_ENTRIES else f"more than {_MOST_ENTRIES} entries"
        raise InvalidResponse(answer.request, f"the list has {most}", "Check api_url")

    def _authorize(self, headers: dict[str, str]) -> None:
        headers["X-Webitel-Access"] = reveal(self._access_token)

    def _call(
        self, method: str, path: str, body: dict[str, t.Any] | None = None, secrets: t.Sequence[str] = ()
    ) -> Response:
        known = [reveal(self._access_token), *secrets]
        answer = self.session.request(method, path, body=body, secrets=known)
        if answer.ok:
            return answer
        raise _refusal(answer, known)


def _page(answer: Response) -> tuple[list[t.Any], bool]:
    """The items of a page, and whether another one follows. Raises `InvalidResponse`.

    What is empty or false may be left out of an answer, so `{}` is an empty page; an object of another kind is none.
    """
    data = answer.json()
    if isinstance(data, dict) and ("items" in data or not data.keys() - {"next"}):
        items, goes_on = data.get("items", []), data.get("next", False)
        if isinstance(items, list) and isinstance(goes_on, bool):
            # All else that tells of other pages is not this API's word, and nobody follows it.
            replace(answer, data={name: value for name, value in data.items() if name != "next"}).whole_list()
            return items, goes_on
    raise InvalidResponse(answer.request, "the answer is no page with items", "Check api_url")


def _refusal(answer: Response, secrets: t.Sequence[str]) -> ApiStatusError:
    """The error for an answer that is none of success, whichever form the gateway gives it."""
    code, identifier, reason = _reading(answer.data)
    status = code if code in range(400, 600) else answer.status
    said = quote_all({"id": identifier, "detail": reason}, secrets)
    message = f"the server answers {answer.status}" + (f": {said['detail']}" if reason else "")
    errors = [said] if identifier else []
    advice = _ADVICE.get(identifier, "")
    if status in (401, 403):
        kind: type[ApiStatusError] = NotAuthorized
        advice = advice or "Give a valid access_token whose user may do this"
    elif status == 404 and _says_absent(answer, identifier):
        kind = NotFound
    else:
        kind = ApiStatusError
        advice = advice or ("Check what it names" if reason else advice_for(status, "Check api_url"))
    failure = kind(answer.request, answer.status, message, advice, errors)
    # The engine's own word is no crash of a gateway: it says that nothing was done.
    failure.indeterminate = failure.indeterminate and not identifier and kind is not NotFound
    return failure


def _says_absent(answer: Response, identifier: str) -> bool:
    """Whether an answer of code 404 is the engine's word for a profile that is not there, and no wrong address.

    With a status of 500, the code in the body can only be the engine's, about the one profile that was asked for.
    """
    is_of_one = f"{_PROFILES}/" in answer.request.url
    return identifier.startswith("store.sql_email_profile") or (answer.status == 500 and not identifier and is_of_one)


def _reading(data: t.Any) -> tuple[int, str, str]:
    """Code, identifier and reason of an error: the engine's, or the gateway's with the engine's in its text."""
    if not isinstance(data, dict):
        return 0, "", ""
    message = data.get("message")
    if isinstance(message, str) and message.startswith("{"):
        try:
            return _reading(json.loads(message))
        except (ValueError, RecursionError):
            return 0, "", message
    code = data.get("code")
    identifier, reason = data.get("id"), data.get("detail") or message
    if not isinstance(identifier, str):
        # Without an identifier, the text alone tells the engine's words for a profile that is not there.
        missing = isinstance(reason, str) and code == 404 and "no rows in result set" in reason
        identifier = "store.sql_email_profile" if missing else ""
    return code if isinstance(code, int) else 0, identifier, reason if isinstance(reason, str) else ""
