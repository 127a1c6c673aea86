# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""No option is known to the reference alone: each is in a guide, the page of a role, or an example of theirs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import yaml

from tests.markdown import DOCS, GUIDES, ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGES = [*GUIDES, *ROOT.glob("roles/*/README.md"), *DOCS.glob("gitops/**/*.yml")]
# What guides name together, as "the same with `webitel_cloud_`", is as good as named.
SAME_WITH = ("webitel_", "webitel_cloud_", "itflex_")
# The values of a lookup stand after its name, and not after theirs.
POSITIONAL = "_terms"


def names(options: dict[str, Any]) -> Iterator[str]:
    """The options, and those that they consist of."""
    for name, option in options.items():
        yield name
        yield from names(option.get("options", {}))


def all_options() -> set[str]:
    """The options of all that users call, as the record of the public interface has them."""
    record = yaml.safe_load((ROOT / "tests" / "public_interface.yml").read_text(encoding="utf-8"))
    plugins = [plugin for kind in ("modules", "lookups", "callbacks") for plugin in record[kind].values()]
    entries = [entry for role in record["roles"].values() for entry in role["entry_points"].values()]
    return {name for one in (*plugins, *entries) for name in names(one["options"])} - {POSITIONAL}


def unmentioned(options: set[str], text: str) -> list[str]:
    """The options that the text has neither by their name nor by that of the same option of another product."""
    words = set(re.findall(r"\w+", text))
    beginning = re.compile("|".join(sorted(SAME_WITH, key=len, reverse=True)))
    same = {prefix + beginning.sub("", word, 1) for word in words if beginning.match(word) for prefix in SAME_WITH}
    return sorted(options - words - same)


def test_a_guide_mentions_each_option() -> None:
    assert unmentioned(all_options(), "\n".join(page.read_text(encoding="utf-8") for page in PAGES)) == []


def test_one_that_is_missing_would_be_found() -> None:
    options = {"itflex_retries", "webitel_cloud_retries", "retries", "deadline", "dead"}
    assert unmentioned(options, "`webitel_retries`, and `deadline: 60`") == ["dead", "retries"]
    assert {"_terms", "host"} & all_options() == {"host"}
