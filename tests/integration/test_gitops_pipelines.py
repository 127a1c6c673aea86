# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The pipelines of docs/gitops: their own commands, run in the repository of the guide against the sandbox.

What fetches from the network or talks to a forge is a program that only notes that it was called.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from configparser import ConfigParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from ansible.parsing.vault import VaultLib, VaultSecret
from jinja2 import Environment, StrictUndefined

from tests.ansible_start import write_programs
from tests.integration.repository import Repository

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tests.sandbox.client import Sandbox

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "gitops"
NOTED = ("pip", "ansible-galaxy", "gh")
VAULT_PASSWORD = "of the vault"
PASSWORD = "planted-smtp-password"


class Pipeline:
    """The repository of the guide, with the sandbox's addresses in the place of those in it."""

    def __init__(self, repository: Repository) -> None:
        """Copy the repository of the guide."""
        self.path = repository.path
        self.sandbox = repository.sandbox
        self._repository = repository
        shutil.copytree(GUIDE / "repository", self.path, dirs_exist_ok=True)
        inventory = self.path / "inventory.yml"
        inventory.write_text(re.sub(r"https://[\w./-]+", self._address, inventory.read_text("utf-8")), "utf-8")
        vault = VaultLib([("default", VaultSecret(VAULT_PASSWORD.encode()))])
        for host, name in (("pbx", "vault_pbx_password"), ("berlin", "vault_certificates_password")):
            encrypted = vault.encrypt(yaml.safe_dump({name: PASSWORD}).encode())
            (self.path / "mail" / host / "vault.yml").write_bytes(encrypted)
        self.sandbox.add_domains("my.example.com")
        # One sandbox is one appliance.
        shutil.rmtree(self.path / "mail" / "porto-alegre")
        hosts = yaml.safe_load(inventory.read_text("utf-8"))
        del hosts["appliances"]["hosts"]["porto-alegre"]
        inventory.write_text(yaml.safe_dump(hosts), "utf-8")
        self._programs = repository.path.parent / "programs"
        self._programs.mkdir()
        self.notes = self._programs / "notes"
        for name in NOTED:
            program = self._programs / name
            program.write_text(f'#!/bin/sh\necho "{name} $*" >> "{self.notes}"\n', "utf-8")
            program.chmod(0o755)
        write_programs(self._programs)
        self.secrets = {
            "WEBITEL_ACCESS_TOKEN": self.sandbox.ready["webitel"]["access_token"],
            "WEBITEL_KEY": self.sandbox.ready["webitel"]["key"],
            "ITFLEX_REFRESH_TOKEN": self.sandbox.ready["itflex"]["refresh_token"],
            "MAIL_VAULT_PASSWORD": VAULT_PASSWORD,
            "MAIL_PLAN_KEY": "signing key",
        }

    def _address(self, found: re.Match[str]) -> str:
        product = "webitel" if found[0].endswith("/engine") else "itflex"
        address: str = self.sandbox.ready[product]["api_url"]
        return address

    def run(self, commands: Iterable[str], environment: Mapping[str, str]) -> int:
        """Run commands of a pipeline as its runner does, until one fails. Returns the exit status."""
        self.sandbox.clear_requests()
        for command in commands:
            ended = subprocess.run(
                ["bash", "-eo", "pipefail", "-c", command],
                cwd=self.path,
                env={**self._repository.environment(), "PATH": self.programs(), **environment},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                timeout=180,
                check=False,
            )
            print(ended.stdout)
            assert PASSWORD not in ended.stdout
            if ended.returncode:
                return ended.returncode
        return 0

    def programs(self) -> str:
        """Where the commands find their programs."""
        return os.pathsep.join([str(self._programs), str(Path(sys.executable).parent), os.environ["PATH"]])

    def check(self, stages: Mapping[str, tuple[list[str], Mapping[str, str]]]) -> None:
        """Run the stages of a pipeline in the order of a life: drift, a plan, its application, no drift."""
        assert self.run(*stages["drift"]) == 2
        assert self.run(*stages["plan"]) == 0
        assert self._repository.writes() == []
        assert (self.path / "plan.json").exists()
        assert self.run(*stages["apply"]) == 0
        assert len(self._repository.writes()) == 2
        [account] = self.sandbox.accounts()
        assert account["password"] == PASSWORD
        assert self.run(*stages["drift"]) == 0


