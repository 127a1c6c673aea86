# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is new since the last release says so: each option and return value that users of that release have not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import yaml

from tests.unit.collection import COLLECTION
from tools.public_interface import constants, documentation, interface

if TYPE_CHECKING:
    from collections.abc import Iterator

Facts = dict[str, Any]

# The public interface as it was when a version was made of it.
RELEASED = COLLECTION / "tests" / "released_interface.yml"
FOLDERS = {"modules": "modules", "lookups": "lookup", "callbacks": "callback"}
# What the entries below another one are called, here and in the record.
NESTED = {"suboptions": "options", "options": "options", "contains": "contains"}


def load(path: str) -> Any:
    return yaml.safe_load((COLLECTION / path).read_text(encoding="utf-8"))


def described() -> Iterator[tuple[str, str, Facts, Facts]]:
    """The kind and name of each plugin and role, with its options and return values as they are documented."""
    for kind, folder in FOLDERS.items():
        for path in sorted((COLLECTION / "plugins" / folder).glob("*.py")):
            returned = yaml.safe_load(constants(path).get("RETURN", "{}"))
            yield kind, path.stem, documentation(path).get("options", {}), returned
    for path in sorted((COLLECTION / "roles").glob("*/meta/argument_specs.yml")):
        for name, spec in load(str(path))["argument_specs"].items():
            yield f"roles.{path.parts[-3]}.entry_points", name, spec["options"], {}


def undated(entries: Facts, released: Facts, version: str, path: str) -> list[str]:
    """What was not released and does not say that it comes with a version. What is below it comes along with it."""
    found = []
    for name, entry in entries.items():
        if name not in released:
            found += [] if str(entry.get("version_added")) == version else [f"{path}.{name}"]
            continue
        for below, recorded in NESTED.items():
            found += undated(entry.get(below, {}), released[name].get(recorded, {}), version, f"{path}.{name}")
    return found


def released_at(released: Facts, path: str) -> Facts | None:
    """A part of the record, `None` where it is new."""
    for step in path.split("."):
        released = released.get(step, {})
    return released or None


def test_what_was_released_is_recorded() -> None:
    assert RELEASED.exists() == bool(load("changelogs/changelog.yaml")["releases"]), "`make release` records it"


def test_what_is_new_says_with_which_version_it_comes() -> None:
    released, version = load(str(RELEASED)) if RELEASED.exists() else {}, load("galaxy.yml")["version"]
    missing = []
    for kind, name, options, returned in described():
        record = released_at(released, f"{kind}.{name}")
        # A new plugin or role says it as a whole, which other tests ask for.
        if record:
            missing += undated(options, record["options"], version, f"{name}.options")
            missing += undated(returned, record.get("returns", {}), version, f"{name}.returns")
    assert missing == [], f"these are new, and need `version_added: {version}`"


BEFORE: Facts = {"at": {"options": {"deep": {"type": "str"}}, "contains": {"key": {"type": "str"}}}}
NEW: Facts = {"version_added": "1.1.0"}


@pytest.mark.parametrize(
    ("entries", "missing"),
    [
        ({"at": {"suboptions": {"deep": {}}, "contains": {"key": {}}}}, []),
        ({"at": {}, "more": {}}, ["x.more"]),
        ({"at": {}, "more": NEW}, []),
        ({"more": {"version_added": "1.0.0"}}, ["x.more"]),
        ({"more": {**NEW, "suboptions": {"deep": {}}}}, []),
        ({"at": {"suboptions": {"deeper": {}}}}, ["x.at.deeper"]),
        ({"at": {"options": {"deeper": {}, "deep": {}}}}, ["x.at.deeper"]),
        ({"at": {"contains": {"other": {}}}}, ["x.at.other"]),
        ({"at": {"contains": {"other": NEW}}}, []),
    ],
)
def test_what_counts_as_new(entries: Facts, missing: list[str]) -> None:
    assert undated(entries, BEFORE, "1.1.0", "x") == missing


def test_every_plugin_and_role_is_found_in_the_record() -> None:
    """A record of today has them all, so that none is taken for a new one by mistake."""
    record = interface()
    found = {f"{kind}.{name}": (options, returned) for kind, name, options, returned in described()}
    assert {"modules.email_account", "lookups.with_project_vars", "roles.provision.entry_points.main"} <= set(found)
    for path, (options, returned) in found.items():
        part = released_at(record, path)
        assert part is not None, path
        assert undated(options, part["options"], "", path) + undated(returned, part.get("returns", {}), "", path) == []
