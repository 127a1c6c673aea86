# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a list of today's Webitel is asked for: which page, in which order, and what must match."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.datastructures import QueryParams

_DEFAULT_SIZE = 40
_LARGEST_SIZE = 20_000
_ORDERS = {"": "id", "name": "name", "+name": "name", "-name": "-name"}


class BadSearch(Exception):
    """A parameter is no number, which the gateway refuses, or names no column, which breaks the query."""

    def __init__(self, code: int, text: str) -> None:
        """Refuse with ``code``, an HTTP status, saying ``text``."""
        super().__init__(text)
        self.code = code


@dataclass(frozen=True)
class Search:
    """One page of a list. ``pattern`` is one of `ILIKE`, ``fields`` what was asked for, empty for the default."""

    page: int
    size: int
    pattern: str | None
    sort: str
    fields: tuple[str, ...]

    @classmethod
    def of(cls, parameters: QueryParams) -> Search:
        """Read the parameters of a request; raise ``BadSearch``."""
        page, size = (_number(parameters, name) for name in ("page", "size"))
        return cls(
            page=max(page, 1),
            size=size if 1 <= size <= _LARGEST_SIZE else _DEFAULT_SIZE,
            pattern=parameters.get("q", "").replace("*", "%") or None,
            sort=_order(parameters.get("sort", "")),
            fields=tuple(parameters.getlist("fields")),
        )

    @property
    def values(self) -> tuple[object, ...]:
        """The values of a query: pattern, order, rows of a page, rows before it."""
        return self.pattern, self.sort, self.size, (self.page - 1) * self.size


def _order(text: str) -> str:
    # A `+` that nobody encoded arrives as a space.
    order = _ORDERS.get(f"+{text[1:]}" if text.startswith(" ") else text)
    if order is None:
        raise BadSearch(500, f"column {text.lstrip('+ -')} does not exist")
    return order


def _number(parameters: QueryParams, name: str) -> int:
    text = parameters.get(name, "0")
    try:
        return int(text)
    except ValueError:
        raise BadSearch(400, f'type mismatch, parameter: {name}, error: strconv.ParseInt: parsing "{text}"') from None