@pytest.fixture
def pipeline(tmp_path_factory: pytest.TempPathFactory, sandbox: Sandbox) -> Pipeline:
    """The repository of the guide."""
    return Pipeline(Repository(tmp_path_factory.mktemp("gitops"), sandbox))


def _guide(name: str) -> Any:
    return yaml.safe_load((GUIDE / name).read_text(encoding="utf-8"))


def test_github_actions(pipeline: Pipeline) -> None:
    workflow = _guide("github-actions.yml")
    values = {f"secrets.{name}": value for name, value in pipeline.secrets.items()}
    values |= {"github.token": "made up", "github.event.pull_request.number": "7"}

    def filled(environment: Mapping[str, str]) -> dict[str, str]:
        found = {
            name: re.sub(r"\$\{\{ (.+?) \}\}", lambda m: values[m[1]], value) for name, value in environment.items()
        }
        assert "${{" not in str(found)
        return found

    stages = {}
    for job, described in workflow["jobs"].items():
        steps = [step for step in described["steps"] if "run" in step]
        environment = filled(workflow["env"])
        for step in steps:
            environment |= filled(step.get("env", {}))
        stages[job] = ([step["run"] for step in steps], environment)
    pipeline.check(stages)
    notes = pipeline.notes.read_text("utf-8")
    assert "gh pr comment 7 --body-file plan.md" in notes
    assert "2 to create" in (pipeline.path / "plan.md").read_text("utf-8")
    # PyYAML reads the key "on" as the truth value.
    assert set(workflow[True]) == {"pull_request", "push", "schedule"}


def test_gitlab_ci(pipeline: Pipeline) -> None:
    described = _guide("gitlab-ci.yml")
    shared = {**described["variables"], **pipeline.secrets, "CI_PROJECT_DIR": str(pipeline.path)}
    stages = {}
    for job in described["stages"]:
        environment = {**shared, **described[job].get("variables", {})}
        expanded = {name: value.replace("$CI_PROJECT_DIR", str(pipeline.path)) for name, value in environment.items()}
        stages[job] = ([*described["default"]["before_script"], *described[job]["script"]], expanded)
    pipeline.check(stages)
    for report in ("plan.xml", "drift.xml", "plan.md"):
        assert (pipeline.path / report).stat().st_size


def test_jenkins(pipeline: Pipeline) -> None:
    text = (GUIDE / "Jenkinsfile").read_text("utf-8")
    assert text.count("{") == text.count("}")
    stages_text = dict(re.findall(r"stage\('(\w+)'\) \{(.*?)\n        \}", text, re.DOTALL))
    commands = {name: re.findall(r"sh '(.*)'", body) for name, body in stages_text.items()}
    named = re.findall(r"^        (\w+) = credentials", text, re.MULTILINE)
    assert sorted(named) == sorted(pipeline.secrets)
    install = [command for command in commands["Install"] if not command.startswith("python3 -m venv")]
    environment = {**pipeline.secrets, "ANSIBLE_VAULT_PASSWORD_FILE": "vault-password.sh"}
    pipeline.check(
        {name: ([*install, *commands[name.capitalize()]], environment) for name in ("drift", "plan", "apply")}
    )
    assert (pipeline.path / "plan.html").stat().st_size


