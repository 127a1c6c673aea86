# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The grid: every verb of all APIs meets every fault, on the first, a middle and the last of a task's requests.

Of one run under a fault and one without, nothing is lost, nothing is there twice, and nobody else's record is touched.
"""

from __future__ import annotations

from functools import cache
from itertools import product
from typing import TYPE_CHECKING

import pytest

from tests.faults import checks
from tests.faults.fault import Fault, FaultKind
from tests.faults.places import VERBS, Extent, fault_at, is_survived, is_write, places, verb
from tests.faults.stage import PATIENCE, Run, Stage
from tests.faults.tasks import TASKS, Task

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.faults.proxy import FaultProxy, Passed
    from tests.sandbox.client import Sandbox

    Rehearse = Callable[[Task, bool], list[Passed]]

# Of the faults of a task, one in so many is tried where the grid is not to be full.
_STRIDE = 17
_MODES = {"for_real": False, "check_mode": True}
_EVERY_TASK = pytest.mark.parametrize("task", TASKS.values(), ids=TASKS)
_BOTH_MODES = pytest.mark.parametrize("check_mode", _MODES.values(), ids=_MODES)


@pytest.fixture(scope="session")
def stage(running: Sandbox, proxy: FaultProxy) -> Stage:
    """Where the tasks are run."""
    return Stage(running, proxy)


@pytest.fixture(scope="session")
def rehearse(stage: Stage) -> Rehearse:
    """Runs a task without faults, once for each mode, and returns its requests."""

    @cache
    def requests(name: str, check_mode: bool) -> list[Passed]:
        stage.set_up(TASKS[name])
        return stage.run(TASKS[name], check_mode=check_mode).requests

    return lambda task, check_mode: requests(task.name, check_mode)


@_EVERY_TASK
@_BOTH_MODES
def test_without_faults(stage: Stage, task: Task, check_mode: bool) -> None:
    """A task does what the grid expects of it: where it did nothing at all, the faults would prove nothing."""
    stage.set_up(task)
    before = stage.live(task)
    assert not checks.differences(before, stage.before(task))
    run = stage.run(task, check_mode=check_mode)
    assert not run.failed, run.outcome
    assert run.warnings == []
    assert run.outcome["changed"] is (task.live != task.expected)
    live = stage.live(task)
    assert not checks.differences(live, before if check_mode else stage.expected(task))
    assert len(stage.messages()) == (task.sends and not check_mode)
    assert any(map(is_write, run.requests)) is (not check_mode and (task.sends or task.live != task.expected))
    assert stage.open_logins() == 0


def test_every_verb_is_met(rehearse: Rehearse) -> None:
    verbs = {verb(request) for task in TASKS.values() for request in rehearse(task, False)}
    assert verbs == VERBS


@_EVERY_TASK
@pytest.mark.parametrize("kind", FaultKind, ids=str)
def test_fault(stage: Stage, rehearse: Rehearse, task: Task, kind: FaultKind, stride: int) -> None:
    requests = {mode: rehearse(task, check_mode) for mode, check_mode in _MODES.items()}
    cases = [(mode, *case) for mode in _MODES for case in product(places(requests[mode]), Extent)]
    # Each test begins at another one, so that all together they leave out no place.
    first = (list(TASKS).index(task.name) + list(FaultKind).index(kind)) % min(stride, len(cases))
    problems = [
        f"{mode}, request {nth}, {extent}: {problem}"
        for mode, nth, extent in cases[first::stride]
        for fault in [fault_at(kind, requests[mode], nth, extent)]
        for problem in _problems(stage, task, fault, extent, check_mode=_MODES[mode])
    ]
    assert not problems, "\n".join(problems)


@pytest.fixture
def stride(request: pytest.FixtureRequest) -> int:
    """One in how many cases is tried."""
    return 1 if request.config.getoption("--full-grid") else _STRIDE


def _time_limits(fault: Fault) -> tuple[float, ...]:
    """The time limits to try: where something stalls a short one, and a longer one in case the machine is busy."""
    if not fault.kind.stalls:
        return (PATIENCE,)
    return (0.4 if fault.times == 1 else 0.1, 5.0)


def _run_under(stage: Stage, task: Task, fault: Fault, extent: Extent, *, check_mode: bool) -> tuple[Run, Passed, bool]:
    """Run a task under a fault. Returns the first request that met it, too, and whether the task must survive that."""
    for timeout in _time_limits(fault):
        stage.set_up(task)
        run = stage.run_under(fault, task, check_mode=check_mode, timeout=timeout)
        met = next((request for request in run.requests if request.kind is fault.kind), None)
        survives = met is not None and is_survived(met, fault.kind, extent, hides_passwords=task.hides_passwords)
        if met is not None and not (survives and run.failed):
            break
    assert met is not None, f"no request meets the fault: {run.outcome}"
    return run, met, survives


def _problems(stage: Stage, task: Task, fault: Fault, extent: Extent, *, check_mode: bool) -> list[str]:
    """What is wrong after a task has met a fault."""
    run, met, survives = _run_under(stage, task, fault, extent, check_mode=check_mode)
    before, live = stage.before(task), stage.live(task)
    expected = before if check_mode else stage.expected(task)
    problems = [
        *checks.outcome_problems(run, stage.secrets),
        *checks.login_problems(run, stage.open_logins(), can_end=survives),
        *checks.message_problems(run, stage.messages()),
    ]
    if check_mode:
        problems += checks.check_mode_problems(run, live, before)
    else:
        problems += checks.report_problems(run, live, before, expected)
    if survives and run.failed:
        problems.append(f"fails, although the fault of {verb(met)} passes: {run.outcome['msg']}")
    if not run.failed:
        if run.outcome["changed"] is not (task.live != task.expected):
            problems.append(f"changed is {run.outcome['changed']}")
        problems += [f"succeeds, but {text}" for text in checks.differences(live, expected)]
    return problems + ([] if check_mode or task.sends else _problems_of_another_run(stage, task, first=run))


def _problems_of_another_run(stage: Stage, task: Task, first: Run) -> list[str]:
    """What a run without faults leaves undone."""
    run = stage.run(task)
    problems = [f"after another run, {text}" for text in checks.differences(stage.live(task), stage.expected(task))]
    if run.failed:
        problems.append(f"another run fails: {run.outcome['msg']}")
    elif not first.failed and run.outcome["changed"] is not task.hides_passwords:
        problems.append(f"changed of another run is {run.outcome['changed']}: {run.outcome}")
    return problems
