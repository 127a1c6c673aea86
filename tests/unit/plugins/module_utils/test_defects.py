# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A defect of the collection itself: reported with its place, and without a text that may hold a secret."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

import pytest

from ansible_collections.mailfleet.email.plugins.module_utils._outcome import outcome_of
from ansible_collections.mailfleet.email.plugins.module_utils._resource.base import Context, TaskFailed
from ansible_collections.mailfleet.email.plugins.module_utils._resource.pool import Connections
from ansible_collections.mailfleet.email.plugins.module_utils._resource.spec import ModuleSpec
from tests.unit.plugins.module_utils.modules import module_output

if TYPE_CHECKING:
    from collections.abc import Callable

ARGUMENTS = {"name": "Alarms", "password": "hunter2"}


def spec(run: Callable[..., dict[str, Any]], problems: Callable[[Any], list[Any]] = lambda _params: []) -> ModuleSpec:
    """A spec that does this."""
    spec: dict[str, dict[str, Any]] = {"name": {"type": "str"}, "password": {"type": "str", "no_log": True}}
    return ModuleSpec(spec, lambda params: f"email_account {params['name']}", problems, run)


def stumble(params: Any, _context: Context) -> NoReturn:
    raise KeyError(params["password"])


def give_up(params: Any, _context: Context) -> NoReturn:
    raise TaskFailed(f"email_account {params['name']}: not now", {"found": 3}, {"kind": "check"})


def context() -> Context:
    return Context(False, False, lambda _warning: None, Connections(keep=False))


def test_its_place_is_reported_and_its_text_is_not() -> None:
    result = outcome_of(spec(stumble), ARGUMENTS, context())
    line = stumble.__code__.co_firstlineno + 1
    place = f"test_defects.py, line {line}"
    assert result == {
        "failed": True,
        "msg": f"email_account Alarms: unexpected KeyError ({place}). Please report this as a defect",
        "failure": {"kind": "defect"},
    }


def test_one_in_the_look_for_problems_is_reported_too() -> None:
    def check(params: Any) -> NoReturn:
        raise ValueError(params["password"])

    result = outcome_of(spec(stumble, check), ARGUMENTS, context())
    assert "unexpected ValueError" in result["msg"]
    assert "hunter2" not in str(result)


def test_a_module_tells_it_as_well(capsys: pytest.CaptureFixture[str]) -> None:
    result = module_output(spec(stumble), ARGUMENTS, capsys)
    assert result["failure"] == {"kind": "defect"}
    assert "hunter2" not in str(result)


def test_a_signal_to_end_is_no_defect() -> None:
    def interrupted(_params: Any, _context: Context) -> NoReturn:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        outcome_of(spec(interrupted), ARGUMENTS, context())


@pytest.mark.parametrize("retried", [[], [{"times": 1}]])
def test_a_task_that_fails_with_a_result(retried: list[dict[str, int]]) -> None:
    about = context()
    about.retried.extend(retried)
    result = outcome_of(spec(give_up), ARGUMENTS, about)
    reported = {"failed": True, "msg": "email_account Alarms: not now", "failure": {"kind": "check"}, "found": 3}
    assert result == ({**reported, "retried": retried} if retried else reported)


@pytest.mark.parametrize(("kind", "is_shown"), [("plan", True), ("input", True), ("check", False)])
@pytest.mark.parametrize("more", [{}, {"results": []}])
def test_a_password_that_holds_a_name_does_not_hide_what_does_not_fit_a_plan(
    kind: str, is_shown: bool, more: dict[str, Any]
) -> None:
    """Such words are ours, and come before any of a server."""

    def give_up(params: Any, _context: Context) -> NoReturn:
        raise TaskFailed(f"email_account {params['name']}: not what was reviewed", more, {"kind": kind})

    arguments = {"name": "account-00001", "password": "password of account-00001"}
    result = outcome_of(spec(give_up), arguments, context())
    assert ("account-00001: not what was reviewed" in result["msg"]) == (is_shown and not more)
