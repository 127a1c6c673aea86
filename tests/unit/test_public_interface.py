# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The recorded public interface is the one that the collection has, and a breaking change of it is reported as such."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from tests.unit.collection import COLLECTION
from tools.interface_changes import changes
from tools.playbook_variables import Reader, names_in
from tools.public_interface import COMMAND, FILE, as_text, interface, recorded

if TYPE_CHECKING:
    from pathlib import Path

Facts = dict[str, Any]


@pytest.fixture(scope="module")
def today() -> Facts:
    """The interface of the collection as it stands here."""
    return interface()


def test_the_record_is_current(today: Facts) -> None:
    reported = "\n".join(f"  {change}" for change in changes(recorded(), today))
    advice = (
        f"The public interface is not the recorded one:\n{reported}\n"
        f"Where that is wanted, record it with {COMMAND}, and describe it in changelogs/fragments; a breaking change "
        "under breaking_changes, and it needs a new major version."
    )
    assert FILE.read_text(encoding="utf-8") == as_text(today), advice


def test_it_holds_every_kind_of_content(today: Facts) -> None:
    folders = {"modules": "plugins/modules", "lookups": "plugins/lookup", "callbacks": "plugins/callback"}
    for kind, folder in folders.items():
        assert set(today[kind]) == {path.stem for path in (COLLECTION / folder).glob("*.py")}
    assert set(today["roles"]) == {path.name for path in (COLLECTION / "roles").iterdir()}
    assert set(today["playbooks"]) == {path.stem for path in (COLLECTION / "playbooks").glob("*.yml")}


def test_what_it_says_of_single_options(today: Facts) -> None:
    options = today["modules"]["email_settings"]["options"]
    assert options["password"] == {"type": "str", "environment": ["WEBITEL_PASSWORD"]}
    assert options["validate_certs"] == {"type": "bool", "default": True}
    assert options["options"]["options"]["auth"]["options"]["pass"] == {"type": "str", "aliases": ["password"]}
    assert today["callbacks"]["report"]["options"]["html"] == {
        "type": "path",
        "environment": ["MAILFLEET_REPORT_HTML"],
        "ini": ["callback_mailfleet_report.html"],
        "vars": ["mailfleet_report_html"],
    }


def test_what_it_says_of_single_modules(today: Facts) -> None:
    modules = today["modules"]
    assert modules["email_account"]["required_one_of"] == [["id", "name", "email"]]
    assert modules["drift"]["required_one_of"] == [["variables", "synced", "run_hosts", "moved_hosts", "rescued"]]
    assert ["state", "present", ["variables", "synced"], True] in modules["plan_file"]["required_if"]
    assert "required_one_of" not in modules["email_settings"]
    assert (modules["email_settings"]["async"], modules["drift"]["async"]) == ("full", "none")
    assert modules["email_account"]["returns"]["action"]["choices"] == [
        "created",
        "updated",
        "unknown",
        "deleted",
        "none",
    ]


def test_the_variables_of_playbooks_and_roles(today: Facts) -> None:
    assert {"mailfleet_hosts", "plan", "webitel_api_url"} <= set(today["playbooks"]["apply"]["variables"])
    assert "mailfleet_export_to" not in today["playbooks"]["apply"]["variables"]
    assert {"test_send_to", "mailfleet_test_domains"} <= set(today["playbooks"]["test_send"]["variables"])
    assert "mailfleet_hosts" not in today["roles"]["gitops"]["variables"]
    for name, role in today["roles"].items():
        inner = [variable for variable in role["variables"] if variable.startswith((f"{name}_", "__"))]
        assert not inner, f"{name} reads what it neither sets nor describes: {inner}"


def test_every_variable_of_a_role_is_in_its_readme(today: Facts) -> None:
    for name, role in today["roles"].items():
        readme = (COLLECTION / "roles" / name / "README.md").read_text(encoding="utf-8")
        named = set(re.findall(r"`(\w+)`", readme))
        if "the same with `itflex_`" in readme:
            other_prefixes = ("itflex_", "webitel_cloud_")
            named |= {variable.replace("webitel_", other) for variable in named for other in other_prefixes}
        options = {option for entry in role["entry_points"].values() for option in entry["options"]}
        others = {variable for variable in role["variables"] if not variable.startswith("test_send_")}
        missing = sorted((options | others) - named)
        assert not missing, f"roles/{name}/README.md does not name {', '.join(missing)}"


