# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the random tasks of several kinds of record have in common."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

# The last one is written otherwise in JSON, in HTML, in a URL, in small letters and in a composed form.
SECRETS = (*(f"planted-secret-{number}" for number in range(3)), "planted-secret-/'\"<&%+ \\ \u00e4\u00df\u20ac")


@dataclass(frozen=True)
class Wish:
    """What a task says about one record, which is found by its name."""

    name: str
    absent: bool = False
    fields: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class AnyTaskWish:
    """What a task about any kind of record says beside them."""

    many: bool
    on_error: Literal["continue", "stop"]
    concurrency: int
    retries: int


@dataclass(frozen=True, kw_only=True)
class TaskWish(AnyTaskWish):
    """What a task says."""

    wishes: tuple[Wish, ...]
    prune: bool
    keep: tuple[str, ...]


def optional(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Mappings with some of these fields."""
    return st.fixed_dictionaries({}, optional=fields)


@st.composite
def task_wishes(
    draw: st.DrawFn, names: Sequence[str], wish: Callable[[str], st.SearchStrategy[Wish]], kept: str
) -> TaskWish:
    """Tasks about one of these names or about many; ``kept`` is the one that some of them do not prune."""
    many = draw(st.booleans())
    described = draw(st.lists(st.sampled_from(names), unique=True, min_size=1, max_size=len(names) if many else 1))
    return TaskWish(
        wishes=tuple(draw(wish(name)) for name in described),
        many=many,
        prune=many and draw(st.integers(0, 3)) == 0,
        keep=draw(st.sampled_from(((), (kept,)))),
        on_error=draw(st.sampled_from(("continue", "stop"))),
        concurrency=draw(st.sampled_from((1, 4))),
        retries=draw(st.integers(0, 3)),
    )
