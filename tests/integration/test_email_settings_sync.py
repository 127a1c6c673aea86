# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The settings of many domains in one task: what it does, what it refuses, what it prunes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.integration.playbook import WAYS, Task
from tests.integration.records import settings

if TYPE_CHECKING:
    from tests.integration.playbook import Document, ModuleSpec, Outcome, Playbook

MODULE = "email_settings_sync"
DOMAINS = ["a.example", "b.example", "c.example"]
FLEET = [{"domain": domain, **settings()} for domain in DOMAINS]


def actions(outcome: Outcome) -> dict[str, str]:
    """What the task says that it did, by domain."""
    return {entry["key"]: entry["action"] for entry in outcome.returned["results"]}


def fields(outcome: Outcome) -> list[str]:
    """The options that a refused task names, in order."""
    return [problem["field"] for problem in outcome.returned["failure"]["problems"]]


@pytest.mark.parametrize("spec", WAYS)
def test_ritual(playbook: Playbook, spec: ModuleSpec) -> None:
    """Each step in check mode, for real, and again."""
    change = [
        FLEET[0],
        {"domain": "b.example", "options": {"port": 587}},
        {"domain": "c.example", "state": "absent"},
        {"domain": "d.example", **settings()},
    ]
    steps: dict[str, tuple[list[Document], dict[str, str], list[str]]] = {
        "create": (FLEET, dict.fromkeys(DOMAINS, "created"), ["POST"] * 3),
        "change": (
            change,
            {"a.example": "none", "b.example": "updated", "c.example": "deleted", "d.example": "created"},
            ["DELETE", "POST", "PUT"],
        ),
        "delete": (
            [{"domain": f"{letter}.example", "state": "absent"} for letter in ("a", "b", "d")],
            dict.fromkeys(["a.example", "b.example", "d.example"], "deleted"),
            ["DELETE"] * 3,
        ),
    }
    tasks = []
    for name, (records, _actions, _methods) in steps.items():
        for what in ("check", "do", "repeat"):
            arguments = {"settings": records}
            tasks.append(Task(f"{name} ({what})", MODULE, arguments, what == "check", keywords={"diff": True}))
    run = playbook.run(tasks, spec=spec)
    for name, (_records, expected, methods) in steps.items():
        check, do, repeat = (run.succeeded(f"{name} ({what})") for what in ("check", "do", "repeat"))
        assert actions(do) == expected
        # All but how long it took is the same in check mode.
        assert len(do.returned.pop("durations")) == len(do.returned["results"])
        assert check.returned == do.returned
        assert (check.writes, sorted(do.writes), repeat.writes) == ([], methods, [])
        assert (do.returned["changed"], repeat.returned["changed"]) == (True, False)
        assert repeat.returned["diff"] == []
    assert run["change (do)"].returned["results"][1]["changed_fields"] == ["options.port"]
    assert playbook.sandbox.settings() == {}


def test_defaults_lie_under_every_record_at_every_level(playbook: Playbook) -> None:
    shared = {
        "from": "pbx@example.com",
        "options": {
            "host": "smtp.example.com",
            "port": 465,
            "tls": {"rejectUnauthorized": False},
            "auth": {"user": "shared", "password": "shared-secret"},
            "extra": {"requireTLS": True, "tls": {"minVersion": "TLSv1.2"}, "logger": True},
        },
    }
    records = [
        {"domain": "a.example"},
        {
            "domain": "b.example",
            "from": "own@example.com",
            "options": {
                "port": 587,
                "tls": {"reject_unauthorized": True},
                "auth": {"pass": "own-secret"},
                "extra": {"tls": {"servername": "mail"}, "logger": None},
            },
        },
    ]
    run = playbook.run(
        [
            Task("create", MODULE, {"settings": records, "defaults": shared}),
            Task("again", MODULE, {"settings": records, "defaults": shared}),
        ]
    )
    assert actions(run.succeeded("create")) == {"a.example": "created", "b.example": "created"}
    assert actions(run.succeeded("again")) == {"a.example": "none", "b.example": "none"}
    stored = playbook.sandbox.settings()
    assert stored["a.example"]["from"] == "pbx@example.com"
    assert stored["a.example"]["options"] == {
        "host": "smtp.example.com",
        "port": 465,
        "tls": {"rejectUnauthorized": False, "minVersion": "TLSv1.2"},
        "auth": {"user": "shared", "pass": "shared-secret"},
        "requireTLS": True,
        "logger": True,
    }
    assert stored["b.example"]["from"] == "own@example.com"
    # A null removes a key, also one that stands in the defaults.
    assert stored["b.example"]["options"] == {
        "host": "smtp.example.com",
        "port": 587,
        "tls": {"rejectUnauthorized": True, "minVersion": "TLSv1.2", "servername": "mail"},
        "auth": {"user": "shared", "pass": "own-secret"},
        "requireTLS": True,
    }


