# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A write is brought to an end that is known: each turn that it can take, without a server."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from ansible_collections.mailfleet.email.plugins.module_utils._engine.plan import Plan, plan_present
from ansible_collections.mailfleet.email.plugins.module_utils._engine.secret import Record
from ansible_collections.mailfleet.email.plugins.module_utils._http.errors import (
    ApiError,
    ApiStatusError,
    ConnectionFailed,
    Duplicated,
    InvalidResponse,
    NotFound,
    Request,
)
from ansible_collections.mailfleet.email.plugins.module_utils._http.retries import RateLimiter, Retries
from ansible_collections.mailfleet.email.plugins.module_utils._resource.write import Done, apply, replanning

WRITE = Request("PUT", "https://server.example.com/a")
READ = Request("GET", "https://server.example.com/a")
LIVE: Record = {"port": 25, "host": "a"}
WANTED: Record = {"port": 587, "host": "a"}
UNKNOWN = "Whether the server did it is not known: run again, which looks first"
UNKNOWN_BEFORE = f"Whether {WRITE} was done before is not known: run again, which looks first"
ALL_THE_SAME = "The record is there all the same: check api_url, and what stands before it"


@dataclass
class Script:
    """What happens to each thing that is sent, and what each look finds; both must be asked for to the end."""

    sends: list[Record | ApiError | None]
    looks: list[Record | ApiError | None] = field(default_factory=list)
    targets: list[Any] = field(default_factory=list)
    target: Any = 7
    retries: Retries = field(default_factory=lambda: Retries(2, 60.0, RateLimiter()))
    sent: list[Plan] = field(default_factory=list)

    def send(self, plan: Plan) -> Record | None:
        """Play the next thing that happens to what is sent."""
        self.sent.append(plan)
        return self._played(self.sends)

    def look(self, plan: Plan) -> Record | None:
        """Play the next look; the record may be another one by then."""
        assert plan is not None
        if self.targets:
            self.target = self.targets.pop(0)
        return self._played(self.looks)

    def _played(self, script: list[Record | ApiError | None]) -> Record | None:
        # Whatever is sent counts against one deadline.
        assert 0 < self.retries.seconds_left <= 60.0
        happens = script.pop(0)
        if isinstance(happens, ApiError):
            raise happens
        return happens

    def run(self, live: Record | None = LIVE, **options: bool) -> Done:
        """Carry out the plan for the port to be 587, where it was 25."""
        try:
            return apply(plan_for(live), plan_for, self, self.retries, **options)
        finally:
            assert (self.sends, self.looks) == ([], [])

    def fails(self, live: Record | None = LIVE, **options: bool) -> ApiError:
        """The error that the plan ends with."""
        with pytest.raises(ApiError) as caught:
            self.run(live, **options)
        return caught.value


def plan_for(live: Record | None) -> Plan:
    return plan_present(live, {"port": 587})


def lost(advice: str = "") -> ConnectionFailed:
    return ConnectionFailed(WRITE, "the connection broke", advice, sent=True)


def not_found() -> NotFound:
    return NotFound(WRITE, 404, "not found")


def refused() -> ApiStatusError:
    return ApiStatusError(WRITE, 400, "no", "Check what it names")


def test_what_is_done_at_once_is_not_looked_at() -> None:
    script = Script([WANTED])
    assert script.run() == Done(plan_for(LIVE), WANTED)
    assert script.sent == [plan_for(LIVE)]


def test_a_plan_for_an_old_read_is_made_again_first() -> None:
    live = {"port": 26, "host": "b"}
    script = Script([{"port": 587, "host": "b"}], [live])
    assert script.run(refresh=True) == Done(plan_for(live), {"port": 587, "host": "b"})
    assert script.sent == [plan_for(live)]


def test_nothing_is_sent_where_another_run_did_it() -> None:
    script = Script([], [WANTED])
    assert script.run(refresh=True) == Done(plan_for(WANTED), WANTED)
    assert script.sent == []


def test_a_refusal_is_final_and_stays_as_it_is() -> None:
    error = Script([refused()]).fails()
    assert str(error) == f"{WRITE}: no. Check what it names"
    assert "outcome" not in error.details()


def test_a_lost_answer_to_what_was_done() -> None:
    script = Script([lost()], [WANTED])
    assert script.run() == Done(plan_for(LIVE), WANTED)
    assert len(script.sent) == 1
    assert script.retries.drain() == []


def test_a_lost_answer_to_what_was_not_done() -> None:
    live = {"port": 25, "host": "b"}
    script = Script([lost(), {"port": 587, "host": "b"}], [live])
    assert script.run() == Done(plan_for(LIVE), {"port": 587, "host": "b"})
    assert script.sent == [plan_for(LIVE), plan_for(live)]
    [reported] = script.retries.drain()
    assert (reported["method"], reported["reason"], reported["times"]) == ("PUT", "the connection broke", 1)


