# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The connections that a process holds open, made from a task's options."""

from __future__ import annotations

import typing as t
from contextlib import contextmanager, nullcontext
from functools import partial
from ipaddress import ip_address
from urllib.parse import urlsplit

from .._http.errors import ApiError
from .._http.session import Limits
from .base import Context, Params
from .signals import SignalGuard

if t.TYPE_CHECKING:
    from .._products.itflex.store import AccountStore
    from .._products.webitel.store import SettingsStore

    Store = t.Union[AccountStore, SettingsStore]

Warn = t.Callable[[str], None]

_IDENTITY = (
    "api_url",
    "access_token",
    "key",
    "refresh_token",
    "validate_certs",
    "ca_path",
    "timeout",
    "retries",
    "deadline",
    "concurrency",
    "rate_limit",
    "shown_fields",
)


class Connections:
    """One connection for each server and set of credentials, kept for the next item of a loop.

    With `keep=False` none is kept. A login by user name is never kept: it ends with the task that began it.
    """

    def __init__(self, *, keep: bool) -> None:
        self._keep = keep
        self._kept: dict[tuple[t.Any, ...], t.Any] = {}

    @contextmanager
    def accounts(self, params: Params, about: str, context: Context) -> t.Iterator[AccountStore]:
        """The accounts of the appliance that the options name. An error names what the task is `about`."""
        with self._held("itflex", params, _account_store, context) as store, _named(about):
            yield store
        for (product, api_url, *_rest), other in self._kept.items():
            # Other credentials of the same appliance lead to the same accounts.
            if product == "itflex" and api_url == params["api_url"] and other is not store:
                other.forget()

    @contextmanager
    def settings(self, params: Params, about: str, context: Context) -> t.Iterator[SettingsStore]:
        """The settings on the server that the options name. Where this logs in, it logs out, whatever happened."""
        ending = SignalGuard()
        connect = partial(_settings_store, uninterrupted=ending.deferred)
        signals = ending.by_signals() if params["username"] else nullcontext()
        with signals, self._held("webitel", params, connect, context) as store, _named(about):
            yield store

    @contextmanager
    def _held(
        self, product: str, params: Params, connect: t.Callable[[Params], Store], context: Context
    ) -> t.Iterator[t.Any]:
        key = (product, *(str(params.get(name)) for name in _IDENTITY))
        store = self._kept.pop(key, None)
        if store is None:
            _warn_of_clear_text(params["api_url"], context.warn)
            store = connect(params)
        succeeded = False
        try:
            yield store
            succeeded = True
        finally:
            # After an error, what was read before may not be what the server holds now.
            if succeeded and self._keep and not params.get("username"):
                self._kept[key] = store
            else:
                failure = store.close()
                if failure is not None:
                    context.warn(f"The login could not be ended: {failure}")
            context.retried.extend(store.retries.drain())


# Each product's files are imported where they are needed: a task about the other one does without.
def _account_store(params: Params) -> AccountStore:
    from .._products.itflex.client import ItflexApi
    from .._products.itflex.shown_fields import shown_fields
    from .._products.itflex.store import AccountStore

    access_token, refresh_token = params["access_token"] or None, params["refresh_token"] or None
    api = ItflexApi(params["api_url"], _limits(params), access_token=access_token, refresh_token=refresh_token)
    return AccountStore(api, shown_fields(params))


def _settings_store(params: Params, uninterrupted: t.Callable[[], t.ContextManager[None]]) -> SettingsStore:
    from .._products.webitel.client import WebitelApi
    from .._products.webitel.shown_fields import shown_fields
    from .._products.webitel.store import SettingsStore

    api = WebitelApi(
        params["api_url"],
        _limits(params),
        access_token=params["access_token"] or None,
        key=params["key"] or None,
        username=params["username"],
        password=params["password"],
    )
    api.uninterrupted = uninterrupted
    return SettingsStore(api, shown_fields(params))


def _warn_of_clear_text(api_url: str, warn: Warn) -> None:
    parts = urlsplit(api_url)
    if parts.scheme == "http" and not _is_loopback(parts.hostname or ""):
        warn(f"Credentials travel in clear text to {parts.hostname}: use https in api_url if the server offers it")


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _limits(params: Params) -> Limits:
    return Limits(
        validate_certs=params["validate_certs"],
        ca_path=params["ca_path"],
        timeout=params["timeout"],
        retries=params["retries"],
        deadline=params["deadline"],
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
