# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a Webitel server may answer beside the usual: options that are a text, a request for a code, or nothing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from tests.integration.playbook import WAYS, Task
from tests.integration.records import DOMAIN, settings
from tests.integration.repository import Repository

if TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.playbook import ModuleSpec, Playbook, Run
    from tests.sandbox.client import Sandbox

TEXT_PASSWORD = "password-in-the-url"
TEXT_HOST = "relay-in-the-url.example"
TEXTS = (f"smtps://mail:{TEXT_PASSWORD}@{TEXT_HOST}:465", TEXT_HOST)
SINGLE, MANY, GONE, REMOVED, LEFT = (f"{name}.example" for name in ("single", "many", "gone", "removed", "left"))
AS_TEXT = (SINGLE, MANY, GONE, REMOVED, LEFT)


def put_texts(sandbox: Sandbox) -> None:
    """Settings of five domains whose options are a text, between those of two as they usually are."""
    for number, domain in enumerate(AS_TEXT):
        text = TEXTS[number % len(TEXTS)]
        sandbox.put_settings(domain, {**settings(), "description": domain, "options": text})
    for domain in ("a.example", "z.example"):
        sandbox.put_settings(domain, settings())


def entry(domain: str, **fields: Any) -> dict[str, Any]:
    """Settings as a task describes them."""
    return {"domain": domain, **settings(), **fields}


def printed(run: Run) -> str:
    """All that a run printed, and all that its tasks returned."""
    return run.output + (run.directory / "outcomes.jsonl").read_text("utf-8")


def assert_text_is_hidden(shown: str) -> None:
    """Neither the password of a text is there, nor its host."""
    assert [secret for secret in (TEXT_PASSWORD, TEXT_HOST) if secret in shown] == []


def assert_reported(run: Run, task: str, domains: list[str]) -> None:
    """A task shows the records of these domains, and says of each text that it is one."""
    outcome = run.succeeded(task)
    records = {record["domain"]: record for record in outcome.returned["email_settings"]}
    assert sorted(records) == sorted(domains)
    texts = [domain for domain in domains if domain in AS_TEXT]
    assert all("options" not in records[domain] for domain in texts)
    assert all(records[domain]["description"] == domain for domain in texts)
    reported = [warning for warning in outcome.warnings if "the options are a text" in warning]
    assert sorted(warning.partition(":")[0] for warning in reported) == sorted(
        f"email_settings of {name}" for name in texts
    )


@pytest.mark.parametrize("spec", WAYS)
def test_options_that_are_a_text_one_by_one(playbook: Playbook, spec: ModuleSpec) -> None:
    sandbox = playbook.sandbox
    put_texts(sandbox)
    replace = entry(SINGLE, replace=True)
    tasks = [
        Task("one", "email_settings_info", {"domain": SINGLE}),
        Task("all", "email_settings_info"),
        Task("refused in check mode", "email_settings", entry(SINGLE), check=True),
        Task("refused", "email_settings", entry(SINGLE)),
        Task("beside", "email_settings", {"domain": SINGLE, "description": "changed"}),
        Task("replaced in check mode", "email_settings", replace, check=True),
        Task("replaced", "email_settings", replace),
        Task("replaced again", "email_settings", replace),
        Task("deleted in check mode", "email_settings", {"domain": GONE, "state": "absent"}, check=True),
        Task("deleted", "email_settings", {"domain": GONE, "state": "absent"}),
        Task("deleted again", "email_settings", {"domain": GONE, "state": "absent"}),
    ]
    run = playbook.run(tasks, spec=spec, options=("-vvv", "--diff"))
    assert_reported(run, "one", [SINGLE])
    assert_reported(run, "all", ["a.example", *sorted(AS_TEXT), "z.example"])
    for name in ("refused in check mode", "refused"):
        refused = run.failed(name)
        assert [problem["field"] for problem in refused.returned["failure"]["problems"]] == ["options"]
        assert "are a text on the server" in refused.returned["msg"]
        assert "replace=true" in refused.returned["msg"]
        assert refused.writes == []
    assert run.succeeded("beside").bodies("PUT")[0]["options"] == TEXTS[0]
    for action in ("replaced", "deleted"):
        predicted, done = run.succeeded(f"{action} in check mode").returned, run.succeeded(action).returned
        assert predicted["changed"] is done["changed"] is True
        assert predicted["diff"] == done["diff"]
        assert run[f"{action} in check mode"].writes == []
        assert run.succeeded(f"{action} again").returned["changed"] is False
    assert_text_is_hidden(printed(run))
    stored = sandbox.settings()
    assert stored[SINGLE].items() >= settings().items()
    assert GONE not in stored
    assert stored[MANY]["options"] == TEXTS[1]