def test_a_lost_answer_about_a_record_that_is_gone_by_then() -> None:
    # It was no creation, so nothing may appear yet, and one look is enough.
    script = Script([lost(), NEW], [None])
    assert script.run() == Done(plan_for(LIVE), NEW)
    assert script.sent == [plan_for(LIVE), plan_for(None)]


@pytest.mark.parametrize("not_found_is_stored", [False, True])
@pytest.mark.parametrize(("advice", "reported"), [("", UNKNOWN), ("Check it", f"Check it. {UNKNOWN}")])
def test_answers_that_stay_lost(advice: str, reported: str, *, not_found_is_stored: bool) -> None:
    script = Script([lost(advice) for _ in range(3)], [LIVE] * 3)
    error = script.fails(not_found_is_stored=not_found_is_stored)
    assert str(error) == f"{WRITE}: the connection broke (tried 3 times). {reported}"
    assert error.details()["outcome"] == "unknown"


def test_what_will_not_pass_is_sent_once() -> None:
    error = Script([InvalidResponse(WRITE, "no JSON")], [LIVE]).fails()
    assert str(error) == f"{WRITE}: no JSON. {UNKNOWN}"
    assert error.details()["outcome"] == "unknown"


def test_a_lost_answer_before_a_refusal_is_not_forgotten() -> None:
    error = Script([lost(), refused()], [LIVE]).fails()
    assert str(error) == f"{WRITE}: no. Check what it names. {UNKNOWN_BEFORE}"
    assert error.details()["outcome"] == "unknown"


def test_a_lost_answer_before_a_missing_record_is_not_forgotten() -> None:
    error = Script([lost(), not_found()], [LIVE, LIVE]).fails()
    assert str(error) == f"{WRITE}: not found (tried 2 times). {ALL_THE_SAME}. {UNKNOWN_BEFORE}"
    assert error.details()["outcome"] == "unknown"


def test_nobody_can_look_after_a_lost_answer() -> None:
    error = Script([lost()], [ConnectionFailed(READ, "no connection")]).fails()
    assert str(error) == f"{WRITE}: the connection broke. {UNKNOWN}"
    assert error.details()["outcome"] == "unknown"
    assert error.__suppress_context__


def test_nobody_can_look_after_a_missing_record() -> None:
    error = Script([not_found()], [ConnectionFailed(READ, "no connection")]).fails()
    assert str(error) == f"{READ}: no connection"
    assert "outcome" not in error.details()


def test_a_missing_record_that_is_as_wanted_was_changed() -> None:
    assert Script([not_found()], [WANTED]).run() == Done(plan_for(LIVE), WANTED)


def test_a_value_that_is_taken_by_the_record_itself_changes_nothing() -> None:
    assert Script([Duplicated(WRITE, 409, "taken")], [WANTED]).run() == Done(plan_for(WANTED), WANTED)


@pytest.mark.parametrize("not_found_is_stored", [False, True])
def test_a_record_that_is_gone_is_created(*, not_found_is_stored: bool) -> None:
    script = Script([not_found(), {"port": 587}], [None])
    assert script.run(not_found_is_stored=not_found_is_stored) == Done(plan_for(None), {"port": 587})
    assert script.sent == [plan_for(LIVE), plan_for(None)]
    assert script.retries.drain() == []


def test_a_missing_record_that_is_there_all_the_same() -> None:
    error = Script([not_found()], [LIVE]).fails()
    assert str(error) == f"{WRITE}: not found. {ALL_THE_SAME}"
    assert "outcome" not in error.details()


def test_a_value_that_is_taken_by_nobody() -> None:
    error = Script([Duplicated(WRITE, 409, "taken")], [LIVE]).fails()
    assert str(error) == f"{WRITE}: taken"


def test_the_same_record_under_another_id_is_another_one() -> None:
    script = Script([not_found(), WANTED], [LIVE], targets=[8])
    assert script.run() == Done(plan_for(LIVE), WANTED)
    assert len(script.sent) == 2


def test_a_creation_that_finds_nothing_to_create_in() -> None:
    error = Script([not_found()], [None]).fails(live=None)
    assert str(error) == f"{WRITE}: not found. Check api_url, and what stands before it"


def test_other_runs_may_be_faster_three_times() -> None:
    lives: list[Record | ApiError | None] = [{"port": port} for port in (1, 2, 3)]
    assert Script([not_found(), not_found(), not_found(), {"port": 587}], lives).run() == Done(
        plan_for({"port": 3}), {"port": 587}
    )
    lives = [{"port": port} for port in (1, 2, 3, 4)]
    error = Script([not_found() for _ in range(4)], lives).fails()
    assert str(error) == f"{WRITE}: not found. {ALL_THE_SAME}"