def test_kubernetes(pipeline: Pipeline) -> None:
    job, cron_job = _guide("kubernetes/apply-job.yml"), _guide("kubernetes/drift-cronjob.yml")
    environment = {**pipeline.secrets, "ANSIBLE_VAULT_PASSWORD_FILE": "vault-password.sh"}
    commands = {}
    for name, spec in (("apply", job["spec"]), ("drift", cron_job["spec"]["jobTemplate"]["spec"])):
        [container] = spec["template"]["spec"]["containers"]
        assert spec["backoffLimit"] == 0
        commands[name] = [" ".join(container["command"])]
    assert pipeline.run(commands["drift"], environment) == 2
    assert pipeline.run(commands["apply"], environment) == 0
    assert pipeline.run(commands["drift"], environment) == 0


def test_ansible_pull(pipeline: Pipeline, tmp_path: Path) -> None:
    """The service's own command, from a repository of git; systemd's part is read only."""
    service = ConfigParser(interpolation=None, strict=False)
    service.optionxform = str  # type: ignore[assignment,method-assign]
    service.read(GUIDE / "systemd" / "mailfleet.service")
    timer = ConfigParser(interpolation=None)
    timer.read(GUIDE / "systemd" / "mailfleet.timer")
    assert timer["Timer"]["OnCalendar"] == "hourly"
    git = ["git", "-c", "user.name=Test", "-c", "user.email=test@example.com", "-c", "init.defaultBranch=main"]
    for words in (["init", "--quiet"], ["add", "--all"], ["commit", "--quiet", "--message=Mail"]):
        subprocess.run([*git, *words], cwd=pipeline.path, check=True)
    command = service["Service"]["ExecStart"]
    for there, here in (
        ("/opt/mailfleet/bin/", ""),
        ("https://git.example.com/mail.git", pipeline.path.as_uri()),
        ("/var/lib/mailfleet", str(tmp_path)),
    ):
        assert there in command
        command = command.replace(there, here)
    environment = {**pipeline.secrets, "ANSIBLE_VAULT_PASSWORD_FILE": str(pipeline.path / "vault-password.sh")}
    (tmp_path / "repository").mkdir()
    assert pipeline.run([f"cd {tmp_path}/repository && {command}"], environment) == 0
    assert [account["password"] for account in pipeline.sandbox.accounts()] == [PASSWORD]


def test_awx(pipeline: Pipeline) -> None:
    """The playbooks of the job templates, with the environment that the credential types make."""
    inputs = {"access_token": pipeline.secrets["WEBITEL_ACCESS_TOKEN"], "key": pipeline.secrets["WEBITEL_KEY"]}
    inputs["refresh_token"] = pipeline.secrets["ITFLEX_REFRESH_TOKEN"]
    inputs["plan_key"] = pipeline.secrets["MAIL_PLAN_KEY"]
    render = Environment(undefined=StrictUndefined, autoescape=False).from_string  # noqa: S701  No page is made of it.
    environment = {"ANSIBLE_VAULT_PASSWORD_FILE": "vault-password.sh", "MAIL_VAULT_PASSWORD": VAULT_PASSWORD}
    for of in ("webitel", "itflex", "plan"):
        kind = _guide(f"awx/credential-type-{of}.yml")
        names = {field["id"] for field in kind["inputs"]["fields"]}
        assert set(kind["inputs"]["required"]) <= names
        for name, template in kind["injectors"]["env"].items():
            environment[name] = render(template).render({name: inputs[name] for name in names})
    described = _guide("awx/job-templates.yml")
    playbooks = {entry["name"]: entry["playbook"] for entry in described["job_templates"]}
    assert [entry["unified_job_template"] for entry in described["schedules"]] == ["Look for drift"]
    for name, status in (("Look for drift", 2), ("Plan", 0), ("Apply", 0), ("Look for drift", 0)):
        [playbook] = [playbook for template, playbook in playbooks.items() if template.startswith(name)]
        assert pipeline.run([f"ansible-playbook {playbook}"], environment) == status
