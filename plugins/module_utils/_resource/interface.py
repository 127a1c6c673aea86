# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a product brings, so that what is common to all of them names none."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

if t.TYPE_CHECKING:
    from .._engine.schema import Problem
    from .._http.errors import ApiError
    from .._http.retries import Retries
    from .._http.session import Limits

Params = t.Mapping[str, t.Any]
"""The options of a task, validated."""

Uninterrupted = t.Callable[[], t.ContextManager[None]]
"""What holds a signal back while something is done that must be known of, such as a login."""


class Store(t.Protocol):
    """The records of one kind on one server, as far as connections know them."""

    @property
    def retries(self) -> Retries:
        """The policy of sending again, which knows what was sent again."""

    def forget(self) -> None:
        """Drop what was read: it may not be what the server holds now."""

    def close(self) -> ApiError | None:
        """End the login, if there is one, and the connections. Returns what went wrong, if anything."""


S = t.TypeVar("S", bound=Store)


@dataclass(frozen=True)
class Product(t.Generic[S]):
    """A product with an HTTP API.

    `name` is that of its folder, `variables` the beginning of its environment variables. `credential_problems` says
    what is wrong with the options that say who asks; `connect` makes the store of the server that the options name;
    `logs_in` says whether that opens a login, which must be ended whatever happens.
    """

    name: str
    variables: str
    credential_problems: t.Callable[[Params], list[Problem]]
    connect: t.Callable[[Params, Limits, Uninterrupted], S]
    logs_in: t.Callable[[Params], bool] = lambda _params: False
