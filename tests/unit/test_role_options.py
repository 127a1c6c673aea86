# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The roles take a record's fields as the modules do, and test_send hands over all that it takes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from ansible_collections.mailfleet.email.plugins.module_utils._products.itflex.options import itflex
from ansible_collections.mailfleet.email.plugins.plugin_utils._registry import KINDS
from tests.unit.collection import COLLECTION, spec

if TYPE_CHECKING:
    from collections.abc import Iterator

Options = dict[str, dict[str, Any]]

FACTS = ("type", "elements", "required", "default", "choices", "no_log")
# How a product is reached and what may be shown is no field of a record; roles leave that to Ansible or say it once.
ITFLEX = {*itflex({}), "shown_fields"}
# What test_send says itself: which messages are looked for, and since when.
OF_MESSAGES = {"after", "messages", "since"}
# What test_send itself does with a mailbox.
OF_TEST_SEND = {"accept_spam", "subaddress"}


def role_options(role: str, *path: str) -> Options:
    """The options of a role, or those below one of them."""
    file = COLLECTION / "roles" / role / "meta" / "argument_specs.yml"
    options: Options = yaml.safe_load(file.read_text(encoding="utf-8"))["argument_specs"]["main"]["options"]
    for name in path:
        options = options[name]["options"]
    return options


def facts(options: Options) -> dict[str, Any]:
    """What users may give, with each alias as an option of its own: options of roles have no aliases."""
    found: dict[str, Any] = {}
    for name, option in options.items():
        reported = {fact: option[fact] for fact in FACTS if option.get(fact) not in (None, False)}
        if "choices" in reported:
            # Null means not given everywhere: the modules see to that, in a role's specification it is a choice.
            reported["choices"] = [choice for choice in reported["choices"] if choice is not None]
        reported["options"] = facts(option.get("options", {}))
        found.update(dict.fromkeys((name, *option.get("aliases", ())), reported))
    return found


def of_module(module: str, *, without: set[str]) -> Options:
    """The options of a module less some."""
    return {name: option for name, option in spec(module).argument_spec.items() if name not in without}


def task_of_test_send(file: str, name: str) -> tuple[str, dict[str, str]]:
    """The module of a task of test_send, and what it is given."""
    tasks = yaml.safe_load((COLLECTION / "roles" / "test_send" / "tasks" / file).read_text(encoding="utf-8"))
    (task,) = (task for task in tasks if task["name"] == name)
    (module,) = (key for key in task if key.startswith("mailfleet.email."))
    return module.rpartition(".")[2], task[module]


def read_by(template: str) -> set[str]:
    """Which keys of a record a template reads."""
    return set(re.findall(r"\.(\w+)\)? \|", template))


def test_provision_leaves_the_records_to_the_modules() -> None:
    """A role's own validation would show its whole specification beside the error, and no index."""
    options = role_options("provision")
    assert {options[f"provision_{kind.key}"]["type"] for kind in KINDS} == {"raw"}
    assert {option["type"] for option in role_options("provision", "provision_document").values()} == {"raw"}


def test_test_send_takes_and_hands_over_the_fields_of_an_account() -> None:
    module, given = task_of_test_send("main.yml", "Send a test message through each iTFLEX account")
    taken = of_module(module, without={*ITFLEX, "to_email"})
    assert facts(role_options("test_send", "test_send_accounts")) == facts(taken)
    names = {name: {name, *option.get("aliases", ())} for name, option in taken.items()}
    assert {name: read_by(template) for name, template in given.items() if name != "to_email"} == names


def test_test_send_takes_and_hands_over_where_the_mailbox_is() -> None:
    module, given = task_of_test_send("look.yml", "Look into the mailbox")
    taken = of_module(module, without=OF_MESSAGES)
    offered = facts(role_options("test_send", "test_send_confirm_delivery"))
    assert set(offered) - OF_TEST_SEND == set(taken) == set(given) - OF_MESSAGES
    for name, reported in facts(taken).items():
        # The module's defaults hold, since what is not given is not handed over.
        assert {**offered[name], "default": None} == {**reported, "default": None}, name
        assert name == "wait" or read_by(given[name]) == {name}


@pytest.mark.parametrize("role", sorted(path.name for path in (COLLECTION / "roles").iterdir()))
def test_null_means_not_given(role: str) -> None:
    """Ansible refuses null where there are choices without it, or a default beside the option."""
    refused = [path for path, option in _below(role_options(role)) if None not in option.get("choices", [None])]
    assert refused == []
    below_another = [(path, option) for path, option in _below(role_options(role)) if "." in path]
    assert [path for path, option in below_another if "default" in option] == []


def _below(options: Options, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    for name, option in options.items():
        yield f"{path}{name}", option
        yield from _below(option.get("options", {}), f"{path}{name}.")
