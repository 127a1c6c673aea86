# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the documentation shows has to be valid, and to exist: code, options, commands."""

from __future__ import annotations

import configparser
import json
import re
import shlex
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from tests.markdown import DOCS, ROOT, all_blocks, blocks
from tests.unit.collection import MODULES, documentation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.markdown import Block

COLLECTION = "mailfleet.email."
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
# Text that is neither run nor parsed: what programs print, and drawings.
PRINTED = {"text", "diff"}
# Programs of others, whose options are not looked at.
OTHER_PROGRAMS = {
    *("ansible-galaxy", "ansible-vault", "apt-get", "cd", "curl", "export", "git", "mkdir", "openssl", "pip", "read"),
    *("rm", "sed"),
}
LISTS = {
    "email_accounts": ("email_accounts_sync", "accounts"),
    "email_settings": ("email_settings_sync", "settings"),
    "email_profiles": ("email_profiles_sync", "profiles"),
}
BLOCKS = list(all_blocks())

Mapping = dict[str, Any]


class Loader(yaml.SafeLoader):
    """Reads what Ansible reads."""


Loader.add_constructor("!unsafe", lambda loader, node: loader.construct_scalar(node))  # type: ignore[arg-type]
Loader.add_constructor("!vault", lambda loader, node: loader.construct_scalar(node))  # type: ignore[arg-type]


def of_language(*languages: str) -> pytest.MarkDecorator:
    """A test of each block in one of these languages."""
    found = [block for block in BLOCKS if block.language in languages]
    return pytest.mark.parametrize("block", found, ids=lambda block: block.where)


def mappings(data: object) -> Iterator[Mapping]:
    """Yield every mapping in ``data``, at any depth."""
    if isinstance(data, dict):
        yield data
    for value in data.values() if isinstance(data, dict) else data if isinstance(data, list) else ():
        yield from mappings(value)


def role_options(name: str) -> Mapping:
    """The options of a role."""
    path = ROOT / "roles" / name / "meta" / "argument_specs.yml"
    options: Mapping = yaml.safe_load(path.read_text(encoding="utf-8"))["argument_specs"]["main"]["options"]
    return options


def wrong_options(given: object, options: Mapping, path: str = "") -> list[str]:
    """What is given and not an option, or not one of its choices, at every level."""
    named = {alias: option for name, option in options.items() for alias in (name, *option.get("aliases", ()))}
    wrong = []
    for name, value in given.items() if isinstance(given, dict) else ():
        if name not in named:
            wrong.append(f"{path}{name}")
            continue
        option = named[name]
        choices = option.get("choices")
        if choices and isinstance(value, str) and "{{" not in value and value not in map(str, choices):
            wrong.append(f"{path}{name}={value}")
        inner = option.get("suboptions") or option.get("options")
        for entry in value if isinstance(value, list) else [value]:
            wrong += wrong_options(entry, inner, f"{path}{name}.") if inner else []
    return wrong


def record_options(kind: str) -> Mapping:
    """The options of a record in a document."""
    module, option = LISTS[kind]
    options: Mapping = documentation(module)["options"][option]["suboptions"]
    return options


def wrong_in(mapping: Mapping) -> list[str]:
    """What a mapping says of this collection's modules, roles and records, and does not exist."""
    wrong = []
    for key, value in mapping.items():
        if key.startswith(COLLECTION):
            wrong += wrong_options(value or {}, documentation(key.removeprefix(COLLECTION))["options"], f"{key}: ")
        elif key in LISTS and isinstance(value, list):
            wrong += [name for record in value for name in wrong_options(record, record_options(key), f"{key}: ")]
    if "role" in mapping:
        role = mapping["role"].removeprefix(COLLECTION)
        wrong += wrong_options(mapping.get("vars", {}), role_options(role), f"role {role}: ")
    return wrong


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.where)
def test_language_is_one_that_is_checked(block: Block) -> None:
    assert block.language in {"console", "ini", "json", "python", "yaml", *PRINTED}


@of_language("yaml")
def test_yaml_uses_what_exists(block: Block) -> None:
    data = yaml.load(block.text, Loader)  # noqa: S506 - it is a safe loader
    assert [name for mapping in mappings(data) for name in wrong_in(mapping)] == []


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("mailfleet.email.email_account: {smtp_prot: 25}", ["mailfleet.email.email_account: smtp_prot"]),
        ("mailfleet.email.email_account: {smtp_crypt: tls}", ["mailfleet.email.email_account: smtp_crypt=tls"]),
        ("mailfleet.email.email_settings: {options: {hots: a}}", ["mailfleet.email.email_settings: options.hots"]),
        ("email_accounts: [{nickname: a}]", ["email_accounts: nickname"]),
        ("{role: mailfleet.email.test_send, vars: {to: a}}", ["role test_send: to"]),
        ("mailfleet.email.email_account: {hash_auth: true, smtp_crypt: '{{ any }}'}", []),
    ],
)
def test_what_does_not_exist_would_be_found(text: str, wrong: list[str]) -> None:
    assert wrong_in(yaml.safe_load(text)) == wrong


