# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The documentation and the argument specs say the same, and nothing is left undescribed."""

from __future__ import annotations

import importlib
import re
from typing import Any

import pytest
import yaml

from tests.unit.collection import COLLECTION, MODULES, NAME, PLUGINS, action_groups, documentation, module, spec
from tools.public_interface import documentation as whole_documentation

ENVIRONMENT = re.compile(r"E\((?P<name>[A-Z_]+)\)")
CONTROLLER_MODULES = sorted({path.stem for path in (PLUGINS / "modules").glob("*.py")} - set(MODULES))
EACH_MODULE = pytest.mark.parametrize("name", MODULES)
EVERY_MODULE = pytest.mark.parametrize("name", [*MODULES, *CONTROLLER_MODULES])


def action(name: str) -> Any:
    """The action plugin of a module."""
    return importlib.import_module(f"{NAME}.plugins.action.{name}").ActionModule


def argument_spec(name: str) -> dict[str, dict[str, Any]]:
    """What a module takes: by its spec, or where it works on the controller alone, by its action plugin."""
    found: dict[str, dict[str, Any]] = spec(name).argument_spec if name in MODULES else action(name).argument_spec
    return found


def spec_of(options: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """An argument spec, reduced to what documentation says too."""
    return {
        name: {
            "type": option["type"],
            "default": option.get("default"),
            "required": option.get("required", False),
            "choices": list(option.get("choices", [])),
            "aliases": sorted(option.get("aliases", [])),
            "elements": option.get("elements"),
            "options": spec_of(option.get("options", {})),
        }
        for name, option in options.items()
    }


def documented_spec(options: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The same of documented options."""
    return {
        name: {
            "type": option["type"],
            "default": option.get("default"),
            "required": option.get("required", False),
            "choices": list(option.get("choices", [])),
            "aliases": sorted(option.get("aliases", [])),
            "elements": option.get("elements"),
            "options": documented_spec(option.get("suboptions", {})),
        }
        for name, option in options.items()
    }


def options_at_every_level(options: dict[str, dict[str, Any]], path: str = "") -> list[tuple[str, dict[str, Any]]]:
    """All options and suboptions, each with its dotted path."""
    found = []
    for name, option in options.items():
        found.append((f"{path}{name}", option))
        found += options_at_every_level(option.get("suboptions", {}), f"{path}{name}.")
    return found


def test_there_are_modules() -> None:
    assert {"email_settings", "email_account", "email_settings_test", "email_account_info"} < set(MODULES)


@EVERY_MODULE
def test_options_are_what_the_code_takes(name: str) -> None:
    assert documented_spec(documentation(name)["options"]) == spec_of(argument_spec(name))


@EVERY_MODULE
def test_every_option_is_described(name: str) -> None:
    for path, option in options_at_every_level(documentation(name)["options"]):
        texts = option["description"]
        assert texts, path
        assert all(isinstance(text, str) and text.strip().endswith((".", ":")) for text in texts), path


@EVERY_MODULE
def test_secrets_are_declared_as_such(name: str) -> None:
    def check(spec: dict[str, dict[str, Any]]) -> None:
        for option, declared in spec.items():
            if option in ("access_token", "refresh_token", "key", "password", "pass", "extra"):
                assert declared.get("no_log") is True, option
            check(declared.get("options", {}))

    check(argument_spec(name))


@EACH_MODULE
def test_the_environment_variables_are_documented(name: str) -> None:
    options = documentation(name)["options"]
    for option, declared in spec(name).argument_spec.items():
        fallback = declared.get("fallback")
        variables = set(fallback[1]) if fallback else set()
        documented = {found["name"] for found in ENVIRONMENT.finditer(" ".join(options[option]["description"]))}
        assert variables <= documented, option
        assert fallback or not {found for found in documented if found.startswith(("ITFLEX", "WEBITEL"))}, option


@EVERY_MODULE
def test_head(name: str) -> None:
    documented = documentation(name)
    assert documented["module"] == name
    assert documented["version_added"]
    assert not documented["short_description"].endswith(".")
    assert documented["author"]


@EACH_MODULE
def test_check_mode_is_supported(name: str) -> None:
    attributes = documentation(name)["attributes"]
    assert attributes["check_mode"]["support"] == "full"
    # The mailbox of this one may change, which it shows in no diff.
    without = "none" if name == "email_delivery_info" else "N/A"
    assert attributes["diff_mode"]["support"] == (without if name.endswith(("_info", "_test", "_check")) else "full")


@EVERY_MODULE
def test_background_and_action_plugin(name: str) -> None:
    attributes = documentation(name)["attributes"]
    assert attributes["action"]["support"] == "full"
    assert attributes["async"]["support"] == ("full" if action(name)._supports_async else "none")


@EACH_MODULE
def test_the_libraries_have_the_bounds_of_requirements_txt(name: str) -> None:
    lines = (COLLECTION / "requirements.txt").read_text(encoding="utf-8").splitlines()
    needed = {"requests", "voluptuous", *spec(name).libraries.values()}
    wanted = [line for line in lines if line.partition(" ")[0] in needed]
    documented = whole_documentation(PLUGINS / "modules" / f"{name}.py")["requirements"]
    assert len(wanted) == len(needed)
    assert sorted(documented) == sorted(wanted)


@EACH_MODULE
def test_each_module_is_in_the_group_of_its_product(name: str) -> None:
    groups = [group for group, members in action_groups().items() if name in members]
    asks_mail_servers = name.endswith("_check") or name == "email_delivery_info"
    products = {"email_settings": "webitel", "email_account": "itflex", "email_profile": "webitel_cloud"}
    product = next((group for kind, group in products.items() if name.startswith(kind)), None)
    assert groups == ["mail" if asks_mail_servers else product]
    attribute = documentation(name)["attributes"]["action_group"]
    assert (attribute["support"], attribute["membership"]) == ("full", [f"mailfleet.email.{groups[0]}"])


def test_groups_hold_modules_only() -> None:
    members = [member for group in action_groups().values() for member in group]
    assert sorted(members) == MODULES


@EVERY_MODULE
def test_examples(name: str) -> None:
    tasks = yaml.safe_load(module(name).EXAMPLES)
    spec = argument_spec(name)
    allowed = set(spec) | {alias for option in spec.values() for alias in option.get("aliases", ())}
    used = [task[f"mailfleet.email.{name}"] for task in tasks if f"mailfleet.email.{name}" in task]
    assert used
    for options in used:
        assert set(options) <= allowed
    for task in tasks:
        assert task["name"][0].isupper()


@EVERY_MODULE
def test_return_values(name: str) -> None:
    def check(values: dict[str, dict[str, Any]], path: str = "") -> None:
        for key, value in values.items():
            assert value["type"], f"{path}{key}"
            assert value["description"], f"{path}{key}"
            assert path or value["returned"], f"{path}{key}"
            check(value.get("contains", {}), f"{path}{key}.")

    documented = yaml.safe_load(module(name).RETURN)
    check(documented)
    assert "failure" in documented
    if name in MODULES and name.endswith("_info"):
        assert any(key.startswith("email_") for key in documented)
    elif name.endswith("_check"):
        assert {"findings", "report", "server", "sender_domain"} <= set(documented)
    elif name.endswith("_test"):
        assert {"sent", "from", "to_email", "via", "answer"} <= set(documented)
    elif name in MODULES:
        assert {"changed", "diff"} <= set(documented)
    if name in MODULES and "state" in argument_spec(name):
        assert {"action", "changed_fields", name, "password_check"} <= set(documented)


@EVERY_MODULE
def test_docstring_and_entry(name: str) -> None:
    imported = module(name)
    assert (imported.__doc__ or "").startswith(f"{name}: ")
    assert hasattr(imported, "main") is (name in MODULES)