USUAL = entry("a.example")
REPLACED = {
    "settings": [USUAL, entry(MANY, replace=True), entry(SINGLE, replace=True), {"domain": GONE, "state": "absent"}]
}
PRUNED = {"settings": [USUAL, entry(MANY), entry(SINGLE)], "prune": True, "prune_limit": "100%"}
ACTIONS = {
    "replaced": {"a.example": "none", MANY: "updated", SINGLE: "updated", GONE: "deleted"},
    "pruned": {
        **dict.fromkeys(("a.example", MANY, SINGLE), "none"),
        **dict.fromkeys((REMOVED, LEFT, "z.example"), "deleted"),
    },
}


@pytest.mark.parametrize("spec", WAYS)
def test_options_that_are_a_text_many_at_once(playbook: Playbook, spec: ModuleSpec) -> None:
    sandbox = playbook.sandbox
    put_texts(sandbox)
    run = playbook.run(
        [
            Task("refused", "email_settings_sync", {"settings": [entry(MANY), entry("new.example"), entry(SINGLE)]}),
            Task("others", "email_settings_sync", {"settings": [USUAL], "undescribed": True}),
            Task("replaced in check mode", "email_settings_sync", REPLACED, check=True),
            Task("replaced", "email_settings_sync", REPLACED),
            Task("pruned in check mode", "email_settings_sync", PRUNED, check=True),
            Task("pruned", "email_settings_sync", PRUNED),
        ],
        spec=spec,
        options=("-vvv", "--diff"),
    )
    problems = run.failed("refused").returned["failure"]["problems"]
    assert [problem["field"] for problem in problems] == ["settings[0].options", "settings[2].options"]
    assert run["refused"].writes == []
    others = run.succeeded("others").returned
    assert others["changed"] is False
    assert [other["domain"] for other in others["undescribed"]] == sorted([*AS_TEXT, "z.example"])
    for task, expected in ACTIONS.items():
        for name in (f"{task} in check mode", task):
            assert {done["key"]: done["action"] for done in run.succeeded(name).returned["results"]} == expected
        assert run[f"{task} in check mode"].writes == []
    assert_text_is_hidden(printed(run))
    stored = sandbox.settings()
    assert set(stored) == {"a.example", MANY, SINGLE}
    assert all(record.items() >= settings().items() for record in stored.values())


def test_options_that_are_a_text_in_an_export(tmp_path_factory: pytest.TempPathFactory, sandbox: Sandbox) -> None:
    """They are left out with a warning, all else is written, and a plan of it finds nothing to do."""
    put_texts(sandbox)
    repository = Repository(tmp_path_factory.mktemp("export"), sandbox)
    del repository.hosts["berlin"]
    exported = repository.run("export")
    assert (exported.status, exported.failed("pbx")) == (0, 0), exported.output
    folder: Path = repository.path / "mail" / "pbx"
    document = yaml.safe_load((folder / "email_settings.yml").read_text("utf-8"))
    entries = {entry["domain"]: entry for entry in document["email_settings"]}
    assert set(entries) == {*AS_TEXT, "a.example", "z.example"}
    for domain in AS_TEXT:
        assert "options" not in entries[domain]
        assert entries[domain]["description"] == domain
    assert entries["z.example"]["options"]["host"] == "smtp.example.com"
    words = " ".join(exported.output.split())
    assert all(f"{domain}: options (a text, a URL" in words for domain in AS_TEXT), exported.output
    written = [path.read_text("utf-8") for path in folder.iterdir()]
    planned = repository.run("plan")
    assert planned.status == 0, planned.output
    assert repository.plan()["totals"].items() >= {"created": 0, "updated": 0, "deleted": 0, "none": 7}.items()
    assert_text_is_hidden("\n".join([*written, exported.output, planned.output]))


@pytest.mark.parametrize("spec", WAYS)
def test_a_login_that_is_refused_is_tried_once_a_task(playbook: Playbook, spec: ModuleSpec) -> None:
    """A server may lock out who tries too often."""
    wrong = {"username": playbook.sandbox.ready["webitel"]["username"], "password": "no-such-password"}
    many = {"settings": [entry(f"{name}.example") for name in "abcdefgh"], **wrong}
    run = playbook.run(
        [
            Task("check", "email_settings_sync", many, check=True),
            Task("do", "email_settings_sync", many),
            Task("prune", "email_settings_sync", {**many, "prune": True}),
        ],
        defaults=playbook.addresses,
        spec=spec,
    )
    for name in run.outcomes:
        assert run[name].failed
        assert run[name].calls == ["POST /engine/login"]
    for result, entered in zip(run["do"].returned["results"], many["settings"], strict=True):
        assert f"email_settings of {entered['domain']}: POST " in result["error"]
        assert "is refused. Check username and password" in result["error"]


