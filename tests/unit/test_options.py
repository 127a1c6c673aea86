# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options of one name mean the same in every module, plugin and role; what differs is listed here, with a reason."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from tests.unit.collection import COLLECTION, PLUGINS
from tools.public_interface import documentation

if TYPE_CHECKING:
    from collections.abc import Iterator

Facts = dict[str, Any]


@dataclass(frozen=True)
class Place:
    """An option in one place: ``path`` leads from the module, plugin or role down to it."""

    path: str
    option: Facts

    @property
    def name(self) -> str:
        """The name of the option alone."""
        return self.path.rpartition(".")[2]

    @property
    def product(self) -> str:
        """The product whose words the option uses; none for what is about both."""
        products = {
            # These speak SMTP and IMAP themselves, and describe options by what they do with them.
            "_check": "check",
            "delivery": "delivery",
            "settings": "webitel",
            "domains": "webitel",
            "account": "itflex",
        }
        return next((product for word, product in products.items() if word in self.path.rpartition(".")[0]), "")

    @property
    def words(self) -> str:
        """What the option does, without where in its module it stands, and without the last full stop."""
        text = " ".join(self.option["description"])
        return re.sub(r"O\([\w.\[\]]*?(?P<name>\w+)\)", r"O(\g<name>)", text).rstrip(".")


def places() -> list[Place]:
    """All options at every level."""
    found: list[Place] = []
    for folder in ("modules", "lookup", "callback"):
        for path in sorted((PLUGINS / folder).glob("*.py")):
            found += options_below(path.stem, documentation(path).get("options", {}), "suboptions")
    for path in sorted((COLLECTION / "roles").glob("*/meta/argument_specs.yml")):
        for spec in yaml.safe_load(path.read_text(encoding="utf-8"))["argument_specs"].values():
            found += options_below(f"role {path.parts[-3]}", spec["options"], "options")
    return found


def options_below(path: str, options: Facts, nested: str) -> Iterator[Place]:
    for name, option in options.items():
        yield Place(f"{path}.{name}", option)
        yield from options_below(f"{path}.{name}", option.get(nested, {}), nested)


PLACES = places()
NAMES = sorted({place.name for place in PLACES})
# What hands on what it is given: the default is said where it goes to, or by the option defaults.
HANDED_ON = (
    "*_sync.accounts.*",
    "*_sync.settings.*",
    "*_sync.defaults.*",
    "role test_send.test_send_confirm_delivery.*",
)

# What takes other values than the options of its name elsewhere: patterns of places, the fact, and the reason.
OTHER_VALUES = {
    **{
        (f"email_account_info.{name}", "type"): "is a list, to find several accounts"
        for name in ("id", "name", "email")
    },
    ("*_check.timeout", "default"): "is about one step of a conversation, which a server that is there answers soon",
    ("plan_file.state", "choices"): "is about a file, which can also be checked",
    ("export.email_*", "type"): "is the result of a task that read records, not a list to bring about",
    ("export.email_*", "default"): "is the result of a task that read records, which may not have run",
}
# What means something else than the options of its name elsewhere.
OTHER_WORDS = {
    "*_info.*": "says which records are returned",
    "email_settings_test.domain": "says which settings the message goes through",
    "*.plan.key": "is the key of a plan; the other one belongs to a token",
    "role *.update_password": "names both choices in one sentence, for both products",
    "role *.state": "is one description for both products",
    "role *.auth.password": "is the alias that roles have as an option of its own",
    "email_account.update_password": "names a return value that a task about many records does not have",
    "email_settings.update_password": "names a return value that a task about many records does not have",
    "export.email_*": "is the result of a task that read records, not a list to bring about",
    "export.path": "is a directory, and not the file of a plan",
    "drift.variables": "is of one host, and not of all that a plan is about",
    "plan.key": "reads what plan_file wrote with its key",
}


def differing(name: str, fact: str) -> dict[str, list[str]]:
    """The values of one fact about the options of a name, with the places that have them, less the listed ones."""
    found: dict[str, list[str]] = {}
    for place in PLACES:
        if place.name != name or any(fnmatchcase(place.path, key) for key, of in OTHER_VALUES if of == fact):
            continue
        if fact == "default" and fact not in place.option and any(fnmatchcase(place.path, at) for at in HANDED_ON):
            continue
        found.setdefault(repr(place.option.get(fact)), []).append(place.path)
    return found


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("fact", ["type", "choices", "default"])
def test_one_name_takes_the_same_values(name: str, fact: str) -> None:
    found = differing(name, fact)
    assert len(found) <= 1, f"{name} is not the same everywhere: {found}"


def listed(place: Place) -> list[str]:
    return [pattern for pattern in OTHER_WORDS if fnmatchcase(place.path, pattern)]


def other_words(place: Place) -> list[str]:
    """The places of the same name and product whose description is another one; one may say more than the other."""
    return [
        other.path
        for other in PLACES
        if (other.name, other.product) == (place.name, place.product)
        and not listed(other)
        and not other.words.startswith(place.words)
        and not place.words.startswith(other.words)
    ]


@pytest.mark.parametrize("name", NAMES)
def test_one_name_is_described_in_the_same_words(name: str) -> None:
    found = {place.path: other_words(place) for place in PLACES if place.name == name and not listed(place)}
    differing = {path: others for path, others in found.items() if others}
    assert not differing, f"{name} is described in several ways: {differing}"


@pytest.mark.parametrize("pattern", OTHER_WORDS)
def test_each_other_meaning_is_still_there(pattern: str) -> None:
    assert any(other_words(place) for place in PLACES if fnmatchcase(place.path, pattern))


@pytest.mark.parametrize(("pattern", "fact"), OTHER_VALUES)
def test_each_other_kind_of_value_is_still_there(pattern: str, fact: str) -> None:
    for place in PLACES:
        if fnmatchcase(place.path, pattern):
            assert repr(place.option.get(fact)) not in differing(place.name, fact)
            return
    raise AssertionError(f"nothing is at {pattern}")