def test_what_nobody_described_survives(playbook: Playbook) -> None:
    """Unknown keys at every level, and with ``replace`` none of them."""
    live = {**settings(ignoreTLS=True), "plan": {"unknown": 1}}
    for domain in ("merged.example", "replaced.example"):
        playbook.sandbox.put_settings(domain, live)
    records = [
        {"domain": "merged.example", "options": {"port": 25}},
        {"domain": "replaced.example", "replace": True, "options": {"host": "new.example.com"}},
    ]
    run = playbook.run([Task("apply", MODULE, {"settings": records}), Task("again", MODULE, {"settings": records})])
    assert set(actions(run.succeeded("apply")).values()) == {"updated"}
    assert set(actions(run.succeeded("again")).values()) == {"none"}
    stored = playbook.sandbox.settings()
    assert stored["merged.example"]["plan"] == {"unknown": 1}
    assert stored["merged.example"]["options"] == {**live["options"], "port": 25}
    assert stored["replaced.example"]["options"] == {"host": "new.example.com"}
    assert "plan" not in stored["replaced.example"]


def test_all_problems_of_the_input_before_the_first_request(playbook: Playbook) -> None:
    records = [
        {"domain": "a.example", "options": {"port": 0, "host": "no host"}},
        {"description": "of what?"},
        {"domain": "a.example"},
        {"domain": "b.example", "options": {"extra": {"host": "x"}}},
        {"domain": "a.example."},
        # Webitel tells domains apart by case.
        {"domain": "A.EXAMPLE"},
    ]
    run = playbook.run([Task("all", MODULE, {"settings": records}), Task("neither", MODULE)])
    found = fields(run.failed("all"))
    assert found[:4] == [
        "settings[0].options.host",
        "settings[0].options.port",
        "settings[1].domain",
        "settings[3].options.extra.host",
    ]
    assert set(found[4:]) >= {"settings[2]"}
    # The dot at the end is part of no other name: it is the same domain, or no domain at all.
    assert any(field.startswith("settings[4]") for field in found)
    assert not any(field.startswith("settings[5]") for field in found)
    assert "(a.example)" in run["all"].returned["msg"]
    assert fields(run.failed("neither")) == ["settings"]
    assert all(run[name].requests == [] for name in run.outcomes)


def test_all_problems_of_the_plan_before_the_first_write(playbook: Playbook) -> None:
    playbook.sandbox.put_settings("a.example", settings())
    playbook.sandbox.put_settings("c.example", settings())
    playbook.sandbox.traps(webitel_passwords="omit")
    records = [
        {"domain": "a.example", "options": {"port": 1}},
        {"domain": "b.example", "description": "no options"},
        {"domain": "new.example", **settings()},
    ]
    run = playbook.run([Task("apply", MODULE, {"settings": records, "prune": True, "prune_limit": 0})])
    assert fields(run.failed("apply")) == ["settings[0].options.auth.pass", "settings[1].options", "prune_limit"]
    assert run["apply"].writes == []


def test_one_that_cannot_be_read_fails_alone(playbook: Playbook) -> None:
    playbook.sandbox.fault("/api/v2/email/settings?domain=b.example", method="GET", status=200, body="<html>")
    run = playbook.run([Task("create", MODULE, {"settings": FLEET})])
    assert actions(run["create"]) == {"a.example": "created", "b.example": "failed", "c.example": "created"}
    assert run["create"].failed
    assert "no JSON" in run["create"].returned["results"][1]["error"]
    assert run["create"].returned["results"][1]["failure"]
    assert "b.example: " in run["create"].returned["msg"]
    assert set(playbook.sandbox.settings()) == {"a.example", "c.example"}


def test_on_error(playbook: Playbook) -> None:
    refusal: dict[str, Any] = {"method": "POST", "status": 500, "body": '{"status": "error", "info": "disk full"}'}
    one_by_one = {"settings": FLEET, "concurrency": 1}
    playbook.sandbox.fault("/api/v2/email/settings?domain=b.example", **refusal)
    stopped = playbook.run([Task("stop", MODULE, {**one_by_one, "on_error": "stop"})])["stop"]
    assert actions(stopped) == {"a.example": "created", "b.example": "failed", "c.example": "failed"}
    assert [entry["failure"]["kind"] for entry in stopped.returned["results"][2:]] == ["stopped"]
    assert "disk full" in stopped.returned["msg"]
    playbook.sandbox.fault("/api/v2/email/settings?domain=b.example", **refusal)
    continued = playbook.run([Task("continue", MODULE, one_by_one)])["continue"]
    assert actions(continued) == {"a.example": "none", "b.example": "failed", "c.example": "created"}


