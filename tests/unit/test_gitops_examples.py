# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The examples for teams: what they name is there, the slices are all of the fleet, and git keeps what it should."""

from __future__ import annotations

import re
import shutil
import subprocess
from typing import TYPE_CHECKING, Any

import yaml

from tests.unit.collection import COLLECTION

if TYPE_CHECKING:
    from pathlib import Path

GUIDE = COLLECTION / "docs" / "gitops"


def loaded(name: str) -> Any:
    return yaml.safe_load((GUIDE / name).read_text(encoding="utf-8"))


def test_job_templates_run_playbooks_of_the_example_and_hand_on() -> None:
    templates = loaded("awx/job-templates.yml")["job_templates"]
    assert {template["playbook"] for template in templates} >= {"plan.yml", "merge.yml", "apply.yml", "drift.yml"}
    for template in templates:
        [play] = loaded(f"repository/{template['playbook']}")
        name = play["ansible.builtin.import_playbook"].rpartition(".")[2]
        assert (COLLECTION / "playbooks" / f"{name}.yml").is_file()
        assert template["extra_vars"] == {"mailfleet_hand_on": True}
        assert ("job_slice_count" in template) == (name != "merge")


def test_the_workflow_runs_job_templates_one_after_the_other() -> None:
    described = loaded("awx/job-templates.yml")
    templates = {template["name"]: template["playbook"] for template in described["job_templates"]}
    [workflow] = described["workflow_job_templates"]
    nodes = {node["identifier"]: node for node in workflow["workflow_nodes"]}
    way, here = [], "plan"
    while here:
        used = nodes[here]["unified_job_template"]
        way.append(templates[used["name"]] if used["type"] == "job_template" else used["type"])
        after = [node["identifier"] for found in nodes[here].get("related", {}).values() for node in found]
        assert len(after) <= 1
        here = after[0] if after else ""
    assert way == ["plan.yml", "merge.yml", "workflow_approval", "apply.yml", "merge.yml"]
    assert len(way) == len(nodes)


def test_the_pods_of_the_indexed_job_share_out_all_hosts(tmp_path: Path) -> None:
    """The container's own words, with a program that only notes what it is called with."""
    spec = loaded("kubernetes/plan-indexed-job.yml")["spec"]
    assert (spec["completionMode"], spec["completions"], spec["backoffLimit"]) == ("Indexed", spec["parallelism"], 0)
    [container] = spec["template"]["spec"]["containers"]
    [each] = [int(entry["value"]) for entry in container["env"] if entry["name"] == "HOSTS_EACH"]
    program = tmp_path / "ansible-playbook"
    program.write_text('#!/bin/sh\nprintf "%s\\n" "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    hosts: list[int] = []
    for index in range(spec["completions"]):
        environment = {"PATH": f"{tmp_path}:/usr/bin:/bin", "HOSTS_EACH": str(each), "JOB_COMPLETION_INDEX": str(index)}
        ended = subprocess.run(container["command"], env=environment, stdout=subprocess.PIPE, text=True, check=True)
        words = ended.stdout.splitlines()
        assert words[0] == "mailfleet.email.plan"
        assert {f"plan=/slices/plan-{index}.json", f"mailfleet_report_json=/slices/report-{index}.json"} < set(words)
        first, last = words[words.index("--limit") + 1].removeprefix("all[").removesuffix("]").split(":")
        hosts += range(int(first), int(last) + 1)
    assert hosts == list(range(each * spec["completions"]))


def test_git_ignores_what_runs_leave_behind_in_the_example_and_nothing_of_it(tmp_path: Path) -> None:
    example = GUIDE / "repository"
    texts = [
        path.read_text(encoding="utf-8")
        for path in (*GUIDE.glob("*.*"), *GUIDE.parent.glob("*.md"), GUIDE / "Jenkinsfile")
    ]
    written = {
        name
        for text in texts
        for name in re.findall(r"\b(?:plan|drift|report|handed_on)\.(?:json|md|html|xml)\b", text)
    }
    assert {"plan.json", "plan.md", "plan.xml", "drift.xml", "handed_on.json", "report.html"} <= written
    secret = {".vault-password", "sandbox.json"}
    shutil.copy(example / ".gitignore", tmp_path)
    subprocess.run(["git", "init", "--quiet"], cwd=tmp_path, check=True)
    kept = {str(path.relative_to(example)) for path in example.rglob("*") if path.is_file()}
    assert ignored(tmp_path, {*written, *secret, *kept, "slices/plan-0.json"}) == {
        *written,
        *secret,
        "slices/plan-0.json",
    }


def ignored(folder: Path, names: set[str]) -> set[str]:
    """Which of these files git ignores in the folder."""
    command = ["git", "check-ignore", "--no-index", "--stdin"]
    done = subprocess.run(command, cwd=folder, input="\n".join(names), capture_output=True, text=True, check=False)
    return set(done.stdout.splitlines())
