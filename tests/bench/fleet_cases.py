# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The cases of fleets: many hosts through the collection's own playbooks, and over HTTPS."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import plays
from .cases import PROCESSOR, Case, Cases, Goal
from .workspace import ACCOUNTS_OF_A_HOST, Live, Plan

if TYPE_CHECKING:
    from .workspace import Command

_LIVE = Live(count=ACCOUNTS_OF_A_HOST, outdated=True)
_RECORDS = "five accounts each, one of which changes"


class AllCases(Cases):
    """Makes all cases, those of fleets after the others."""

    def all(self) -> list[Case]:
        """Return every case, in the order of the results page."""
        return [
            *super().all(),
            self._hosts_over_https(),
            self._one_task_over_https(),
            self._fleet(),
            self._fleets_of_two_sizes(),
            self._plans_of_two_sizes(),
            self._memory_of_a_fleet(),
        ]

    def _hosts_over_https(self) -> Case:
        count = self._count(100)
        forks = {"ANSIBLE_FORKS": "10"}
        plain, secure = Live(count=count), Live(count=count, tls=True)
        playbook = self._workspace.playbook
        hosts, hosts_tls = self._workspace.hosts(count), self._workspace.hosts(count, tls=True)
        commands = {
            "HTTPS": playbook(plays.MODULE_ON_HOSTS, hosts_tls, secure, environment=forks),
            "HTTP": playbook(plays.MODULE_ON_HOSTS, hosts, plain, environment=forks),
            "debug": playbook(plays.DEBUG_ON_HOSTS, hosts, plain, environment=forks),
        }
        goals = (
            Goal("100 hosts, forks 10, over HTTPS, over `debug`", "at most", 1.5, ("HTTPS",), ("debug",), PROCESSOR),
            Goal("The same, over HTTP", "at most", 1.15, ("HTTPS",), ("HTTP",), PROCESSOR),
        )
        return Case("hosts-https", "100 hosts with an account each over HTTPS, unchanged, forks 10", commands, goals)

    def _one_task_over_https(self) -> Case:
        count = self._count(1000)
        variables, live = self._workspace.variables("accounts", count, tls=True), Live(count=count, tls=True)
        commands = {
            "one task": self._workspace.playbook(plays.sync_accounts(), variables, live),
            **self._floor(variables, live),
        }
        title = "1,000 accounts in one task over HTTPS, unchanged, 8 connections, over S + B over HTTPS"
        goals = (Goal(title, "at most", 1.15, ("one task",), ("empty play", "script"), PROCESSOR),)
        return Case("one-task-https", "1,000 accounts in one task over HTTPS, unchanged", commands, goals)

    def _fleet(self) -> Case:
        count = self._count(1000)
        commands = {
            "debug": self._debug(count),
            "plan": self._of_fleet("plan", count),
            "apply": self._of_fleet("apply", count),
            "apply held to a plan": self._held(count, count),
        }
        held = ("apply held to a plan",)
        goals = (
            Goal("Plan of 1,000 hosts, over `debug`", "at most", 3, ("plan",), ("debug",), PROCESSOR),
            Goal("Apply of 1,000 hosts held to a plan, over `debug`", "at most", 6, held, ("debug",), PROCESSOR),
        )
        return Case("fleet", f"1,000 hosts with {_RECORDS}, forks 10", commands, goals)

    def _fleets_of_two_sizes(self) -> Case:
        commands = {f"apply, {hosts:,}": self._of_fleet("apply", self._count(hosts)) for hosts in (100, 1000)}
        title = "Linear: apply of 1,000 hosts over 100 (1.1 a host)"
        goals = (Goal(title, "at most", 11, ("apply, 1,000",), ("apply, 100",), PROCESSOR),)
        return Case("fleets", f"Apply of 100 and of 1,000 hosts with {_RECORDS}, forks 10", commands, goals)

    def _plans_of_two_sizes(self) -> Case:
        hosts = self._count(100)
        commands = {f"plan of {size:,}": self._held(hosts, max(hosts, self._count(size))) for size in (100, 10_000)}
        title = "100 hosts held to a plan of 10,000, over one of 100"
        goals = (Goal(title, "at most", 1.1, ("plan of 10,000",), ("plan of 100",), PROCESSOR),)
        return Case("plans", f"Apply of 100 hosts with {_RECORDS}, held to plans of two sizes", commands, goals)

    def _memory_of_a_fleet(self) -> Case:
        commands = {"apply": self._of_fleet("apply", self._count(1000))}
        goals = (Goal("Memory: apply of 1,000 hosts, in MiB", "at most", 500, ("apply",), ()),)
        return Case("memory-of-a-fleet", "The most memory that an apply of 1,000 hosts takes", commands, goals, "MiB")

    def _debug(self, hosts: int) -> Command:
        forks = {"ANSIBLE_FORKS": "10"}
        return self._workspace.playbook(
            plays.DEBUG_WITH_TEMPLATES, self._workspace.fleet(hosts), _LIVE, environment=forks
        )

    def _of_fleet(self, playbook: str, hosts: int, name: str = "fleet") -> Command:
        writes = hosts if playbook == "apply" else 0
        variables = self._workspace.fleet(hosts, name)
        return self._workspace.fleet_playbook((f"mailfleet.email.{playbook}",), variables, _LIVE, writes=writes)

    def _held(self, hosts: int, planned: int) -> Command:
        """Return an apply that is held to a plan of so many hosts."""
        name = f"held-{planned}"
        plan = Plan(self._of_fleet("plan", hosts, name), planned)
        words = ("mailfleet.email.apply", "-e", "plan=plan.json")
        return self._workspace.fleet_playbook(words, self._workspace.fleet(hosts, name), _LIVE, writes=hosts, plan=plan)