BEFORE: Facts = {
    "requires_ansible": ">=2.16.0",
    "action_groups": {"example": ["thing"]},
    "modules": {
        "thing": {
            "check_mode": "full",
            "diff_mode": "none",
            "required_one_of": [["default", "type"]],
            "options": {
                "default": {"type": "str", "choices": ["a", "b"], "aliases": ["other"], "environment": ["THING"]},
                "type": {"type": "list", "elements": "dict", "options": {"size": {"type": "int", "default": 3}}},
                "name": {"type": "str", "required": True},
            },
            "returns": {
                "found": {"type": "dict", "returned": "always", "contains": {"at": {"type": "str"}}},
                "state": {"type": "str", "returned": "always", "choices": ["new", "old"]},
            },
        }
    },
    "playbooks": {"do": {"variables": ["where"]}},
}
OPTIONS = ("modules", "thing", "options")
STATE = ("modules", "thing", "returns", "state")


def at(facts: Facts, *path: str) -> Facts:
    for step in path:
        facts = facts[step]
    return facts


def found(change: Callable[[Facts], object]) -> list[str]:
    after = copy.deepcopy(BEFORE)
    change(after)
    return [str(each) for each in changes(BEFORE, after)]


@pytest.mark.parametrize(
    ("change", "reported"),
    [
        (lambda new: new["modules"].pop("thing"), "modules.thing is removed"),
        (lambda new: new["playbooks"].pop("do"), "playbooks.do is removed"),
        (lambda new: at(new, "playbooks", "do")["variables"].clear(), "playbooks.do.variables loses where"),
        (lambda new: new["action_groups"]["example"].clear(), "action_groups.example loses thing"),
        (lambda new: new.update(requires_ansible=">=2.18.0"), "requires_ansible was >=2.16.0 and is >=2.18.0"),
        (lambda new: at(new, *OPTIONS).pop("default"), "modules.thing.options.default is removed"),
        (
            lambda new: at(new, *OPTIONS, "default")["choices"].remove("a"),
            "modules.thing.options.default.choices loses a",
        ),
        (lambda new: at(new, *OPTIONS, "default").pop("aliases"), "modules.thing.options.default.aliases is removed"),
        (
            lambda new: at(new, *OPTIONS, "default").pop("environment"),
            "modules.thing.options.default.environment is removed",
        ),
        (
            lambda new: at(new, *OPTIONS, "default").update(type="int"),
            "modules.thing.options.default.type was str and is int",
        ),
        (
            lambda new: at(new, *OPTIONS, "default").update(default="a"),
            "modules.thing.options.default.default is added: a",
        ),
        (
            lambda new: at(new, *OPTIONS, "default").update(required=True),
            "modules.thing.options.default.required is added: True",
        ),
        (
            lambda new: at(new, *OPTIONS, "name").update(choices=["x"]),
            "modules.thing.options.name.choices is added: ['x']",
        ),
        (
            lambda new: at(new, *OPTIONS).update(more={"type": "str", "required": True}),
            "modules.thing.options.more is added, and is required",
        ),
        (
            lambda new: at(new, *OPTIONS, "type", "options", "size").update(default=4),
            "modules.thing.options.type.options.size.default was 3 and is 4",
        ),
        (
            lambda new: at(new, *OPTIONS, "type", "options", "size").pop("default"),
            "modules.thing.options.type.options.size.default is removed",
        ),
        (lambda new: at(new, "modules", "thing", "returns").pop("found"), "modules.thing.returns.found is removed"),
        (
            lambda new: at(new, "modules", "thing", "returns", "found", "contains").pop("at"),
            "modules.thing.returns.found.contains.at is removed",
        ),
        (
            lambda new: at(new, "modules", "thing", "returns", "found").update(returned="success"),
            "modules.thing.returns.found.returned was always and is success",
        ),
        (lambda new: at(new, *STATE)["choices"].remove("old"), "modules.thing.returns.state.choices loses old"),
        (lambda new: at(new, *STATE).pop("choices"), "modules.thing.returns.state.choices is removed"),
        (
            lambda new: at(new, "modules", "thing")["required_one_of"].append(["name", "type"]),
            "modules.thing.required_one_of gains ['name', 'type']",
        ),
        (
            lambda new: at(new, "modules", "thing").update(required_if=[["name", "x", ["type"]]]),
            "modules.thing.required_if is added: [['name', 'x', ['type']]]",
        ),
        (
            lambda new: new["modules"]["thing"].update(check_mode="none"),
            "modules.thing.check_mode was full and is none",
        ),
    ],
)
def test_breaking_changes(change: Callable[[Facts], object], reported: str) -> None:
    assert found(change) == [f"BREAKING: {reported}"]