def tasks_that_log_in(ready: dict[str, Any], wrong: str) -> list[Task]:
    """Tasks with a user name, each with no code, with the one that is right, or with one that is `wrong`."""
    code = ready["login_code"]
    login = {name: ready[name] for name in ("username", "password")}
    one = {"domain": DOMAIN, **login}
    many = {"settings": [entry(DOMAIN), entry("other.example")], **login}
    environment = {"environment": {"WEBITEL_LOGIN_CODE": code}}
    return [
        Task("no code", "email_settings_info", one),
        Task("empty code", "email_settings_info", {**one, "login_code": " "}),
        Task("no code, many", "email_settings_sync", many),
        Task("wrong code", "email_settings_info", {**one, "login_code": wrong}),
        Task("code", "email_settings_info", {**one, "login_code": f" {code}\n"}),
        Task("code, many", "email_settings_sync", {**many, "login_code": code}),
        Task("environment", "email_settings_info", one, keywords=environment),
        Task("environment, many", "email_settings_sync", many, keywords=environment),
        Task("option beats environment", "email_settings_info", {**one, "login_code": wrong}, keywords=environment),
    ]


@pytest.mark.parametrize("spec", WAYS)
def test_a_login_with_a_second_factor(playbook: Playbook, spec: ModuleSpec) -> None:
    sandbox = playbook.sandbox
    for domain in (DOMAIN, "other.example"):
        sandbox.put_settings(domain, settings())
    sandbox.traps(webitel_second_factor="on")
    code = sandbox.ready["webitel"]["login_code"]
    wrong = f"{(int(code) + 1) % 10**6:06}"
    tasks = tasks_that_log_in(sandbox.ready["webitel"], wrong)
    run = playbook.run(tasks, defaults=playbook.addresses, spec=spec, options=("-v", "--diff"))
    asks, doubts = (
        "Give the code of the moment as login_code (or WEBITEL_LOGIN_CODE)",
        "Check username, password and login",
    )
    empty = run.failed("empty code")
    assert empty.returned["failure"]["kind"] == "input"
    assert "login_code: " in empty.returned["msg"]
    assert empty.calls == []
    refusals = {"no code": asks, "wrong code": doubts, "option beats environment": doubts}
    for name, words in refusals.items():
        refused = run.failed(name)
        assert refused.returned["failure"]["kind"] == "credentials"
        assert words in refused.returned["msg"]
        assert refused.calls == ["POST /engine/login"]
    refused = run["no code, many"]
    assert refused.failed
    assert asks in refused.returned["msg"]
    for result in refused.returned["results"]:
        assert (result["action"], result["failure"]["kind"]) == ("failed", "credentials")
        assert asks in result["error"]
    assert refused.calls == ["POST /engine/login"]
    for name in ("code", "code, many", "environment", "environment, many"):
        outcome = run.succeeded(name)
        assert outcome.requests[0]["path"].endswith(f"/login?code={code}")
        assert outcome.calls[-1] == "POST /engine/logout"
        assert outcome.warnings == []
    assert sandbox.sessions() == []
    # A time or the number of a process may hold the same digits by chance.
    assert re.findall(rf"(?<![\d.])(?:{code}|{wrong})(?!\d)", printed(run)) == []


@pytest.mark.parametrize("spec", WAYS)
def test_a_test_message_that_is_not_answered(playbook: Playbook, spec: ModuleSpec) -> None:
    """The server's mailer tries again for ever where the SMTP server drops the connection."""
    sandbox = playbook.sandbox
    smtp = sandbox.ready["smtp"]
    auth = {"user": smtp["username"], "pass": smtp["password"]}
    sandbox.put_settings(DOMAIN, settings(host=smtp["host"], port=smtp["ssl_tls"], auth=auth))
    sandbox.traps(webitel_silence_seconds=2.5)
    dropped = {"domain": DOMAIN, "to_email": "dropped@example.com"}
    run = playbook.run(
        [
            Task("time is up", "email_settings_test", {**dropped, "timeout": 1}),
            Task("gateway", "email_settings_test", dropped),
            Task("answered", "email_settings_test", {**dropped, "to_email": "someone@example.com"}),
        ],
        spec=spec,
    )
    for name in ("time is up", "gateway"):
        unanswered = run.failed(name)
        said = unanswered.returned["msg"]
        assert unanswered.returned["sent"] is False
        assert "tries again for ever, and the message may have been handed over several times" in said
        assert "Look into the mailbox" in said
        assert "raise timeout" not in said.lower()
    assert run.succeeded("answered").returned["sent"] is True
    arrived = [message["to"] for message in sandbox.messages()]
    assert arrived.count(["dropped@example.com"]) > 2
    assert arrived.count(["someone@example.com"]) == 1
