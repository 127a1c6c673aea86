# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A fixed part of the campaign, and what it would find in a collection that did wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from ansible_collections.mailfleet.email.plugins.module_utils._engine import plan, result
from ansible_collections.mailfleet.email.plugins.module_utils._engine.secret import reveal
from ansible_collections.mailfleet.email.plugins.module_utils._http.errors import ApiError, InvalidResponse, Request
from ansible_collections.mailfleet.email.plugins.module_utils._products.itflex import account as email_account
from ansible_collections.mailfleet.email.plugins.module_utils._products.itflex.client import ItflexApi
from ansible_collections.mailfleet.email.plugins.module_utils._products.webitel.client import WebitelApi
from ansible_collections.mailfleet.email.plugins.module_utils._products.webitel_cloud import wire
from ansible_collections.mailfleet.email.plugins.module_utils._products.webitel_cloud.client import WebitelCloudApi
from ansible_collections.mailfleet.email.plugins.module_utils._resource import info, sync_work
from ansible_collections.mailfleet.email.plugins.module_utils._resource.base import Context
from tests.faults.campaign.case import BROKEN, CaseResult, play
from tests.faults.campaign.machine import MACHINES, STEPS, Machine, ProfilesMachine
from tests.faults.campaign.run import Results, played
from tests.faults.campaign.scene import Scene
from tests.faults.campaign.wrong import Wrong
from tests.unit.plugins.module_utils import running

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    from ansible_collections.mailfleet.email.plugins.module_utils._http.response import Response

CASES = 60
# A defect is found in far fewer.
MOST_CASES = 400
# Some defects show in one of a hundred cases. The search for them begins where one was found before, to be short.
RARE = {Wrong.DUPLICATE: 81, Wrong.LOST: 208}
RARE_IN_PROFILES = {Wrong.LOST: 359}


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """A sandbox behind a proxy, for one case after another."""
    with Scene.open(tmp_path_factory.mktemp("scene")) as scene:
        yield scene


