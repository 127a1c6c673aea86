# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the READMEs show has to be valid, and to exist."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
READMES = [ROOT / "README.md", *sorted(ROOT.glob("roles/*/README.md"))]
COLLECTION = "mailfleet.email."
ENVIRONMENT = re.compile(r"\b(?:WEBITEL|ITFLEX)_[A-Z_]+\b")

_YAML_BLOCK = re.compile(r"^```yaml\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\(([^)#:]+)\)")
_TRAP_ROW = re.compile(r"^\| ((?:`[a-z_]+`(?:, )?)+) \| ")

Mapping = dict[str, Any]


def yaml_blocks() -> Iterator[tuple[str, str]]:
    """Yield each YAML block of each README with a name for it."""
    for readme in READMES:
        for number, match in enumerate(_YAML_BLOCK.finditer(readme.read_text(encoding="utf-8")), start=1):
            yield f"{readme.relative_to(ROOT)}:{number}", match.group(1)


BLOCKS = dict(yaml_blocks())


def mappings(data: object) -> Iterator[Mapping]:
    """Yield every mapping in ``data``, at any depth."""
    if isinstance(data, dict):
        yield data
    for value in data.values() if isinstance(data, dict) else data if isinstance(data, list) else ():
        yield from mappings(value)


def documentation(path: Path) -> Mapping:
    """Return the DOCUMENTATION of a module or doc fragment."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "DOCUMENTATION":
            document: Mapping = yaml.safe_load(ast.literal_eval(node.value))
            return document
    raise AssertionError(f"{path} has no DOCUMENTATION")


def module_options(name: str) -> set[str]:
    """Return the names of all options of a module, aliases and those of its doc fragments included."""
    document = documentation(ROOT / "plugins" / "modules" / f"{name}.py")
    options = dict(document["options"])
    for fragment in document["extends_documentation_fragment"]:
        file_name, _, section = fragment.removeprefix(COLLECTION).partition(".")
        if not section:
            path = ROOT / "plugins" / "doc_fragments" / f"{file_name}.py"
            options |= documentation(path)["options"]
    aliases = {alias for option in options.values() for alias in option.get("aliases", ())}
    return {*options, *aliases}


def role_options(name: str) -> Mapping:
    """Return the options of a role."""
    path = ROOT / "roles" / name / "meta" / "argument_specs.yml"
    options: Mapping = yaml.safe_load(path.read_text(encoding="utf-8"))["argument_specs"]["main"]["options"]
    return options


def test_there_are_blocks_in_every_readme() -> None:
    assert {name.partition(":")[0] for name in BLOCKS} == {str(readme.relative_to(ROOT)) for readme in READMES}


@pytest.mark.parametrize("name", BLOCKS)
def test_block_uses_what_exists(name: str) -> None:
    for mapping in mappings(yaml.safe_load(BLOCKS[name])):
        for key, arguments in mapping.items():
            if key.startswith(COLLECTION):
                assert set(arguments) <= module_options(key.removeprefix(COLLECTION))
        if "role" in mapping:
            assert set(mapping["vars"]) <= set(role_options(mapping["role"].removeprefix(COLLECTION)))


@pytest.mark.parametrize("readme", READMES, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(readme: Path) -> None:
    links = _LINK.findall(readme.read_text(encoding="utf-8"))
    assert [link for link in links if not (readme.parent / link).exists()] == []


@pytest.mark.parametrize("role", sorted(path.name for path in (ROOT / "roles").iterdir()))
def test_role_readme_describes_every_variable_and_its_default(role: str) -> None:
    rows = re.findall(
        r"^\| `(\w+)` \| (.*?) \| ", (ROOT / "roles" / role / "README.md").read_text("utf-8"), re.MULTILINE
    )
    described = {name: default.strip("`") for name, default in rows if name.startswith(f"{role}_")}
    options = role_options(role)
    assert set(described) == set(options)
    defaults = yaml.safe_load((ROOT / "roles" / role / "defaults" / "main.yml").read_text("utf-8"))
    assert defaults == {name: option["default"] for name, option in options.items() if "default" in option}
    assert {name: yaml.safe_load(described[name]) for name in defaults} == defaults


def test_readme_names_every_environment_variable() -> None:
    fragments = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "plugins/doc_fragments").glob("*.py"))
    assert set(ENVIRONMENT.findall(READMES[0].read_text(encoding="utf-8"))) == set(ENVIRONMENT.findall(fragments))


def test_readme_names_every_trap_with_its_default() -> None:
    from tests.sandbox.traps import Traps

    described: dict[str, object] = {}
    for line in READMES[0].read_text(encoding="utf-8").splitlines():
        if row := _TRAP_ROW.match(line):
            default = line[row.end() :].split("`")[1:2]
            described |= dict.fromkeys(re.findall(r"`([a-z_]+)`", row.group(1)), default)
    traps = {name: [str(value)] for name, value in Traps().model_dump().items()}
    assert {name: described.get(name) for name in traps} == traps


def test_readme_names_targets_that_make_knows() -> None:
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    named = re.findall(r"(?:\$ |`)make ([a-z]+)", READMES[0].read_text(encoding="utf-8"))
    assert set(named) <= set(targets)
    assert {"demo", "test"} <= set(named)
