# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A case: a random server, then random tasks, each under random faults and beside a random second writer.

What is drawn never depends on how an earlier step ended, so that the same draws make the same case again.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from tests.faults.fault import Fault, FaultKind

from .account_cases import NAMES, Accounts, AccountsWish, Appliance, account_tasks, appliances
from .judge import (
    judge_check_mode,
    judge_clean,
    judge_end,
    judge_faulty,
    judge_nothing_written,
    judge_sessions,
    judge_together,
    judge_words,
)
from .profile_cases import PROFILES, Cloud, Profiles, clouds, profile_tasks
from .saying import judge_look
from .scene import Deed, Meddling
from .settings_cases import DOMAINS, Server, Settings, servers, settings_tasks
from .wishes import TaskWish
from .wrong import Violation, Wrong

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .scene import Ran, Scene, Task

# One task of each case, on average, is run in check mode.
STEPS = 4
# A stall takes its time, so there are fewer of them.
_QUICK = [kind for kind in FaultKind if not kind.stalls]
_KINDS = [*_QUICK, *_QUICK, *(kind for kind in FaultKind if kind.stalls)]

_fault = st.builds(
    Fault,
    st.sampled_from(_KINDS),
    nth=st.sampled_from((0, 0, 0, 1, 1, 2, 3)),
    method=st.sampled_from((None, None, "GET", "POST", "POST", "PUT", "PUT", "DELETE")),
    times=st.sampled_from((1, 1, 1, 2, 5)),
)
_plans = st.one_of(st.lists(_fault, max_size=1), st.lists(_fault, min_size=1, max_size=2), st.lists(_fault, max_size=5))


def meddlings(names: Sequence[str]) -> st.SearchStrategy[Meddling | None]:
    """Deeds of a second writer, or none, after one of a task's first requests."""
    deed = st.builds(Meddling, st.sampled_from(list(Deed)), st.sampled_from(names), st.integers(0, 4))
    return st.one_of(st.none(), deed)


class Machine(RuleBasedStateMachine):
    """What the cases of all products share. Set ``scene`` before the first case."""

    scene: ClassVar[Scene]

    product: Accounts | Settings | Profiles

    def converge(self, task: Task, plan: list[Fault], meddling: Meddling | None, *, slow: bool) -> None:
        """Run a task under faults; a second run without them must bring everything to its end."""
        if not self.product.shows_passwords:
            # In place of a refusal, an empty 200 is a lie that nobody sees through where the password is not shown.
            plan = [fault for fault in plan if fault.kind is not FaultKind.EMPTY_200]
        first = self.scene.run(task, self.product, faults=plan, meddling=meddling, slow=slow)
        self._judge_saying(first)
        judge_faulty(task, first)
        second = self._finish(task)
        if meddling is None and not task.expect(first.before).refused:
            judge_end(task, first.before, second.after)

    def check(self, task: Task, plan: list[Fault]) -> None:
        """Run a task in check mode under faults: nothing must change."""
        ran = self.scene.run(task, self.product, check_mode=True, faults=plan)
        self._judge_saying(ran)
        judge_check_mode(task, ran, shows_passwords=self.product.shows_passwords)

    @rule(plan=_plans)
    def read(self, plan: list[Fault]) -> None:
        """Read all records under faults."""
        ran = self.scene.run(self.product.look(), self.product, faults=plan)
        self._judge_saying(ran)
        judge_nothing_written(ran)
        if not ran.failed:
            judge_look(ran)

    def run_together(self, task: Task) -> None:
        """Run a task twice at the same time; a third run must bring everything to its end."""
        before, open_before = self.product.state(), self.scene.open_logins(task)
        with ThreadPoolExecutor(2) as pool:
            for ran in pool.map(lambda _turn: self.scene.run(task, self.product), range(2)):
                judge_words(ran, self.scene.credentials)
        if self.scene.open_logins(task) > open_before:
            raise Violation(Wrong.LOGIN_LEFT_OPEN, "after two runs at once, without any fault")
        judge_together(task, before, self.product.state(), unique=self.product.names_are_unique)
        self._finish(task)

    def _finish(self, task: Task) -> Ran:
        ran = self.scene.run(task, self.product)
        self._judge_saying(ran)
        judge_clean(task, ran, shows_passwords=self.product.shows_passwords)
        return ran

    def _judge_saying(self, ran: Ran) -> None:
        judge_words(ran, self.scene.credentials)
        judge_sessions(ran)


class AccountsMachine(Machine):
    """Cases about iTFLEX accounts."""

    product: Accounts

    @initialize(appliance=appliances())
    def begin(self, appliance: Appliance) -> None:
        """Begin with some accounts on some kind of appliance."""
        self.product = Accounts(self.scene, appliance)

    @rule(wish=account_tasks(), plan=_plans, meddling=meddlings(NAMES), slow=st.booleans())
    def run(self, wish: AccountsWish, plan: list[Fault], meddling: Meddling | None, slow: bool) -> None:
        """A task under faults, then without."""
        self.converge(self.product.task(wish, at_once=meddling is None), plan, meddling, slow=slow)

    @rule(wish=account_tasks(), plan=_plans)
    def run_in_check_mode(self, wish: AccountsWish, plan: list[Fault]) -> None:
        """A task in check mode."""
        self.check(self.product.task(wish), plan)

    @rule(wish=account_tasks())
    def run_twice_at_once(self, wish: AccountsWish) -> None:
        """The same task from two controllers."""
        self.run_together(self.product.task(wish))


class SettingsMachine(Machine):
    """Cases about Webitel settings."""

    product: Settings

    @initialize(server=servers())
    def begin(self, server: Server) -> None:
        """Begin with some settings on some kind of server."""
        self.product = Settings(self.scene, server)

    @rule(wish=settings_tasks(), plan=_plans, meddling=meddlings(DOMAINS), slow=st.booleans())
    def run(self, wish: TaskWish, plan: list[Fault], meddling: Meddling | None, slow: bool) -> None:
        """A task under faults, then without."""
        self.converge(self.product.task(wish, at_once=meddling is None), plan, meddling, slow=slow)

    @rule(wish=settings_tasks(), plan=_plans)
    def run_in_check_mode(self, wish: TaskWish, plan: list[Fault]) -> None:
        """A task in check mode."""
        self.check(self.product.task(wish), plan)

    @rule(wish=settings_tasks())
    def run_twice_at_once(self, wish: TaskWish) -> None:
        """The same task from two controllers."""
        self.run_together(self.product.task(wish))


class ProfilesMachine(Machine):
    """Cases about the email profiles of today's Webitel."""

    product: Profiles

    @initialize(cloud=clouds())
    def begin(self, cloud: Cloud) -> None:
        """Begin with some profiles on some kind of server."""
        self.product = Profiles(self.scene, cloud)

    @rule(wish=profile_tasks(), plan=_plans, meddling=meddlings(PROFILES), slow=st.booleans())
    def run(self, wish: TaskWish, plan: list[Fault], meddling: Meddling | None, slow: bool) -> None:
        """A task under faults, then without."""
        self.converge(self.product.task(wish, at_once=meddling is None), plan, meddling, slow=slow)

    @rule(wish=profile_tasks(), plan=_plans)
    def run_in_check_mode(self, wish: TaskWish, plan: list[Fault]) -> None:
        """A task in check mode."""
        self.check(self.product.task(wish), plan)

    @rule(wish=profile_tasks())
    def run_twice_at_once(self, wish: TaskWish) -> None:
        """The same task from two controllers."""
        self.run_together(self.product.task(wish))


MACHINES = (AccountsMachine, SettingsMachine, ProfilesMachine)