def test_a_deleted_record_is_made_again_as_it_was_planned() -> None:
    replan = replanning(plan_for(LIVE), plan_for, lambda record: Plan("created", None, record, ("host", "port")))
    assert replan(LIVE) == plan_for(LIVE)
    assert replan(None) == Plan("created", None, WANTED, ("host", "port"))


class Pauses(Retries):
    """Pauses that take no time; so many are worth it."""

    def __init__(self, worth: int, limit: int = 2) -> None:
        """No request waits for a turn."""
        super().__init__(limit, 60.0, RateLimiter())
        self.lengths: list[float] = []
        self._worth = worth

    def pause(self, seconds: float) -> bool:
        """Note how long."""
        self.lengths.append(seconds)
        return len(self.lengths) <= self._worth


NEW: Record = {"port": 587}
OTHER: Record = {"port": 25}
LATE = "the connection broke, and what it asked for did not appear until the deadline"


def late() -> ConnectionFailed:
    return ConnectionFailed(WRITE, "the connection broke", sent=True, late=True)


def _fresh(script: list[Record | ApiError | None]) -> list[Record | ApiError | None]:
    """The same once more: an error learns what became of it."""
    return [happens.repeated() if isinstance(happens, ApiError) else happens for happens in script]


@pytest.mark.parametrize(
    ("sends", "looks", "pauses"),
    [
        ([lost()], [NEW], []),
        # A second look, and only then once more.
        ([lost()], [None, NEW], [1.0]),
        ([lost(), NEW], [None, None], [1.0]),
        ([lost(), lost()], [None, None, None, NEW], [1.0, 1.0]),
        # What another run made meanwhile is brought to its state.
        ([lost(), NEW], [OTHER], []),
        ([lost(), NEW], [None, OTHER], [1.0]),
        # Long after the client gave up; the looks themselves may find nobody.
        ([late()], [NEW], []),
        ([late(), NEW], [OTHER], []),
        ([late()], [None, None, NEW], [0.5, 1.0]),
        (
            [late()],
            [
                ConnectionFailed(READ, "no"),
                *(ApiStatusError(READ, status, "no") for status in (408, 429, 500, 503)),
                NEW,
            ],
            [0.5, 1.0, 2.0, 4.0, 8.0],
        ),
        ([late()], [*[None] * 8, NEW], [0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 20.0, 20.0]),
    ],
)
def test_a_creation_whose_answer_is_lost(
    sends: list[Record | ApiError | None], looks: list[Record | ApiError | None], pauses: list[float]
) -> None:
    retries = Pauses(worth=20)
    script = Script(_fresh(sends), _fresh(looks), retries=retries)
    done = script.run(live=None)
    assert (done.plan, done.stored) == (plan_for(None), NEW)
    assert retries.lengths == pauses
    assert len(script.sent) == len(sends)
    reported = [(one["reason"], one["times"]) for one in retries.drain()]
    assert reported == ([("the connection broke", len(sends) - 1)] if len(sends) > 1 else [])


@pytest.mark.parametrize(
    ("sends", "looks", "worth", "limit", "words"),
    [
        # It is sent twice at most, and not at all again where nothing may be retried or the answer will not pass.
        ([lost(), lost()], [None] * 4, 20, 9, "the connection broke (tried 2 times)"),
        ([lost(), lost()], [None] * 2, 0, 9, "the connection broke (tried 2 times)"),
        ([lost()], [None] * 2, 20, 0, "the connection broke"),
        ([InvalidResponse(WRITE, "no JSON")], [None], 20, 2, "no JSON"),
        # After a time limit it is never sent again.
        ([late()], [None], 0, 2, LATE),
        ([late()], [None] * 4, 3, 2, LATE),
        ([late()], [refused()], 20, 2, "the connection broke"),
        ([late()], [None, refused()], 20, 2, "the connection broke"),
        ([late()], [InvalidResponse(READ, "no JSON")], 20, 2, "the connection broke"),
        ([lost()], [refused()], 20, 2, "the connection broke"),
        ([lost()], [None, refused()], 20, 2, "the connection broke"),
    ],
)
def test_a_creation_of_which_nobody_knows(
    sends: list[Record | ApiError | None], looks: list[Record | ApiError | None], worth: int, limit: int, words: str
) -> None:
    script = Script(_fresh(sends), _fresh(looks), retries=Pauses(worth, limit))
    error = script.fails(live=None)
    assert str(error) == f"{WRITE}: {words}. {UNKNOWN}"
    assert error.details()["outcome"] == "unknown"
    assert len(script.sent) == len(sends)


def test_a_404_that_means_that_it_is_stored() -> None:
    done = Script([not_found()], [LIVE]).run(not_found_is_stored=True)
    assert (done.plan, done.stored) == (plan_for(LIVE), LIVE)