@pytest.mark.parametrize("machine", MACHINES)
def test_cases(machine: type[Machine], scene: Scene) -> None:
    machine.scene = scene
    fixed = settings(
        max_examples=CASES,
        stateful_step_count=STEPS,
        derandomize=True,
        # Making a failing case smaller takes minutes; the steps are shown as they are.
        phases=[Phase.generate],
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(machine, settings=fixed)


def _twice(create: Callable[[ItflexApi, dict[str, Any]], Response]) -> Callable[[ItflexApi, dict[str, Any]], Response]:
    def create_twice(api: ItflexApi, account: dict[str, Any]) -> Response:
        create(api, account)
        return create(api, account)

    return create_twice


def _always_for_real(_check_mode: bool, *others: Any) -> Context:
    return Context(False, *others)


DEFECTS: dict[Wrong, Callable[[], AbstractContextManager[Any]]] = {
    Wrong.DUPLICATE: lambda: mock.patch.object(ItflexApi, "create_account", _twice(ItflexApi.create_account)),
    Wrong.LOST: lambda: mock.patch.object(sync_work, "is_kept", return_value=False),
    Wrong.FOREIGN_CHANGE: lambda: mock.patch.object(plan, "_merged", lambda _live, desired: dict(desired)),
    Wrong.NOT_AS_DESIRED: lambda: mock.patch.object(
        ItflexApi, "delete_account", side_effect=InvalidResponse(Request("DELETE", "/"), "never done")
    ),
    Wrong.UNTRUE: lambda: mock.patch.object(email_account, "FIELDS", ("name", "email", "default", "service")),
    Wrong.CHECK_MODE_WROTE: lambda: mock.patch.object(running, "Context", _always_for_real),
    Wrong.LEAK: lambda: mock.patch.object(result, "_markers", lambda old, new: (old._value, new._value)),
    Wrong.TRACEBACK: lambda: mock.patch.object(plan, "changed_paths", mock.Mock(side_effect=KeyError)),
    Wrong.LOGIN_LEFT_OPEN: lambda: mock.patch.object(WebitelApi, "close", return_value=None),
}


@pytest.mark.parametrize("wrong", Wrong)
def test_a_defect_is_found(wrong: Wrong, scene: Scene) -> None:
    first = RARE.get(wrong, 0)
    with DEFECTS[wrong]():
        assert any(play(scene, seed).wrong == wrong for seed in range(first, first + MOST_CASES))


def _shows_nothing(_plan: Any, header: str) -> dict[str, Any]:
    return {"before": {}, "after": {}, "before_header": header, "after_header": header}


def _tells_a_fetched_token() -> AbstractContextManager[Any]:
    refresh = ItflexApi._refresh_access_token

    def fetched(api: ItflexApi) -> None:
        refresh(api)
        api.list_accounts()
        raise ApiError(Request("GET", "/"), f"refused: {reveal(api._access_token)}")

    return mock.patch.object(ItflexApi, "_refresh_access_token", fetched)


DEFECTS_OF_WORDS: dict[str, tuple[Wrong, Callable[[], AbstractContextManager[Any]]]] = {
    "diff": (Wrong.UNTRUE, lambda: mock.patch.object(result, "diff", _shows_nothing)),
    "record left out": (Wrong.UNTRUE, lambda: mock.patch.object(info, "_meant", lambda *given: given[-1][1:])),
    "token": (Wrong.LEAK, _tells_a_fetched_token),
}


@pytest.mark.parametrize("what", DEFECTS_OF_WORDS)
def test_a_defect_in_what_is_said_is_found(what: str, scene: Scene) -> None:
    wrong, defect = DEFECTS_OF_WORDS[what]
    with defect():
        assert any(play(scene, seed).wrong == wrong for seed in range(MOST_CASES))


def _creates_twice() -> AbstractContextManager[Any]:
    create = WebitelCloudApi.create_profile

    def create_twice(api: WebitelCloudApi, profile: dict[str, Any], secrets: Sequence[str]) -> Response:
        create(api, profile, secrets)
        return create(api, profile, secrets)

    return mock.patch.object(WebitelCloudApi, "create_profile", create_twice)


DEFECTS_OF_PROFILES: dict[Wrong, Callable[[], AbstractContextManager[Any]]] = {
    Wrong.DUPLICATE: _creates_twice,
    # A replacement that carries nothing over.
    Wrong.FOREIGN_CHANGE: lambda: mock.patch.object(
        wire, "complete", lambda record: {"name": record["name"], "schema": {"id": record["schema"]["id"]}}
    ),
    Wrong.LOST: lambda: mock.patch.object(sync_work, "is_kept", return_value=False),
}


@pytest.mark.parametrize("wrong", DEFECTS_OF_PROFILES)
def test_a_defect_is_found_in_profiles_too(wrong: Wrong, scene: Scene) -> None:
    first = RARE_IN_PROFILES.get(wrong, MACHINES.index(ProfilesMachine))
    own = range(first, first + MOST_CASES * len(MACHINES), len(MACHINES))
    with DEFECTS_OF_PROFILES[wrong]():
        assert any(play(scene, seed).wrong == wrong for seed in own)


def test_a_campaign_goes_on_where_it_was_left(tmp_path: Path) -> None:
    file = tmp_path / "faults" / "results.jsonl"
    results = Results(file)
    for ended in (CaseResult(1, {"garbage": 2}), CaseResult(2, wrong=str(Wrong.LOST), text="gone"), CaseResult(3)):
        results.add(ended)
    results.add(CaseResult(4, wrong=BROKEN, text="no fault of the collection"))
    with file.open("a", encoding="utf-8") as lines:
        lines.write('{"seed": 5, "fau')
    again = Results(file)
    assert again.missing(range(7)) == [0, 4, 5, 6]
    again.add(CaseResult(5))
    assert Results(file).of((1, 2, 5)) == [
        CaseResult(1, {"garbage": 2}),
        CaseResult(2, wrong=str(Wrong.LOST), text="gone"),
        CaseResult(5),
    ]


def test_cases_are_played_in_processes(scene: Scene) -> None:
    seeds = range(6)
    assert sorted(ended.seed for ended in played(seeds, workers=2)) == list(seeds)
    assert play(scene, 0) == play(scene, 0)
