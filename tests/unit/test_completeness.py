# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Each module, plugin, role and playbook has its documentation, example, test, changelog entry and action group."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import yaml

from tests.unit.collection import COLLECTION, MODULES
from tests.unit.completeness import Completeness

if TYPE_CHECKING:
    from pathlib import Path


def test_nothing_is_missing() -> None:
    assert Completeness(COLLECTION).missing() == []


def test_every_piece_is_looked_at() -> None:
    pieces = {str(piece) for piece in Completeness(COLLECTION).pieces()}
    assert {f"module {name}" for name in [*MODULES, "drift", "export", "plan_file"]} <= pieces
    assert {"callback report", "role gitops", "playbook apply", "playbook plan"} <= pieces


HEAD = "short_description: Do it\ndescription: [It is done.]\nauthor: [somebody]\nversion_added: 2.0.0\n"
OLD_HEAD = HEAD.replace("2.0.0", "1.0.0")
GROUP = "attributes:\n  action_group: {membership: [made.up.servers]}\n"
MODULE = (
    f'DOCUMENTATION = """{HEAD}{GROUP}"""\nEXAMPLES = """\n- made.up.thing:\n"""\nRETURN = "a: {{}}"\nrun_module()\n'
)
FILES = {
    "galaxy.yml": "namespace: made\nname: up\nversion: 2.0.0\n",
    "meta/runtime.yml": "action_groups: {servers: [thing]}",
    "README.md": "# Made up\n\n```console\n$ ansible-playbook made.up.do\n```\n",
    "changelogs/changelog.yaml": "releases:\n  1.0.0:\n    plugins: {lookup: [{name: seek}]}\n    objects: {}\n",
    "changelogs/fragments/do.yml": "add object.playbook:\n  - {name: do, description: Do it}\n",
    "plugins/modules/thing.py": MODULE,
    "plugins/lookup/seek.py": f'DOCUMENTATION = """{OLD_HEAD}"""\nEXAMPLES = "{{{{ lookup(\'made.up.seek\') }}}}"\n',
    "roles/part/meta/argument_specs.yml": yaml.safe_dump({"argument_specs": {"main": yaml.safe_load(HEAD)}}),
    "roles/part/README.md": "# Part\n\n```yaml\n- roles: [made.up.part]\n```\n",
    "roles/part/tasks/main.yml": "- made.up.thing:\n    at: \"{{ lookup('made.up.seek') }}\"\n",
    "playbooks/do.yml": "# Copyright X\n# SPDX\n\n# Does it.\n- hosts: all\n  roles: [made.up.part]\n",
    "tests/integration/test_do.py": 'def test_do(run):\n    assert run("do") == 0\n',
}


@pytest.fixture
def made_up(tmp_path: Path) -> Path:
    """A collection in which nothing is missing."""
    for name, content in FILES.items():
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content)
    return tmp_path


def test_a_made_up_collection_is_complete(made_up: Path) -> None:
    found = Completeness(made_up)
    assert [str(piece) for piece in found.pieces()] == ["lookup seek", "module thing", "playbook do", "role part"]
    assert found.missing() == []


NEVER_TESTED = [f"{piece}: no integration test uses it" for piece in ("lookup seek", "module thing")]


