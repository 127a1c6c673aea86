# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The connections that a process holds open, made from a task's options."""

from __future__ import annotations

import typing as t
from contextlib import contextmanager, nullcontext
from ipaddress import ip_address
from urllib.parse import urlsplit

from .._http.errors import ApiError
from .._http.session import Limits
from .._http.trust import Trust, prepare

__all__ = ["Connections", "prepare"]

if t.TYPE_CHECKING:
    from .interface import Params, Product, S, Store, Uninterrupted

Warn = t.Callable[[str], None]


class Listener(t.Protocol):
    """Who learns what happened on the way: warnings, and what was retried."""

    @property
    def warn(self) -> Warn:
        """Takes one warning."""

    @property
    def retried(self) -> list[dict[str, t.Any]]:
        """Is filled with what was retried."""


# For the end of a login, where a task's own time is over already.
_LAST_SECONDS = 1.0
_IDENTITY = (
    "api_url",
    "access_token",
    "key",
    "refresh_token",
    "validate_certs",
    "ca_path",
    "client_cert",
    "client_key",
    "timeout",
    "retries",
    "deadline",
    "concurrency",
    "rate_limit",
    "shown_fields",
)


class Connections:
    """One connection for each server and set of credentials, kept for the next item of a loop.

    With `keep=False` none is kept. A login is never kept: it ends with the task that began it.
    """

    def __init__(self, *, keep: bool) -> None:
        self._keep = keep
        self._kept: list[tuple[tuple[t.Any, ...], t.Any]] = []

    @contextmanager
    def store(self, product: Product[S], params: Params, about: str, listener: Listener) -> t.Iterator[S]:
        """The records on the server that the options name. An error names what the task is `about`.

        Where this logs in, it logs out, whatever happened.
        """
        signals, uninterrupted = _signals(product.logs_in(params))
        with signals, self._held(product, params, uninterrupted, listener) as store, _named(about):
            yield store
        for (name, api_url, *_rest), other in self._kept:
            # Other credentials of the same server lead to the same records.
            if name == product.name and api_url == params["api_url"] and other is not store:
                other.forget()

    def _taken(self, key: tuple[t.Any, ...]) -> t.Any:
        """The store that is kept for these options, no longer kept; `None` where there is none.

        Secrets are compared, and cannot be looked up by.
        """
        index = next((index for index, (kept, _store) in enumerate(self._kept) if kept == key), None)
        return None if index is None else self._kept.pop(index)[1]

    @contextmanager
    def _held(
        self, product: Product[S], params: Params, uninterrupted: Uninterrupted, listener: Listener
    ) -> t.Iterator[S]:
        key = (product.name, *(params.get(name) for name in _IDENTITY))
        store = self._taken(key)
        if store is None:
            _warn_of_the_way(params, listener.warn)
            store = product.connect(params, _limits(params), uninterrupted)
        succeeded = False
        try:
            yield store
            succeeded = True
        except (Exception, SystemExit, KeyboardInterrupt):
            raise
        except BaseException:
            # The time limit of the task: other threads may still wait for answers that nobody wants any more.
            _stop(store)
            raise
        finally:
            # After an error, what was read before may not be what the server holds now.
            if succeeded and self._keep and not product.logs_in(params):
                self._kept.append((key, store))
            else:
                failure = store.close()
                if failure is not None:
                    listener.warn(f"The login could not be ended: {failure}")
            listener.retried.extend(store.retries.drain())


def _signals(logs_in: bool) -> tuple[t.ContextManager[None], Uninterrupted]:
    """What lets signals end a task with a login as an exception does, and what holds one back meanwhile."""
    if not logs_in:
        return nullcontext(), nullcontext
    # Imported late: most tasks give a token, and Ansible compiles what a task imports in each run anew.
    from .signals import SignalGuard

    guard = SignalGuard()
    return guard.by_signals(), guard.deferred


def _stop(store: Store) -> None:
    # Imported late: a process that made no connection has none to break.
    from .._http.transport import break_connections

    store.retries.stop(_LAST_SECONDS)
    break_connections()


def _warn_of_the_way(params: Params, warn: Warn) -> None:
    """Warn where anybody in between may read along, or be the server; in the same words each time, which show once."""
    parts = urlsplit(params["api_url"])
    host = parts.hostname or ""
    shown = f"[{host}]" if ":" in host else host
    if parts.scheme == "https" and not params["validate_certs"]:
        warn(f"The certificate of {shown} is not verified, since validate_certs is false: give ca_path instead")
    if parts.scheme == "http" and not _is_loopback(host):
        warn(f"Credentials travel in clear text to {shown}: use https in api_url if the server offers it")


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _limits(params: Params) -> Limits:
    return Limits(
        trust=Trust(params["validate_certs"], params["ca_path"], params["client_cert"], params["client_key"]),
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
