# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs tasks in a real ``ansible-playbook`` and hands back what each of them returned and which requests it made."""

from __future__ import annotations

import json
import os
import re
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

from tests.integration.returned import differences
from tests.warm_module import warm_interpreter
from tests.warm_start import run_ansible

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from tests.sandbox.client import Sandbox

Document = dict[str, Any]
ModuleSpec = Literal["action", "module"]

WAYS: tuple[ModuleSpec, ...] = get_args(ModuleSpec)
COLLECTION = "mailfleet.email"
_CALLBACKS = Path(__file__).resolve().parent / "callback_plugins"
LONGEST_RUN_SECONDS = 180
# How files name the domain of a record.
NAMED_DOMAIN = re.compile(r"""\bdomain"?: *["']?([\w.-]+\w)""")
# Whoever runs the tests may have settings of their own for Ansible and credentials for real servers.
_NOT_INHERITED = ("ANSIBLE_", "MAILFLEET_", "WEBITEL_", "ITFLEX_", "IMAP_")


def clean_environment(home: Path) -> dict[str, str]:
    """The environment of every command: nothing of the settings and credentials of whoever runs the tests."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(_NOT_INHERITED)}
    return {
        **inherited,
        "ANSIBLE_COLLECTIONS_PATH": os.environ["ANSIBLE_COLLECTIONS_PATH"],
        "ANSIBLE_HOME": str(home),
        "ANSIBLE_NOCOLOR": "1",
        "HOME": str(home),
        "LC_ALL": "C.UTF-8",
    }


@dataclass(frozen=True)
class Task:
    """A task of the playbook. ``keywords`` are Ansible's own, such as ``environment`` or ``vars``."""

    name: str
    module: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    check: bool = False
    keywords: Mapping[str, Any] = field(default_factory=dict)

    def as_document(self) -> Document:
        """The task as it stands in the playbook. One that fails does not end the play."""
        return {
            "name": self.name,
            f"{COLLECTION}.{self.module}": dict(self.arguments),
            "check_mode": self.check,
            "ignore_errors": True,
            **self.keywords,
        }


def in_turn(asked: Mapping[str, Mapping[str, Any]], *names: str, check: str) -> list[Task]:
    """Tasks of modules with their arguments: each under all of the names, ``check`` being the one in check mode."""
    return [
        Task(f"{name} {module}", module, arguments, check=name == check)
        for module, arguments in asked.items()
        for name in names
    ]


@dataclass(frozen=True)
class Outcome:
    """How a task ended: all that it returned, and the vendor requests it made."""

    failed: bool
    returned: Document
    requests: list[Document]

    @property
    def calls(self) -> list[str]:
        """The requests as ``METHOD PATH``, without what they ask for."""
        return [f"{request['method']} {request['path'].partition('?')[0]}" for request in self.requests]

    @property
    def writes(self) -> list[str]:
        """The methods of the requests that may change a record or send a message. Logging in and out is neither."""
        harmless = ("/login", "/logout", "/oauth2/token")
        return [
            call.partition(" ")[0] for call in self.calls if not call.startswith("GET ") and not call.endswith(harmless)
        ]

    def bodies(self, method: str) -> list[Any]:
        """The bodies of all requests with this method."""
        return [request["body"] for request in self.requests if request["method"] == method]

    @property
    def warnings(self) -> list[str]:
        """What the task warned of."""
        return list(self.returned.get("warnings", ()))


@dataclass(frozen=True)
class Run:
    """A playbook that has run. ``output`` is all that it printed, ``directory`` holds all files that it left."""

    directory: Path
    output: str
    outcomes: Mapping[str, Outcome]

    def __getitem__(self, task: str) -> Outcome:
        """The outcome of a task that may have failed or not."""
        assert task in self.outcomes, f"{task} has not run:\n{self.output}"
        return self.outcomes[task]

    def succeeded(self, task: str) -> Outcome:
        """The outcome of a task, which has not failed."""
        outcome = self[task]
        assert not outcome.failed, f"{task} failed: {outcome.returned.get('msg')}\n{self.output}"
        return outcome

    def failed(self, task: str) -> Outcome:
        """The outcome of a task, which has failed in a way that the collection foresees: with reasons, not a crash."""
        outcome = self[task]
        assert outcome.failed, f"{task} has not failed:\n{self.output}"
        assert "failure" in outcome.returned, f"{task} crashed: {outcome.returned}\n{self.output}"
        return outcome