@pytest.mark.parametrize(
    ("name", "before", "after", "missing"),
    [
        ("plugins/modules/thing.py", "DOCUMENTATION", "DOCS", None),
        ("plugins/modules/thing.py", "author: [somebody]\n", "", ["module thing: its documentation has no author"]),
        ("plugins/modules/thing.py", "RETURN", "BACK", ["module thing: its return values are not documented"]),
        ("plugins/modules/thing.py", "made.up.thing", "made.up.other", ["module thing: no example uses it"]),
        (
            "plugins/modules/thing.py",
            "made.up.servers",
            "made.up.b",
            ["module thing: it is in the action groups ['made.up.servers'], but its documentation says ['made.up.b']"],
        ),
        ("meta/runtime.yml", "[thing]", "[]", ["module thing: it is in no action group"]),
        (
            "plugins/modules/thing.py",
            "version_added: 2.0.0",
            "version_added: 1.0.0",
            ["module thing: the changelog does not name it: it was added in 1.0.0, and the next version is 2.0.0"],
        ),
        ("plugins/lookup/seek.py", "made.up.seek", "made.up.other", ["lookup seek: no example uses it"]),
        (
            "plugins/lookup/seek.py",
            "description: [It is done.]\n",
            "",
            ["lookup seek: its documentation has no description"],
        ),
        (
            "changelogs/changelog.yaml",
            "name: seek",
            "name: other",
            ["lookup seek: the changelog does not name it: it was added in 1.0.0, and the next version is 2.0.0"],
        ),
        (
            "changelogs/fragments/do.yml",
            "name: do",
            "name: other",
            ["playbook do: no changelog fragment adds it (add object.playbook)"],
        ),
        ("README.md", "made.up.do", "made.up.other", ["playbook do: no example uses it"]),
        ("README.md", "```console\n", "", ["playbook do: no example uses it"]),
        ("playbooks/do.yml", "# Does it.\n", "", ["playbook do: no comment at its top says what it is for"]),
        ("playbooks/do.yml", "made.up.part", "other.part", [*NEVER_TESTED, "role part: no integration test uses it"]),
        ("roles/part/tasks/main.yml", "made.up.thing", "other.thing", NEVER_TESTED[1:]),
        ("roles/part/tasks/main.yml", "made.up.seek", "made.up.seek_more", NEVER_TESTED[:1]),
        ("roles/part/README.md", "made.up.part", "part", ["role part: no example uses it"]),
        (
            "roles/part/meta/argument_specs.yml",
            "short_description",
            "long",
            ["role part: its documentation has no short_description"],
        ),
        ("tests/integration/test_do.py", "test_do", "helper", None),
        ("tests/integration/test_do.py", '"do"', '"undo"', None),
    ],
)
def test_what_is_missing_is_reported(
    made_up: Path, name: str, before: str, after: str, missing: list[str] | None
) -> None:
    """Where ``missing`` is ``None``, more than one thing goes with what is changed; something must be reported."""
    file = made_up / name
    assert before in file.read_text()
    file.write_text(file.read_text().replace(before, after))
    reported = Completeness(made_up).missing()
    assert reported
    if missing is not None:
        assert reported == missing


def test_a_released_module_needs_to_be_in_the_changelog(made_up: Path) -> None:
    """Once the version of galaxy.yml is released, the changelog itself must name what it added."""
    changelog = made_up / "changelogs" / "changelog.yaml"
    changelog.write_text("releases: {2.0.0: {modules: [{name: other}], plugins: {lookup: [{name: seek}]}}}")
    reported = Completeness(made_up).missing()
    assert reported == [
        f"{piece}: the changelog does not name it: it was added in 2.0.0, and the next version is 2.0.0"
        for piece in ("module thing", "role part")
    ]
    plugins, objects = "{lookup: [{name: seek}]}", "{role: [{name: part}]}"
    changelog.write_text(f"releases: {{2.0.0: {{modules: [{{name: thing}}], plugins: {plugins}, objects: {objects}}}}}")
    assert Completeness(made_up).missing() == []


@pytest.mark.parametrize("file", ["test_examples.py", "test_leaks.py", "test_completeness.py"])
def test_a_test_of_all_modules_is_no_test_of_one(made_up: Path, file: str) -> None:
    folder = made_up / "tests" / "integration"
    (folder / "test_do.py").rename(folder / file)
    assert "playbook do: no integration test uses it" in Completeness(made_up).missing()


@pytest.mark.parametrize(
    ("test", "counts"),
    [
        ('run([Task("Do it", "{}")])', True),
        ('NAME = "{}"\n    run([Task("Do it", NAME)])', True),
        ('perform(playbook, way, module="{}", steps=[])', True),
        ('run([{{"made.up.{}": {{}}}}])', True),
        ('assert run("do").returned["{}"] == 0', False),
        ('write("{}", "a document of this name")', False),
        ('run([Task("{}", "other")])', False),
        ('run("{}")', False),
    ],
)
@pytest.mark.parametrize("name", ["document", "email_deliveries"])
def test_a_module_is_tested_where_a_test_runs_it(made_up: Path, name: str, test: str, *, counts: bool) -> None:
    """The name of a module may also be that of a key or a file, which says nothing about the module."""
    (made_up / "plugins" / "modules" / f"{name}.py").write_text(MODULE.replace("made.up.thing", f"made.up.{name}"))
    (made_up / "meta" / "runtime.yml").write_text(f"action_groups: {{servers: [thing, {name}]}}")
    (made_up / "tests" / "integration" / "test_more.py").write_text(f"def test_more(run):\n    {test.format(name)}\n")
    assert Completeness(made_up).missing() == ([] if counts else [f"module {name}: no integration test uses it"])
