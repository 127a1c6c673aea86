# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options of one name mean the same in every module, plugin and role, whichever product they are about.

What differs is listed here, with a reason.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cached_property
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

    @cached_property
    def name(self) -> str:
        """The name of the option alone."""
        return self.path.rpartition(".")[2]

    @cached_property
    def meaning(self) -> str:
        """The pattern of its meaning, where it is listed to have another one than its name elsewhere."""
        return next((pattern for pattern in OTHER_WORDS if fnmatchcase(self.path, pattern)), "")

    @cached_property
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
    "*_sync.profiles.*",
    "*_sync.defaults.*",
    "role test_send.test_send_confirm_delivery.*",
)

# What takes other values than the options of its name elsewhere: patterns of places, the fact, and the reason.
OTHER_VALUES = {
    **{
        (f"{module}.{name}", fact): "is a list, to find several records"
        for module in ("email_account_info", "email_profile_info")
        for name in ("id", "name")
        for fact in ("type", "elements")
    },
    **{("email_account_info.email", fact): "is a list, to find several accounts" for fact in ("type", "elements")},
    ("*_check.timeout", "default"): "is about one step of a conversation, which a server that is there answers soon",
    ("plan_file.state", "choices"): "is about a file, which can also be checked",
    ("export.email_*", "type"): "is the result of a task that read records, not a list to bring about",
    ("role provision.*.defaults", "type"): "is in the place of a variable, which the modules check",
    ("role gitops.plan", "type"): "is a variable of hosts, which the modules check",
    **{
        (f"host_sync.{name}", "default"): "may be left out, where a role has checked the names"
        for name in ("argument_specs", "prefixes")
    },
}
# What means something else than the options of its name elsewhere: the first pattern that fits counts, and what fits
# the same pattern means the same.
OTHER_WORDS = {
    "host_sync.plan*": "is reported by the modules that the task stands for",
    "host_sync.undescribed": "is about several kinds of record",
    "host_sync.unplanned": "is about one host",
    "role *.wait": "says what counts where it is not given, since null is given for that",
    **{f"email_account_info.{name}": "says which accounts are returned" for name in ("id", "name", "email")},
    **{f"email_profile_info.{name}": "says which profiles are returned" for name in ("id", "name", "filters")},
    "*.schema.id": "is the flow's",
    "*.schema.name": "is the flow's",
    "email_profiles_sync.erase_stored_mail": "is about what the task prunes",
    "email_profiles_sync.defaults": "speaks of profiles in its example",
    "email_profiles_sync.src": "names the list of the profiles in a document",
    **{
        f"email_profile_check.{name}": "says what a check makes of it"
        for name in ("auth_type", "imap_port", "mailbox", "name", "password", "smtp_port")
    },
    **{
        f"email_profile*.{name}": "is about a profile, which stands for a mailbox too"
        for name in ("access_token", "api_url", "description", "id", "name", "password", "state", "update_password")
    },
    "email_profile*.smtp_port": "has a value for a new profile",
    "email_settings_test.domain": "says which settings the message goes through",
    "*.plan.path": "is read, and not written",
    "*.plan.key": "is the key of a plan; the other one belongs to a token",
    "plan_file.key": "is the key of a plan; the other one belongs to a token",
    "merge.key": "is the key of a plan; the other one belongs to a token",
    "hand_on.hosts": "are all of a run, by which a slice is known",
    "merge.hosts": "are those that the slices have to be about",
    "merge.plan_path": "is written",
    "plan_file.state": "is about a file, which can also be checked",
    "email_account.update_password": "names a return value that a task about many records does not have",
    "email_settings.update_password": "names a return value that a task about many records does not have",
    "email_settings_sync.*.update_password": "is about O(pass), as Webitel calls it",
    "email_settings*.access_token": "is of a domain or a user; an appliance sells its own for a refresh token",
    "email_settings*.api_url": "may have a path of its own, below which Webitel's paths stand",
    "email_settings*.password": "belongs to the user of Webitel who asks, and not to an SMTP server",
    "email_settings*.state": "is about a domain, which has settings or not",
    "email_settings_sync.defaults": "speaks of domains in its example",
    "email_settings_sync.src": "names the list of the settings in a document",
    "email_settings_check.domain": "is for messages alone, since a check asks no product",
    "email_settings_check.options.*": "says what a check makes of it",
    "email_account_check.has_auth": "says what a check makes of it",
    "*_check.ca_path": "is about SMTP servers, for which nothing but the host's authorities counts",
    "*_check.timeout": "is about one step of a conversation, and not about one request",
    **{
        f"*_delivery*.{name}": "is about the IMAP server with a mailbox"
        for name in ("host", "port", "username", "password", "timeout", "ca_path")
    },
    "*.messages.from": "is the header of a message, and not what a domain sends from",
    "*.messages.name": "is what the result calls a message",
    "email_settings_info.filters": "leads into what settings hold, by dotted paths",
    "export.email_*": "is the result of a task that read records, not a list to bring about",
    "role *defaults.email_*": "is what counts for each record, and no list",
    "role provision.*.defaults": "is in the place of a variable of the role",
    "role gitops.email_*": "is a variable of hosts, in the place of a document",
    "role gitops.plan": "is the file of a plan, and not what is planned",
    "export.path": "is a directory, and not the file of a plan",
    "export.name": "is a directory's",
    "host_sync.offline": "is about all that a host describes, which need not be anything",
    "drift.synced": "is of one host, and not of all that a plan is about",
    "drift.variables": "is of one host, and not of all that a plan is about",
}


