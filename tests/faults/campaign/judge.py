# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What every run of a task is held to, whatever happened to its requests, and what another run did meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.faults.fault import FaultKind
from tests.sandbox.encodings import LeakSearch

from .model import plain
from .records import Judgement
from .saying import judge_saying
from .scene import Ran
from .wrong import Violation, Wrong

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .model import Expectation, State
    from .scene import Task

_PLANTED_BEGINS = "planted-secret-"
_CREDENTIAL_HEADERS = frozenset(("authorization", "cookie", "x-access-token", "x-key", "x-webitel-access"))


def judge_words(ran: Ran, credentials: Iterable[str]) -> None:
    """No secret and no traceback in what a task says, and no request anywhere but to the configured server."""
    if ran.outcome.get("failure", {}).get("kind") == "defect" or "Traceback" in ran.words:
        raise Violation(Wrong.TRACEBACK, str(ran.outcome.get("msg")))
    found = LeakSearch([_PLANTED_BEGINS, *credentials, *_sent_credentials(ran)]).found_in(ran.words)
    if found:
        raise Violation(Wrong.LEAK, f"{found[0]} in {ran.words}")
    for stray in ran.strays:
        raise Violation(Wrong.LEAK, f"{stray.method} {stray.path} went to another origin")
    if ran.failed and not (ran.outcome.get("msg") and (ran.outcome.get("failure") or ran.outcome.get("results"))):
        raise Violation(Wrong.UNTRUE, f"a failure that does not say what failed: {ran.outcome}")


def _sent_credentials(ran: Ran) -> set[str]:
    """What a task logged in with: also tokens that it got on its way."""
    headers = (item for one in ran.log for item in one.headers.items())
    return {value.removeprefix("Bearer ") for name, value in headers if name.lower() in _CREDENTIAL_HEADERS}


def judge_nothing_written(ran: Ran) -> None:
    """A run that only looks has written nothing."""
    if ran.after != ran.before:
        raise Violation(Wrong.CHECK_MODE_WROTE, f"{ran.before} became {ran.after}")
    harmless = ("/login", "/logout", "/oauth2/token")
    writes = [one for one in ran.log if one.method != "GET" and not one.path.endswith(harmless)]
    if writes:
        raise Violation(Wrong.CHECK_MODE_WROTE, f"sent {writes[0].method} {writes[0].path}")


def judge_check_mode(task: Task, ran: Ran, *, shows_passwords: bool) -> None:
    """Check mode has written nothing, and foretold whether something would change."""
    judge_nothing_written(ran)
    expected = task.expect(ran.before)
    if expected.refused and not ran.failed:
        raise Violation(Wrong.UNTRUE, "check mode foretells success, and the task must be refused")
    if not ran.failed:
        _judge_changed(expected, ran, shows_passwords=shows_passwords)
        judge_saying(expected, ran, shows_passwords=shows_passwords)


def judge_sessions(ran: Ran) -> None:
    """No login is left open but those that the client cannot end.

    It cannot end a login whose answer was lost, since it does not know its token. Where no request to log out arrived,
    all it can do is warn; and a 401 after a try that was lost can only mean that the login is ended.
    """
    logins = [one for one in ran.log if one.path.endswith("/login") and one.done]
    logouts = [one for one in ran.log if one.path.endswith("/logout")]
    known = bool(logins) and not (logins[-1].kind is not None and logins[-1].kind.loses_the_answer)
    ended = any(one.done for one in logouts)
    reported = any("could not be ended" in warning for warning in ran.warnings)
    misled = len(logouts) > 1 and logouts[-1].kind is FaultKind.UNAUTHORIZED
    excused = len(logins) - known + (known and not ended and bool(logouts) and (reported or misled))
    if ran.left_open > excused:
        made = [f"{one.method} {one.path}: {one.kind}" for one in ran.log]
        raise Violation(Wrong.LOGIN_LEFT_OPEN, f"{ran.left_open} are open after {made}")


def judge_clean(task: Task, ran: Ran, *, shows_passwords: bool) -> None:
    """A run without faults has made everything as it is described, and touched nothing else."""
    expected = task.expect(ran.before)
    if expected.refused:
        _judge_refused(ran)
        return
    if ran.failed:
        raise Violation(Wrong.NOT_AS_DESIRED, f"a run without faults fails: {ran.outcome['msg']}")
    judge_faulty(task, ran)
    _judge_changed(expected, ran, shows_passwords=shows_passwords)
    judge_saying(expected, ran, shows_passwords=shows_passwords)
    untrue = [warning for warning in ran.warnings if "the server stores" in warning]
    if untrue:
        raise Violation(Wrong.UNTRUE, f"all is as it is described, and yet there is the warning: {untrue[0]}")


def _judge_refused(ran: Ran) -> None:
    if not ran.failed:
        raise Violation(Wrong.UNTRUE, f"a task that means no single record ends without an error: {ran.outcome}")
    if ran.after != ran.before and not (ran.meddler and ran.meddler.done):
        raise Violation(Wrong.FOREIGN_CHANGE, f"a refused task made {ran.after} of {ran.before}")


def _judge_changed(expected: Expectation, ran: Ran, *, shows_passwords: bool) -> None:
    would = any(
        plain(ran.before.get(goal.key, None) if goal.key else None) != plain(goal.after) for goal in expected.goals
    )
    # A password that is not shown is written every time.
    if ran.outcome["changed"] != would and (shows_passwords or would):
        raise Violation(Wrong.UNTRUE, f"changed is {ran.outcome['changed']}, and should be {would}: {ran.outcome}")


def judge_faulty(task: Task, ran: Ran) -> None:
    """A run, whatever happened to it, has changed nothing that it was not asked to, and says truly what it has done."""
    expected = task.expect(ran.before)
    if expected.refused:
        _judge_refused(ran)
        return
    Judgement(task, ran).judge()
    if not ran.failed and not ran.outcome["changed"] and _plain(ran.after) != _plain(ran.before) and not ran.meddler:
        raise Violation(Wrong.UNTRUE, f"changed is false, and {ran.before} became {ran.after}")


def _plain(state: State) -> Any:
    return {key: plain(record) for key, record in state.items()}


def judge_end(task: Task, before: State, after: State) -> None:
    """A task, run as often as that takes, has made everything as it is described, and touched nothing else."""
    Judgement(task, Ran({}, [], [], [], before, after)).judge()


def judge_together(task: Task, before: State, after: State, *, unique: bool) -> None:
    """Two runs of a task at the same time have made no record twice, and touched nothing that it does not describe.

    Only where a server lets a name be taken twice (``unique`` is false), both may create the same record: neither can
    know of the other between its look and its write.
    """
    if task.expect(before).refused:
        return
    judgement = Judgement(task, Ran({}, [], [], [], before, after))
    judgement.judge_records()
    if unique:
        judgement.judge_names()