@pytest.mark.parametrize(
    ("change", "reported"),
    [
        (lambda new: new["modules"].update(more={"options": {}}), "modules.more is added"),
        (lambda new: at(new, *OPTIONS).update(choices={"type": "str"}), "modules.thing.options.choices is added"),
        (
            lambda new: at(new, *OPTIONS, "default")["choices"].append("c"),
            "modules.thing.options.default.choices gains c",
        ),
        (
            lambda new: at(new, *OPTIONS, "default")["choices"].reverse(),
            "modules.thing.options.default.choices is in another order",
        ),
        (lambda new: at(new, *OPTIONS, "default").pop("choices"), "modules.thing.options.default.choices is removed"),
        (lambda new: at(new, *OPTIONS, "name").pop("required"), "modules.thing.options.name.required is removed"),
        (
            lambda new: at(new, *OPTIONS, "name").update(aliases=["called"]),
            "modules.thing.options.name.aliases is added",
        ),
        (
            lambda new: at(new, "modules", "thing", "returns").update(more={"type": "str"}),
            "modules.thing.returns.more is added",
        ),
        (lambda new: new["modules"]["thing"].update(diff_mode="full"), "modules.thing.diff_mode was none and is full"),
        (lambda new: at(new, *STATE)["choices"].append("odd"), "modules.thing.returns.state.choices gains odd"),
        (
            lambda new: at(new, "modules", "thing", "returns", "found").update(choices=["x"]),
            "modules.thing.returns.found.choices is added",
        ),
        (
            lambda new: at(new, "modules", "thing")["required_one_of"].clear(),
            "modules.thing.required_one_of loses ['default', 'type']",
        ),
        (lambda new: at(new, "modules", "thing").pop("required_one_of"), "modules.thing.required_one_of is removed"),
    ],
)
def test_changes_that_break_nothing(change: Callable[[Facts], object], reported: str) -> None:
    assert found(change) == [reported]


def test_no_change() -> None:
    assert found(lambda _new: None) == []


PLAYBOOK = """
- hosts: "{{ hosts_of_mine }}"
  vars:
    inner: "{{ outer | default('x') }}"
    unused: "{{ not_wanted }}"
  vars_files: [more.yml]
  tasks:
    - debug: {msg: "{{ inner }} {{ from_file }} {{ ansible_host }}"}
      when: switch and answer is not skipped
      register: answer
    - block:
        - ansible.builtin.set_fact: {fact: "{% set own = 1 %}{{ own }}{{ item.name }}"}
          loop: "{{ things }}"
          loop_control: {index_var: number}
      always:
        - ansible.builtin.import_role: {name: made.up.role, tasks_from: other}
          vars: {role_option: "{{ handed_over }}"}
        - debug: {msg: "{{ fact }} {{ number }} {{ lookup('env', name_of_it) }}"}
"""


def test_what_a_playbook_wants(tmp_path: Path) -> None:
    role = tmp_path / "roles" / "role"
    for folder in ("playbooks", "roles/role/tasks", "roles/role/defaults", "roles/role/vars", "roles/role/meta"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "playbooks" / "do.yml").write_text(PLAYBOOK)
    (tmp_path / "playbooks" / "more.yml").write_text("from_file: '{{ deep }}'")
    (role / "defaults" / "main.yml").write_text("role_option: []")
    (role / "vars" / "main.yml").write_text("role_made: '{{ host_s_own }}'")
    (role / "meta" / "argument_specs.yml").write_text("argument_specs: {main: {options: {asked: {type: str}}}}")
    (role / "tasks" / "main.yml").write_text("- debug: {msg: '{{ asked }} {{ of_main }}'}")
    (role / "tasks" / "other.yml").write_text("- ansible.builtin.import_tasks: third.yml")
    (role / "tasks" / "third.yml").write_text("- debug: {msg: '{{ role_option }} {{ role_made }} {{ asked }}'}")
    reader = Reader(tmp_path, "made.up")
    wanted = ["asked", "deep", "handed_over", "host_s_own", "hosts_of_mine", "name_of_it", "outer", "switch", "things"]
    assert reader.playbook(tmp_path / "playbooks" / "do.yml") == wanted
    assert reader.role("role") == ["host_s_own", "of_main"]


def test_names_in_lists_of_conditions() -> None:
    assert set(names_in({"when": ["a == 'b'", "c is defined"], "msg": "when d"})) == {"a", "c"}