class Playbook:
    """Makes playbooks below a directory, and runs them against a sandbox."""

    def __init__(self, directory: Path, sandbox: Sandbox, *, warm: bool = True) -> None:
        """Keep everything of each run in a directory of its own below ``directory``.

        Without ``warm``, each run and each module that is not done in its process is a process that anyone on the
        machine sees as such, and takes longer to start.
        """
        self.sandbox = sandbox
        self._warm = warm
        self._directory = directory
        self._runs = 0

    @property
    def addresses(self) -> dict[str, Document]:
        """The ``module_defaults`` by which modules find the sandbox; a request that fails is not retried."""
        return {
            f"group/{COLLECTION}.{product}": {"api_url": self.sandbox.ready[product]["api_url"], "retries": 0}
            for product in ("webitel", "itflex", "webitel_cloud")
        }

    @property
    def defaults(self) -> dict[str, Document]:
        """The addresses with credentials that may do everything."""
        credentials = {
            "webitel": self.sandbox.root,
            **{
                product: {"access_token": self.sandbox.ready[product]["access_token"]}
                for product in ("itflex", "webitel_cloud")
            },
        }
        return {
            group: {**options, **credentials[group.rpartition(".")[2]]} for group, options in self.addresses.items()
        }

    def run(
        self,
        tasks: Iterable[Task],
        *,
        defaults: Mapping[str, Document] | None = None,
        variables: Mapping[str, Any] | None = None,
        environment: Mapping[str, str] | None = None,
        options: Sequence[str] = (),
        spec: ModuleSpec = "action",
        domains_known: bool = True,
    ) -> Run:
        """Run the tasks one after the other.

        The server has every domain that they name, unless ``domains_known`` says that it has those of the sandbox only.

        ``defaults`` stand in place of this object's own; ``variables`` come from a file, ``environment`` and
        ``options`` go to ``ansible-playbook``. ``spec`` says whether the action plugins do the work or the modules.
        Every result is held to what its module documents.
        """
        tasks = list(tasks)
        self._runs += 1
        directory = self._directory / str(self._runs)
        play = _play(tasks, self.defaults if defaults is None else defaults)
        python = warm_interpreter() if self._warm and spec == "module" else sys.executable
        files = _Files.write(directory, play, variables or {}, python)
        if domains_known:
            self.sandbox.add_domains_of([play["tasks"], variables])
        self.sandbox.clear_requests()
        command = ["ansible-playbook", *files.arguments(), *options]
        own = {"MAILFLEET_IN_PROCESS": str(spec == "action"), **(environment or {})}
        settings = {**files.environment(self.sandbox.url), **own}
        finished = run_ansible(command, settings, directory, LONGEST_RUN_SECONDS, warm=self._warm)
        run = Run(directory, finished.stdout, files.read_outcomes())
        for task in tasks:
            _compare_with_documentation(task, run)
        return run


def _play(tasks: Sequence[Task], defaults: Mapping[str, Document]) -> Document:
    """A play of these tasks, on all hosts."""
    return {
        "name": "Test",
        "hosts": "all",
        "gather_facts": False,
        "module_defaults": defaults,
        "tasks": [task.as_document() for task in tasks],
    }


def _compare_with_documentation(task: Task, run: Run) -> None:
    """Raise ``AssertionError`` where a task returned something else than its module documents."""
    is_own = f"{COLLECTION}.{task.module}" in task.as_document()
    if not is_own or task.name not in run.outcomes:
        return
    outcome = run[task.name]
    if "loop" in task.keywords:
        # Whether an item failed is not reported by each release of ansible-core; the module itself says why.
        ended = [(item, "failure" in item) for item in outcome.returned.get("results", [])]
    else:
        ended = [(outcome.returned, outcome.failed)]
    found = [text for returned, failed in ended for text in differences(task.module, returned, failed=failed)]
    assert not found, f"{task.name}: {task.module} and its RETURN differ: {'; '.join(found)}\n{run.output}"


@dataclass(frozen=True)
class _Files:
    """What one run needs to have on disk."""

    directory: Path

    @classmethod
    def write(cls, directory: Path, play: Document, variables: Mapping[str, Any], python: str) -> _Files:
        for name in ("home", "tmp"):
            (directory / name).mkdir(parents=True)
        (directory / "playbook.json").write_text(json.dumps([play], indent=2))
        (directory / "variables.json").write_text(json.dumps(variables, indent=2))
        inventory = f"localhost ansible_connection=local ansible_python_interpreter={python}\n"
        (directory / "inventory").write_text(inventory)
        return cls(directory)

    def arguments(self) -> list[str]:
        return ["--inventory=inventory", "--extra-vars=@variables.json", "playbook.json"]

    def environment(self, sandbox_url: str) -> dict[str, str]:
        return {
            **clean_environment(self.directory / "home"),
            "ANSIBLE_REMOTE_TEMP": str(self.directory / "tmp"),
            # A module takes a fifth less of the processor's time so. The runs that say otherwise copy it first.
            "ANSIBLE_PIPELINING": "true",
            "ANSIBLE_CALLBACK_PLUGINS": str(_CALLBACKS),
            "ANSIBLE_CALLBACKS_ENABLED": "outcomes",
            "OUTCOMES_DIRECTORY": str(self.directory),
            "OUTCOMES_SANDBOX_URL": sandbox_url,
            "TMPDIR": str(self.directory / "tmp"),
        }

    def read_outcomes(self) -> dict[str, Outcome]:
        """Read what the callback plugin wrote; that is nothing where Ansible did not come to the first task."""
        if not (self.directory / "outcomes.jsonl").exists():
            return {}
        outcomes, requests = (_read_lines(self.directory / f"{name}.jsonl") for name in ("outcomes", "requests"))
        return {
            ended["task"]: Outcome(ended["failed"], ended["returned"], made)
            for ended, made in zip(outcomes, requests, strict=True)
        }


def _read_lines(file: Path) -> list[Any]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