def differing(name: str, fact: str) -> dict[str, list[str]]:
    """The values of one fact about the options of a name, with the places that have them, less the listed ones."""
    found: dict[str, list[str]] = {}
    for place in PLACES:
        if place.name != name or any(fnmatchcase(place.path, key) for key, of in OTHER_VALUES if of == fact):
            continue
        if fact == "default" and fact not in place.option and any(fnmatchcase(place.path, at) for at in HANDED_ON):
            continue
        value = place.option.get(fact)
        if fact == "choices" and value:
            # Roles name null as well, which is refused otherwise; it means that nothing is given.
            value = [choice for choice in value if choice is not None]
        found.setdefault(repr(value), []).append(place.path)
    return found


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("fact", ["type", "elements", "choices", "default"])
def test_one_name_takes_the_same_values(name: str, fact: str) -> None:
    found = differing(name, fact)
    assert len(found) <= 1, f"{name} is not the same everywhere: {found}"


def says_the_same(one: Place, other: Place) -> bool:
    """Whether one description is the other's beginning, since one may say more than the other."""
    return one.words.startswith(other.words) or other.words.startswith(one.words)


def other_words(place: Place) -> list[str]:
    """The places of the same name and meaning whose description is another one."""
    namesakes = [other for other in PLACES if (other.name, other.meaning) == (place.name, place.meaning)]
    return [other.path for other in namesakes if not says_the_same(place, other)]


@pytest.mark.parametrize("name", NAMES)
def test_one_name_is_described_in_the_same_words(name: str) -> None:
    found = {place.path: other_words(place) for place in PLACES if place.name == name}
    differing = {path: others for path, others in found.items() if others}
    assert not differing, f"{name} is described in several ways: {differing}"


@pytest.mark.parametrize("pattern", OTHER_WORDS)
def test_each_other_meaning_is_still_there(pattern: str) -> None:
    found = [place for place in PLACES if place.meaning == pattern]
    assert any(
        other.name == place.name and other.meaning != pattern and not says_the_same(place, other)
        for place in found
        for other in PLACES
    )


@pytest.mark.parametrize(("pattern", "fact"), OTHER_VALUES)
def test_each_other_kind_of_value_is_still_there(pattern: str, fact: str) -> None:
    for place in PLACES:
        if fnmatchcase(place.path, pattern):
            assert repr(place.option.get(fact)) not in differing(place.name, fact)
            return
    raise AssertionError(f"nothing is at {pattern}")