@of_language("json", "ini", "python")
def test_other_languages_are_parsed(block: Block) -> None:
    if block.language == "json":
        json.loads(block.text)
    elif block.language == "ini":
        configparser.ConfigParser().read_string(block.text)
    else:
        compile(block.text, block.where, "exec")


def command_problem(words: list[str], document: Path) -> str | None:
    """What is wrong with a command that stands in a document."""
    program, *arguments = words
    if program == "make":
        return make_problem(arguments)
    if program == "ansible-playbook":
        return playbook_problem(arguments, document)
    if program in ("ansible", "ansible-doc"):
        named = {word.removeprefix(COLLECTION) for word in arguments if word.startswith(COLLECTION)}
        unknown = named - {*MODULES, *(path.name for path in (ROOT / "roles").iterdir())}
        return f"{program} names {unknown}" if unknown else None
    return None if program in OTHER_PROGRAMS else f"{program} is not known"


@cache
def sandbox_options() -> set[str]:
    """The options of the sandbox, as it lists them itself."""
    command = [sys.executable, "-m", "tests.sandbox", "--help"]
    listed = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True).stdout
    return set(re.findall(r"^  (?:-h, )?(--[a-z-]+)", listed, re.MULTILINE)) - {"--help"}


def make_problem(arguments: list[str]) -> str | None:
    """What is wrong with a call of make: the target, or options of the sandbox."""
    target = arguments[0] if arguments else "help"
    if not re.search(rf"^{re.escape(target)}:", MAKEFILE, re.MULTILINE):
        return f"make does not know {target}"
    given = {word for argument in arguments for word in re.findall(r"--[a-z-]+", argument)}
    unknown = given - sandbox_options()
    return f"make {target} knows no {unknown}" if unknown else None


def playbook_problem(arguments: list[str], document: Path) -> str | None:
    """What is wrong with a call of ansible-playbook: options, playbooks, or variables that nothing reads."""
    from ansible.cli.playbook import PlaybookCLI

    cli = PlaybookCLI(["ansible-playbook", *arguments])
    cli.init_parser()
    options = cli.parser.parse_args(arguments)
    shown = {block.file_name for block in blocks(document)} | {
        "mail.yml",
        "sandbox.json",
        "inventory.yml",
        "handed_on.json",
    }
    shipped = {f"{COLLECTION}{path.stem}" for path in (ROOT / "playbooks").glob("*.yml")}
    if unknown := set(options.args) - shown - shipped:
        return f"there is no playbook {unknown}"
    read = [path for folder in ("roles", "playbooks") for path in (ROOT / folder).rglob("*.yml")]
    texts = "".join(path.read_text(encoding="utf-8") for path in read)
    for variable in options.extra_vars or ():
        name = variable.partition("=")[0]
        known = Path(name).name in shown if name.startswith("@") else re.search(rf"\b{re.escape(name)}\b", texts)
        if not known:
            return f"nothing reads the variable {name}"
    return None


@of_language("console")
def test_commands_exist(block: Block) -> None:
    assert block.commands
    for command in block.commands:
        for part in re.split(r"\s(?:&&|\|)\s", command):
            words = shlex.split(part)
            while words and re.fullmatch(r"[A-Z_]+=.*", words[0]):
                words.pop(0)
            assert command_problem(words, block.document) is None, part


@pytest.mark.parametrize(
    "command",
    [
        "make tea",
        "make sandbox ARGS=--prot=1",
        "ansible-playbook mailfleet.email.plant",
        "ansible-playbook mailfleet.email.plan -e mailfleet_prunes=true",
        "ansible -m mailfleet.email.email_acount localhost",
        "unheard-of",
    ],
)
def test_a_command_that_does_not_exist_would_be_found(command: str) -> None:
    assert command_problem(shlex.split(command), DOCS / "gitops.md")


def test_an_option_that_does_not_exist_would_be_found() -> None:
    with pytest.raises(SystemExit):
        playbook_problem(["mailfleet.email.plan", "--chekc"], DOCS / "gitops.md")


SHOWN = [
    *(path for folder in ("docs", "roles", "playbooks") for path in (ROOT / folder).rglob("*") if path.is_file()),
    *sorted((ROOT / "plugins" / "modules").glob("*.py")),
    ROOT / "README.md",
]


@pytest.mark.parametrize(
    ("name", "key"), [("webitel_access_token", "webitel_key"), ("WEBITEL_ACCESS_TOKEN", "WEBITEL_KEY")]
)
def test_a_token_is_shown_with_its_key(name: str, key: str) -> None:
    """No token without a key serves more than one domain."""
    texts = {path.relative_to(ROOT): path.read_text(encoding="utf-8") for path in SHOWN if path.suffix != ".svg"}
    counted = {str(path): (text.count(name), text.count(key)) for path, text in texts.items() if name in text}
    assert counted
    assert {path: counts for path, counts in counted.items() if counts[0] > counts[1]} == {}
