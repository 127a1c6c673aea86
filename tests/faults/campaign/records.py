# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a run must make of the records, and what it may leave them as where it fails."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from .model import fields_of, plain
from .scene import Deed
from .wrong import Violation, Wrong

if TYPE_CHECKING:
    from .model import Goal, Key, Path, Record, State
    from .scene import Meddler, Ran, Task

_TRANSIENT = re.compile(r"(?P<name>.*) \(account (?P<id>\d+), moving\)")
_NOTHING: Any = object()


class Judgement:
    """The judgement of what one run made of the records, and of what it says of them."""

    def __init__(self, task: Task, ran: Ran) -> None:
        self._expected = task.expect(ran.before)
        self._ran = ran
        self._meddler: Meddler | None = ran.meddler if ran.meddler and ran.meddler.done else None
        # The second writer may have been there before the task's own first look.
        self._otherwise = task.expect(self._meddler.after) if self._meddler is not None else self._expected
        self._new = {key: record for key, record in ran.after.items() if key not in ran.before}

    def judge(self) -> None:
        """Judge the names, each record, what was sent, and what the task says of it."""
        self.judge_names()
        self._judge_requests()
        self.judge_records()
        for goal in self._expected.goals:
            self._judge_report(goal)
        if self._ran.failed:
            self._judge_failure()

    def judge_records(self) -> None:
        """Judge what became of each record."""
        for key, before in self._ran.before.items():
            goal = self._expected.goal_of.get(key)
            if goal is None:
                self._judge_undescribed(key, before)
            else:
                self._judge_described(goal, key, before)
        for key, record in self._new.items():
            self._judge_new(key, record)

    def judge_names(self) -> None:
        """No name is there twice that was not before."""
        twice = _names_twice(self._ran.after) - _names_twice(self._ran.before)
        if self._meddler is not None and self._meddler.meddling.deed is Deed.CREATE:
            # A server that lets a name be taken twice cannot keep two runs from creating the same at the same time. One
            # that does not let it has refused one of the two, so this excuses nothing there.
            twice.discard(self._meddler.meddling.name)
        if twice:
            raise Violation(Wrong.DUPLICATE, f"{sorted(map(str, twice))} in {self._ran.after}")

    def _judge_requests(self) -> None:
        """No write is about a record that the task does not describe, not even one that leaves it as it is."""
        described = {str(key) for goals in (self._expected, self._otherwise) for key in goals.goal_of}
        others = {str(key) for key in self._ran.before} - described
        for one in self._ran.log:
            where, _, query = one.path.partition("?")
            named = {where.rpartition("/")[2], *(value for name, value in parse_qsl(query) if name == "domain")}
            if one.method != "GET" and named & others:
                raise Violation(Wrong.FOREIGN_CHANGE, f"{one.method} {one.path} is about what nobody described")

    def _theirs(self, key: Key) -> Any:
        """What the second writer made of a record: ``None`` where it deleted it, ``_NOTHING`` where it did nothing."""
        meddler = self._meddler
        return meddler.after.get(key) if meddler is not None and meddler.key == key else _NOTHING

    def _judge_undescribed(self, key: Key, before: Record) -> None:
        theirs = self._theirs(key)
        wanted = before if theirs is _NOTHING else theirs
        after = self._ran.after.get(key)
        if after == wanted or (after is not None and wanted is not None and self._lost_default(wanted, after)):
            return
        wrong = Wrong.LOST if after is None else Wrong.FOREIGN_CHANGE
        raise Violation(wrong, f"{wanted} became {after}, and the task does not describe it")

    def _lost_default(self, wanted: Record, after: Record) -> bool:
        """Whether all that differs is the default, which the server itself takes when another account gets it."""
        return self._expected.takes_default and after == {**wanted, "default": False}

    def _judge_described(self, goal: Goal, key: Key, before: Record) -> None:
        after = self._ran.after.get(key)
        theirs = self._theirs(key)
        if after is None:
            if goal.after is not None and theirs is not None:
                raise Violation(Wrong.LOST, f"{before} is gone, and was to become {goal.after}")
            return
        self._judge_fields(goal, before, after, theirs)

    def _judge_fields(self, goal: Goal, before: Record, after: Record, theirs: Any) -> None:
        ours = fields_of(plain(before) if goal.after is None else plain(goal.after))
        old, now = fields_of(plain(before)), fields_of(plain(after))
        foreign = {} if theirs is _NOTHING or theirs is None else fields_of(plain(theirs))
        otherwise = self._otherwise.goal_labelled(goal.label)
        then = fields_of(plain(otherwise.after)) if otherwise is not None and otherwise.after is not None else ours
        for path in {*ours, *old, *now, *foreign, *then}:
            allowed = [old.get(path), ours.get(path), then.get(path)]
            if foreign and foreign.get(path) != old.get(path):
                allowed.append(foreign.get(path))
                if not (goal.exact or path in goal.managed or self._is_overwritten_unseen(goal)):
                    allowed = [foreign.get(path)]
            if now.get(path) in allowed or self._is_in_passing(path, old.get(path), now.get(path)):
                continue
            managed = goal.exact or path in goal.managed
            wrong = Wrong.NOT_AS_DESIRED if managed else Wrong.FOREIGN_CHANGE
            raise Violation(
                wrong, f"{'.'.join(path)} of {goal.label} is {now.get(path)!r}, and may be one of {allowed}"
            )

    def _is_in_passing(self, path: Path, old: Any, now: Any) -> bool:
        """Whether a field is as it is while accounts swap names or the default.

        An account may be left with a temporary name, where not even the way back worked: then the task says so.
        """
        if path == ("default",):
            return now is False and self._expected.takes_default
        moving = _TRANSIENT.fullmatch(str(now)) if path == ("name",) else None
        return moving is not None and moving["name"] == old and self._ran.failed and str(now) in self._ran.words

    def _is_overwritten_unseen(self, goal: Goal) -> bool:
        """Whether the task has written a record that it had read before the second writer changed it.

        No API here can make a write depend on what was read. So what another run writes between the task's last look at
        a record and its write is lost, and that alone. That it has read all accounts again to look for another one is
        no look at this one.
        """
        assert self._meddler is not None
        planned = any(method == "GET" and _is_list(path) for method, path in self._meddler.earlier)
        for method, path in self._meddler.later:
            if _is_about(method, path, goal) and not (planned and method == "GET" and _is_list(path)):
                return method != "GET"
        return False

    def _judge_new(self, key: Key, record: Record) -> None:
        theirs = self._theirs(key)
        goal = self._expected.goal_named(record.get("name", key))
        if goal is None or goal.after is None:
            if record != theirs and not (theirs is not _NOTHING and theirs and self._lost_default(theirs, record)):
                raise Violation(Wrong.FOREIGN_CHANGE, f"{record} is new, and nobody asked for it")
            return
        old = theirs if isinstance(theirs, dict) else goal.after
        self._judge_fields(goal, old, record, _NOTHING)

    def _judge_report(self, goal: Goal) -> None:
        """What the task says it has done is done."""
        if self._is_said_to_have_failed(goal) or self._is_excused(goal):
            return
        found = self._found(goal)
        for record in found:
            if not self._is_as_described(goal, record):
                raise Violation(
                    Wrong.UNTRUE, f"{goal.label} is said to be {goal.after}, and is {record}: {self._ran.words}"
                )
        if bool(found) != (goal.after is not None):
            raise Violation(Wrong.UNTRUE, f"{goal.label} is said to be {goal.after}, and there is {found}")

    def _found(self, goal: Goal) -> list[Record]:
        after = self._ran.after
        if goal.key is not None and goal.key in after:
            return [after[goal.key]]
        if goal.after is None:
            return []
        found = {key: record for key, record in self._new.items() if record.get("name", key) == goal.name}
        if len(found) > 1 and self._meddler is not None and self._meddler.key is not None:
            del found[self._meddler.key]
        return list(found.values())

    def _is_as_described(self, goal: Goal, record: Record) -> bool:
        if goal.after is None:
            return False
        wanted, now = fields_of(plain(goal.after)), fields_of(plain(record))
        # Of a record that the second writer changed too, the task owes what it describes, and no more.
        paths = goal.managed if self._is_theirs_too(goal) else {*wanted, *now}
        if self._expected.takes_default:
            # Whether the server has taken it from this one depends on how far the task came with the other.
            paths = {path for path in paths if path != ("default",) or path in goal.managed}
        return all(now.get(path) == wanted.get(path) for path in paths)

    def _is_theirs_too(self, goal: Goal) -> bool:
        meddler = self._meddler
        return meddler is not None and (meddler.key == goal.key or meddler.meddling.name == goal.name)

    def _is_said_to_have_failed(self, goal: Goal) -> bool:
        results = self._ran.outcome.get("results")
        if results is None:
            return self._ran.failed
        entry = next((entry for entry in results if entry["key"] == goal.label), None)
        if entry is None and goal.after is not None:
            raise Violation(Wrong.UNTRUE, f"no result for {goal.label} in {results}")
        # Of what is to be pruned, and gone before the task looks, there is nothing to say.
        return entry is not None and bool(entry["action"] == "failed")

    def _is_excused(self, goal: Goal) -> bool:
        """Whether the second writer came after the task's last write of the record: of that it cannot know."""
        meddler = self._meddler
        if meddler is None or not self._is_theirs_too(goal):
            return False
        later = [(method, path) for method, path in meddler.later if _is_about(method, path, goal)]
        if meddler.meddling.deed is Deed.DELETE:
            # Whoever asks for the record itself learns that it is gone.
            return not any(method != "GET" or not _is_list(path) for method, path in later)
        return not any(method != "GET" for method, _path in later)

    def _judge_failure(self) -> None:
        """A run that failed tells of each record that it may have changed."""
        results = self._ran.outcome.get("results")
        before = self._ran.before if self._meddler is None else self._meddler.after
        if results is None and self._ran.after not in (before, self._ran.before):
            reported = self._ran.outcome.get("msg", "")
            if not any(words in reported for words in ("not known", "changed before that stays")):
                raise Violation(Wrong.UNTRUE, f"something was written, of which the failure does not tell: {reported}")


def _names_twice(state: State) -> set[object]:
    times = Counter(record.get("name", key) for key, record in state.items())
    return {name for name, count in times.items() if count > 1}


def _is_list(path: str) -> bool:
    return path.partition("?")[0].endswith(("/email/accounts", "/email/profile"))


def _is_about(method: str, path: str, goal: Goal) -> bool:
    """Whether a request reads or writes the record of a goal, as far as its path tells."""
    where = path.partition("?")[0]
    if where.endswith("/email/settings"):
        return f"domain={goal.name}" in path
    if _is_list(path):
        return method == "GET" or goal.key is None
    return where.endswith((f"/email/accounts/{goal.key}", f"/email/profile/{goal.key}"))
