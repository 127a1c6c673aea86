# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The connections that a process holds open, made from a task's options."""

from __future__ import annotations

import typing as t
from contextlib import contextmanager

from .._api.errors import ApiError
from .._api.itflex import ItflexApi
from .._api.session import Limits
from .._api.webitel import WebitelApi
from .base import Params
from .email_account_store import AccountStore
from .email_settings_store import SettingsStore

_IDENTITY = (
    "api_url",
    "access_token",
    "key",
    "refresh_token",
    "validate_certs",
    "ca_path",
    "timeout",
    "retries",
    "concurrency",
    "rate_limit",
)


class Connections:
    """One connection for each server and set of credentials, kept for the next item of a loop.

    With C(keep=False) none is kept. A login by user name is never kept: it ends with the task that began it.
    """

    def __init__(self, *, keep: bool) -> None:
        self._keep = keep
        self._stores: dict[tuple[t.Any, ...], tuple[AccountStore, ItflexApi] | tuple[SettingsStore, WebitelApi]] = {}

    @contextmanager
    def accounts(self, params: Params, about: str) -> t.Iterator[AccountStore]:
        """The accounts of the appliance that the options name. An error names what the task is C(about)."""
        key = _key("itflex", params)
        kept = self._stores.pop(key, None)
        if kept is None:
            api = ItflexApi(
                params["api_url"],
                _limits(params),
                access_token=params["access_token"] or None,
                refresh_token=params["refresh_token"] or None,
            )
            kept = AccountStore(api), api
        store, api = t.cast("tuple[AccountStore, ItflexApi]", kept)
        try:
            with _named(about):
                yield store
        except BaseException:
            # What was read before may not be what the server holds now.
            api.close()
            raise
        if self._keep:
            self._stores[key] = store, api
        else:
            api.close()

    @contextmanager
    def settings(self, params: Params, about: str, warn: t.Callable[[str], None]) -> t.Iterator[SettingsStore]:
        """The settings on the server that the options name. Where this logs in, it logs out, whatever happened."""
        key = _key("webitel", params)
        kept = self._stores.pop(key, None)
        if kept is None:
            api = WebitelApi(
                params["api_url"],
                _limits(params),
                access_token=params["access_token"] or None,
                key=params["key"] or None,
                username=params["username"],
                password=params["password"],
            )
            kept = SettingsStore(api), api
        store, api = t.cast("tuple[SettingsStore, WebitelApi]", kept)
        keep = False
        try:
            with _named(about):
                yield store
            keep = self._keep and not params["username"]
        finally:
            if keep:
                self._stores[key] = store, api
            else:
                failure = api.close()
                if failure is not None:
                    warn(f"The login could not be ended: {failure}")


def _key(product: str, params: Params) -> tuple[t.Any, ...]:
    return (product, *(params.get(name) for name in _IDENTITY))


def _limits(params: Params) -> Limits:
    return Limits(
        validate_certs=params["validate_certs"],
        ca_path=params["ca_path"],
        timeout=params["timeout"],
        retries=params["retries"],
        connections=params.get("concurrency") or 1,
        rate=params.get("rate_limit"),
    )


@contextmanager
def _named(about: str) -> t.Iterator[None]:
    """Let an error of the API name what the task was about."""
    try:
        yield
    except ApiError as exc:
        exc.subject = about
        raise