def test_prune(playbook: Playbook) -> None:
    """The live domains are those of the server; a domain without settings has nothing to prune."""
    for domain in ("a.example", "b.example", "c.example", "Keep.example"):
        playbook.sandbox.put_settings(domain, settings())
    playbook.sandbox.control("PUT", "webitel/domains/empty.example")
    described = [{"domain": "a.example", "options": {"port": 587}}]
    pruning = {"settings": described, "prune": True, "prune_keep": ["keep.*"]}
    run = playbook.run(
        [
            Task("default limit", MODULE, pruning),
            Task("check", MODULE, {**pruning, "prune_limit": 2}, check=True),
            Task("do", MODULE, {**pruning, "prune_limit": 2}),
            Task("again", MODULE, pruning),
            Task("empty", MODULE, {"settings": [], "prune": True, "prune_limit": 99}),
            Task("empty, said", MODULE, {"settings": [], "prune": True, "prune_limit": "100%"}),
        ]
    )
    for name in ("default limit", "empty"):
        assert fields(run.failed(name)) == ["prune_limit"]
        assert run[name].writes == []
    for name in ("check", "do"):
        found = actions(run.succeeded(name))
        assert found == {"a.example": "updated", "b.example": "deleted", "c.example": "deleted"}
    assert "GET /engine/api/v2/domains" in run["do"].calls
    assert run["do"].writes == ["PUT", "DELETE", "DELETE"]
    assert actions(run.succeeded("again")) == {"a.example": "none"}
    assert actions(run.succeeded("empty, said")) == {"Keep.example": "deleted", "a.example": "deleted"}
    assert playbook.sandbox.settings() == {}


def test_share_counts_what_is_kept_too(playbook: Playbook) -> None:
    """One of four is a quarter, whether or not two of the others are kept by a pattern."""
    for domain in ("a.example", "b.example", "keep1.example", "keep2.example"):
        playbook.sandbox.put_settings(domain, settings())
    records = {"settings": [{"domain": "a.example"}], "prune": True, "prune_keep": ["keep*"], "prune_limit": "25%"}
    run = playbook.run([Task("prune", MODULE, records)])
    assert actions(run.succeeded("prune")) == {"a.example": "none", "b.example": "deleted"}


def test_token_of_one_domain(playbook: Playbook) -> None:
    """It can do its own domain, prune nothing else, and a task about any other domain fails before it writes."""
    for domain in DOMAINS:
        playbook.sandbox.put_settings(domain, settings())
    token = playbook.sandbox.tokens("a.example")["access_token"]
    own = {"domain": "a.example", "options": {"port": 587}}
    other = {"domain": "b.example", "options": {"port": 587}}
    none = {"domain": "none.example", **settings()}
    run = playbook.run(
        [
            Task("own", MODULE, {"settings": [own], "prune": True, "access_token": token}),
            Task("other", MODULE, {"settings": [{**own, "state": "absent"}, other], "access_token": token}),
            Task("no settings", MODULE, {"settings": [none], "access_token": token}),
            Task("prune all", MODULE, {"settings": [], "prune": True, "prune_limit": "100%", "access_token": token}),
        ]
    )
    assert actions(run.succeeded("own")) == {"a.example": "updated"}
    for name, domain in (("other", "b.example"), ("no settings", "none.example")):
        assert run.failed(name).writes == []
        assert "a.example" in run[name].returned["msg"]
        assert domain in run[name].returned["msg"]
    assert actions(run.succeeded("prune all")) == {"a.example": "deleted"}
    assert {name: record["options"]["port"] for name, record in playbook.sandbox.settings().items()} == {
        "b.example": 465,
        "c.example": 465,
    }


def test_login_by_name_ends_with_the_task(playbook: Playbook) -> None:
    login = {name: playbook.sandbox.ready["webitel"][name] for name in ("username", "password")}
    playbook.sandbox.fault("/api/v2/email/settings?domain=c.example", method="PUT", status=500, body="{}")
    change = [{**record, "description": "other"} for record in FLEET]
    run = playbook.run(
        [Task("create", MODULE, {"settings": FLEET, **login}), Task("fails", MODULE, {"settings": change, **login})],
        defaults=playbook.addresses,
    )
    assert actions(run.succeeded("create")) == dict.fromkeys(DOMAINS, "created")
    assert actions(run["fails"])["c.example"] == "failed"
    for name in ("create", "fails"):
        assert run[name].calls[0] == "POST /engine/login"
        assert run[name].calls[-1] == "POST /engine/logout"
        assert run[name].calls.count("POST /engine/login") == 1
    assert playbook.sandbox.sessions() == []
