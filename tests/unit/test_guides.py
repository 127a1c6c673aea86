# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The guides and the pages of the roles name all that users may rely on: modules, and options at every depth."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import yaml

from tests.markdown import GUIDES, README, ROLE_READMES
from tests.unit.collection import COLLECTION, PLUGINS

if TYPE_CHECKING:
    from collections.abc import Iterator

TEXT = "\n".join(page.read_text(encoding="utf-8") for page in (*GUIDES, *ROLE_READMES, README))
WORDS = set(re.findall(r"\w+", TEXT))
# Said once, of the variables of one product, and of the others by what these begin with.
SAME_FOR_ALL_PRODUCTS = re.compile(r"^(itflex|webitel_cloud)_")
# The name that Ansible has for what a lookup is given; guides call it its terms.
OF_ANSIBLE = {"_terms"}


def options(content: Any) -> Iterator[str]:
    """The names of the options of a piece of content, of its entry points, and of those within options."""
    if isinstance(content, dict):
        for name, value in content.items():
            if name == "options":
                yield from value
                for within in value.values():
                    yield from options(within)
            else:
                yield from options(value)


def is_named(option: str, words: set[str]) -> bool:
    """Whether an option stands in there, or the one of another product that is the same."""
    return option in words or SAME_FOR_ALL_PRODUCTS.sub("webitel_", option) in words


def test_every_module_has_its_full_name_in_a_guide() -> None:
    names = sorted(path.stem for path in PLUGINS.glob("modules/*.py") if path.stem != "__init__")
    assert {"email_account", "host_sync", "merge"} < set(names)
    text = "\n".join(page.read_text(encoding="utf-8") for page in GUIDES)
    assert [name for name in names if not re.search(rf"\bmailfleet\.email\.{name}\b", text)] == []


def test_every_option_is_named_somewhere() -> None:
    interface = yaml.safe_load((COLLECTION / "tests" / "public_interface.yml").read_text(encoding="utf-8"))
    found = set(options(interface))
    assert {"smtp_server", "dns_servers", "changed_fields", "itflex_ca_path", "mailfleet_serial"} < found
    assert sorted(name for name in found - OF_ANSIBLE if not is_named(name, WORDS)) == []


def test_an_option_that_nothing_names_would_be_found() -> None:
    assert list(options({"roles": {"do": {"options": {"a": {"options": {"b": {}}}, "c": {}}}}})) == ["a", "c", "b"]
    assert is_named("itflex_timeout", {"webitel_timeout"})
    assert not is_named("timeout_of_all", WORDS)
