# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The READMEs: the collection's is what catalogues expect, those of the roles describe every variable."""

from __future__ import annotations

import re
import shlex

import pytest
import yaml

from tests.markdown import README, ROLE_READMES, ROOT, blocks, headings, links

ROLES = sorted(path.name for path in (ROOT / "roles").iterdir())
# The order that certified collections have.
SECTIONS = [
    "Description",
    "Requirements",
    "Installation",
    "Use Cases",
    "Testing",
    "Support",
    "Release Notes and Roadmap",
    "Related Information",
    "License Information",
]


def test_readme_has_the_sections_of_certified_content() -> None:
    assert headings(README, "h1") == ["mailfleet.email"]
    assert headings(README) == SECTIONS


def test_readme_shows_the_two_commands_first() -> None:
    first = blocks(README)[0]
    assert [shlex.split(command) for command in first.commands] == [["make", "demo"], ["make", "test"]]


def test_readme_links_to_nothing_relative() -> None:
    """Galaxy and Automation Hub show the README without the repository around it."""
    assert [link for link in links(README) if not link.startswith("https://")] == []


def test_readme_installs_no_ansible() -> None:
    """Who uses an execution environment has it already, and must not get another one."""
    commands = [command for block in blocks(README) for command in block.commands]
    assert [command for command in commands if re.search(r"pip install .*\bansible", command)] == []


def test_readme_names_every_plugin_role_and_playbook() -> None:
    text = README.read_text(encoding="utf-8")
    folders = ("plugins/modules", "plugins/lookup", "plugins/callback", "playbooks")
    found = {path.stem for folder in folders for path in (ROOT / folder).iterdir() if path.suffix in (".py", ".yml")}
    assert {"email_account", "drift", "plan_file", "host_sync", "report", "apply"} < found
    named = set(re.findall(r"`(?:mailfleet\.email\.)?(\w+)`", text))
    assert {*found, *ROLES} - {"demo"} - named == set()


def test_every_role_has_a_readme_with_an_example() -> None:
    assert [path.parent.name for path in ROLE_READMES] == ROLES
    assert [path for path in ROLE_READMES if not any(block.language == "yaml" for block in blocks(path))] == []


@pytest.mark.parametrize("role", ROLES)
def test_role_readme_describes_every_variable_and_its_default(role: str) -> None:
    rows = re.findall(
        r"^\| (`\w+`(?:, `\w+`)*) \| (.*?) \| ", (ROOT / "roles" / role / "README.md").read_text("utf-8"), re.MULTILINE
    )
    described = {
        name: default.strip("`")
        for names, default in rows
        for name in re.findall(r"\w+", names)
        if name.startswith(f"{role}_")
    }
    specification = yaml.safe_load((ROOT / "roles" / role / "meta" / "argument_specs.yml").read_text("utf-8"))
    options = specification["argument_specs"]["main"]["options"]
    assert set(described) == {name for name in options if name.startswith(f"{role}_")}
    defaults = yaml.safe_load((ROOT / "roles" / role / "defaults" / "main.yml").read_text("utf-8"))
    # Where null is refused with a default in the specification, it stands in the file alone.
    in_specification = {name: option["default"] for name, option in options.items() if "default" in option}
    assert in_specification.items() <= defaults.items()
    assert {name: yaml.safe_load(described[name]) for name in defaults} == defaults


def test_readme_installs_every_library() -> None:
    """Who installs from Galaxy has no requirements.txt at hand."""
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    needed = {line.split()[0] for line in lines if line and not line.startswith("#")}
    commands = [shlex.split(command) for block in blocks(README) for command in block.commands]
    assert needed in [set(command[2:]) for command in commands if command[:2] == ["pip", "install"]]
