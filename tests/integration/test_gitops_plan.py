# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""plan and apply, by name: a plan changes nothing, and what was planned is done to the letter or not at all."""

from __future__ import annotations

import hashlib
import json
import sys
from typing import TYPE_CHECKING, Any

import pytest

from tests.integration.records import account, settings
from tests.integration.repository import Repository

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.integration.repository import Document
    from tests.sandbox.client import Sandbox

DOMAIN = "a.example"
SAME = {"name": "Same", "smtp_port": 465}
DESCRIBED = [account(), account(name="Alarms", smtp_port=587), SAME]


@pytest.fixture
def repository(tmp_path_factory: pytest.TempPathFactory, sandbox: Sandbox) -> Repository:
    """A PBX with one record to create, and an appliance with one to create, one to change and one as described."""
    made = Repository(tmp_path_factory.mktemp("gitops"), sandbox)
    made.write("mail/pbx/settings.yml", {"email_settings": [{"domain": DOMAIN, **settings()}]})
    made.write("mail/berlin/accounts.yml", {"email_accounts": DESCRIBED})
    sandbox.add_accounts([account(name="Alarms"), account(name="Same"), account(name="Nobody described")])
    return made


def _entries(plan: Document, host: str, kind: str) -> list[tuple[str, str]]:
    return [(entry["record"], entry["action"]) for entry in plan["hosts"][host][kind]]


def test_plan_changes_nothing_and_apply_does_what_it_says(repository: Repository) -> None:
    planned = repository.run("plan")
    assert planned.status == 0, planned.output
    assert repository.writes() == []
    plan = repository.plan()
    assert plan["totals"] == {"created": 2, "updated": 1, "unknown": 0, "deleted": 0, "none": 1}
    assert _entries(plan, "pbx", "email_settings") == [(DOMAIN, "created")]
    assert _entries(plan, "berlin", "email_accounts") == [
        ("Certificates", "created"),
        ("Alarms", "updated"),
        ("Same", "none"),
    ]
    applied = repository.run("apply", "-e", "plan=plan.json")
    assert applied.status == 0, applied.output
    assert sorted(repository.writes()) == [
        "POST /api/email/accounts",
        "POST /engine/api/v2/email/settings",
        "PUT /api/email/accounts/1",
    ]
    again = repository.run("apply", "-e", "plan=plan.json")
    assert again.status == 2
    assert "Certificates: was planned: created; now: none" in again.output
    assert "Same:" not in again.output
    assert repository.writes() == []
    assert repository.run("plan").status == 0
    assert repository.plan()["totals"] == {"created": 0, "updated": 0, "unknown": 0, "deleted": 0, "none": 4}


def test_apply_without_a_plan(repository: Repository) -> None:
    applied = repository.run("apply")
    assert applied.status == 0, applied.output
    assert len(repository.writes()) == 3
    again = repository.run("apply")
    assert (again.status, again.changed("pbx"), again.changed("berlin")) == (0, 0, 0)


def _live_record_changes(repository: Repository) -> None:
    repository.sandbox.control("PUT", "webitel/settings/unrelated.example", settings())
    [alarms] = [entry for entry in repository.sandbox.accounts() if entry["name"] == "Alarms"]
    _replace_account(repository, {**alarms, "smtp_server": "other.example.com"})


def _unchanged_record_changes(repository: Repository) -> None:
    [same] = [entry for entry in repository.sandbox.accounts() if entry["name"] == "Same"]
    _replace_account(repository, {**same, "smtp_server": "other.example.com"})


def _replace_account(repository: Repository, changed: Document) -> None:
    """Store one account otherwise, under its id."""
    others = [entry for entry in repository.sandbox.accounts() if entry["id"] != changed["id"]]
    repository.sandbox.reset()
    repository.sandbox.control("PUT", f"webitel/domains/{DOMAIN}")
    repository.sandbox.add_accounts([*others, changed])


def _described_record_changes(repository: Repository) -> None:
    described = [account(), account(name="Alarms", smtp_port=2525), account(name="Added")]
    repository.write("mail/berlin/accounts.yml", {"email_accounts": described})


def _product_is_not_described_any_more(repository: Repository) -> None:
    repository.write("mail/berlin/accounts.yml", "# nothing")


MOVES: dict[str, tuple[Callable[[Repository], None], list[str]]] = {
    "live": (_live_record_changes, ["Alarms: was planned"]),
    "live, nothing to do": (_unchanged_record_changes, ["Same: was planned (none), and what is live or described is"]),
    "described": (
        _described_record_changes,
        [
            "Alarms: was planned (updated (smtp_port)), and what is live or described",
            "Added: is not in the plan, and now: created",
            "Same: was planned (none), and is neither described nor",
        ],
    ),
    "product": (_product_is_not_described_any_more, ["Nothing is described for berlin"]),
}


@pytest.mark.parametrize("move", MOVES)
def test_nothing_is_written_on_any_host_after_a_move(repository: Repository, move: str) -> None:
    assert repository.run("plan").status == 0
    change, all_words = MOVES[move]
    change(repository)
    report = {"ANSIBLE_CALLBACKS_ENABLED": "mailfleet.email.report"}
    applied = repository.run("apply", "-e", "plan=plan.json", environment=report)
    assert applied.status == 2
    for words in all_words:
        assert words in applied.output
    assert "Nothing was written on any host, since this is not what was reviewed on berlin," in applied.output
    assert "\n1 host failed: berlin." in applied.output
    assert repository.writes() == []


def test_a_host_that_cannot_be_read_stops_all(repository: Repository) -> None:
    assert repository.run("plan").status == 0
    repository.sandbox.fault("/api/email/accounts", status=500, times=1000)
    assert repository.run("apply", "-e", "plan=plan.json").status == 2
    assert repository.writes() == []


def test_a_host_that_could_not_be_planned(repository: Repository) -> None:
    """The others are planned all the same; nothing is done by such a plan, but for the hosts that it knows."""
    repository.hosts["berlin"]["itflex_refresh_token"] = "wrong"
    planned = repository.run("plan")
    assert (planned.status, planned.failed("berlin"), planned.failed("pbx")) == (2, 1, 0)
    plan = repository.plan()
    assert (sorted(plan["hosts"]), plan["not_planned"]) == (["pbx"], ["berlin"])
    report = {"ANSIBLE_CALLBACKS_ENABLED": "mailfleet.email.report"}
    applied = repository.run("apply", "-e", "plan=plan.json", environment=report)
    assert applied.status == 2
    assert "does not fit: it could not plan berlin" in applied.output
    assert "No host is at fault: The plan " in applied.output
    assert "host failed" not in applied.output
    assert repository.writes() == []
    assert repository.run("apply", "-e", "plan=plan.json", "--limit", "pbx").status == 0
    assert repository.writes() == ["POST /engine/api/v2/email/settings"]


def test_hosts_that_could_not_be_planned_are_left_out(repository: Repository) -> None:
    """And named; what became reachable since is not touched either."""
    token = repository.hosts["berlin"]["itflex_refresh_token"]
    repository.hosts["berlin"]["itflex_refresh_token"] = "wrong"
    assert repository.run("plan").status == 2
    repository.hosts["berlin"]["itflex_refresh_token"] = token
    report = {"ANSIBLE_CALLBACKS_ENABLED": "mailfleet.email.report"}
    options = ("-e", "plan=plan.json", "-e", "mailfleet_unplanned=skip")
    applied = repository.run("apply", *options, environment=report)
    assert applied.status == 0, applied.output
    assert "\n1 host left out: berlin." in applied.output
    assert repository.writes() == ["POST /engine/api/v2/email/settings"]
    assert "left out, since they could not be planned: berlin" in applied.output
    unknown = repository.hosts["berlin"]
    repository.hosts["unknown"] = unknown
    refused = repository.run("apply", "-e", "plan=plan.json", "-e", "mailfleet_unplanned=skip")
    assert (refused.status, repository.writes()) == (2, [])
    assert "does not know unknown" in refused.output


def test_a_part_of_the_hosts(repository: Repository) -> None:
    assert repository.run("plan").status == 0
    limited = repository.run("apply", "-e", "plan=plan.json", "--limit", "pbx")
    assert (limited.status, repository.writes()) == (0, ["POST /engine/api/v2/email/settings"])
    # A slice of a job knows its own hosts alone.
    repository.hosts.pop("pbx")
    fewer = repository.run("apply", "-e", "plan=plan.json")
    assert (fewer.status, len(repository.writes())) == (0, 2)
    for ended, other in ((limited, "berlin"), (fewer, "pbx")):
        assert f"plan.json is also about what is on no host of this run: {other}" in " ".join(ended.output.split())


def _with_another_digest(plan: str) -> str:
    """What somebody would write who knows how digests are made, to have one creation less reviewed."""
    document: dict[str, Any] = json.loads(plan.replace('"action": "created"', '"action": "none"', 1))
    del document["digest"]
    content = json.dumps(document, sort_keys=True, separators=(",", ":"))
    return json.dumps({**document, "digest": hashlib.sha256(content.encode()).hexdigest()})


def test_plans_that_are_refused(repository: Repository) -> None:
    """How else a plan can be bad is a matter of the unit tests."""
    assert repository.run("plan").status == 0
    path = repository.path / "plan.json"
    plan = path.read_text(encoding="utf-8")
    bad_plans = {
        "was changed since it was written": plan.replace('"action": "created"', '"action": "none"', 1),
        "is no JSON": plan[: len(plan) // 2],
        "was planned: none; now: created": _with_another_digest(plan),
    }
    for words, bad in bad_plans.items():
        path.write_text(bad, encoding="utf-8")
        applied = repository.run("apply", "-e", "plan=plan.json")
        assert (applied.status, repository.writes()) == (2, [])
        assert words in applied.output
    path.unlink()
    missing = repository.run("apply", "-e", "plan=plan.json")
    assert (missing.status, repository.writes()) == (2, [])
    assert "plan.json: No such file or directory" in missing.output


def test_no_old_plan_is_left(repository: Repository) -> None:
    """Where nothing can be planned, there is no plan to apply."""
    assert repository.run("plan").status == 0
    repository.write("mail/pbx/settings.yml", "email_settings: [")
    repository.write("mail/berlin/accounts.yml", "email_accounts: [")
    assert repository.run("plan").status == 2
    assert repository.plan()["hosts"] == {}


def test_with_a_key_passwords_count_too(repository: Repository) -> None:
    key = ("-e", "mailfleet_plan_key=signing-key")
    assert repository.run("plan", *key).status == 0
    plan = (repository.path / "plan.json").read_text(encoding="utf-8")
    assert "signing-key" not in plan
    for other in ((), ("-e", "mailfleet_plan_key=another-key")):
        refused = repository.run("apply", "-e", "plan=plan.json", *other)
        assert (refused.status, repository.writes()) == (2, [])
    repository.write("mail/berlin/accounts.yml", {"email_accounts": [account(password="another"), *DESCRIBED[1:]]})
    moved = repository.run("apply", "-e", "plan=plan.json", *key)
    assert (moved.status, repository.writes()) == (2, [])
    assert "Certificates: was planned (created), and what is live or described is something else now" in moved.output
    repository.write("mail/berlin/accounts.yml", {"email_accounts": DESCRIBED})
    assert repository.run("apply", "-e", "plan=plan.json", *key).status == 0
    assert len(repository.writes()) == 3


def test_plans_that_must_be_signed(repository: Repository) -> None:
    unsigned = repository.run("plan")
    assert "The plan will not be signed" in unsigned.output
    repository.variables["mailfleet_plan_signed"] = True
    for options, words in (
        ([], "has to be signed: give the key (mailfleet_plan_key)"),
        (["-e", "mailfleet_plan_key=k"], "is not signed, but there is a key"),
        (["-e", "mailfleet_plan_key="], "has an empty key"),
        (["-e", '{"mailfleet_plan_key": null}'], "has an empty key"),
    ):
        applied = repository.run("apply", "-e", "plan=plan.json", *options)
        assert (applied.status, repository.writes()) == (2, [])
        assert words in " ".join(applied.output.split())
    assert repository.run("plan").status == 2
    signed = repository.run("plan", "-e", "mailfleet_plan_key=k")
    assert (signed.status, "The plan will be signed" in signed.output) == (0, True)
    assert repository.run("apply", "-e", "plan=plan.json", "-e", "mailfleet_plan_key=k").status == 0
    assert len(repository.writes()) == 3


def test_an_empty_key_makes_no_plan(repository: Repository) -> None:
    """A secret that the pipeline does not have; what makes and reads no plan needs none."""
    empty = ("-e", "mailfleet_plan_key=")
    planned = repository.run("plan", *empty)
    assert planned.status == 2
    assert "plan.key: is empty" in " ".join(planned.output.split())
    assert not (repository.path / "plan.json").exists()
    assert repository.run("apply", *empty).status == 0
    assert repository.run("drift", *empty).status == 0


def test_pruning_is_planned_and_done(repository: Repository) -> None:
    repository.variables |= {"mailfleet_prune": True, "mailfleet_prune_limit": "50%"}
    assert repository.run("plan").status == 0
    assert ("Nobody described", "deleted") in _entries(repository.plan(), "berlin", "email_accounts")
    assert repository.run("apply", "-e", "plan=plan.json").status == 0
    assert "DELETE /api/email/accounts/3" in repository.writes()


def test_what_a_template_uses_is_pruned_only_where_that_is_said(repository: Repository) -> None:
    repository.variables |= {"mailfleet_prune": True, "mailfleet_prune_limit": "50%"}
    assert repository.run("plan").status == 0
    repository.sandbox.add_template("VPN certificate", 3)
    # The plan was made before the template.
    for words in (["apply", "-e", "plan=plan.json"], ["apply"], ["plan"]):
        refused = repository.run(*words)
        assert refused.status != 0
        assert "is used by the email template VPN certificate (id 1)" in " ".join(refused.output.split())
    assert "DELETE /api/email/accounts/3" not in repository.writes()
    repository.variables["mailfleet_remove_in_use"] = True
    assert repository.run("plan").status == 0
    assert repository.run("apply", "-e", "plan=plan.json").status == 0
    assert "DELETE /api/email/accounts/3" in repository.writes()


def test_modules_in_processes_of_their_own(repository: Repository) -> None:
    repository.variables |= {"mailfleet_in_process": False, "ansible_python_interpreter": sys.executable}
    assert repository.run("plan").status == 0
    assert repository.plan()["totals"] == {"created": 2, "updated": 1, "unknown": 0, "deleted": 0, "none": 1}
    assert repository.run("apply", "-e", "plan=plan.json").status == 0
    assert len(repository.writes()) == 3
    assert repository.run("drift").status == 0


def test_no_secret_anywhere(repository: Repository) -> None:
    planned = repository.run("plan", "-vvv")
    applied = repository.run("apply", "-e", "plan=plan.json", "-vvv")
    assert (planned.status, applied.status) == (0, 0)
    secrets = [account()["password"], repository.hosts["berlin"]["itflex_refresh_token"]]
    secrets += [repository.hosts["pbx"][f"webitel_{name}"] for name in ("access_token", "key")]
    places = [planned.output, applied.output, (repository.path / "plan.json").read_text(encoding="utf-8")]
    assert [secret for secret in secrets for place in places if secret in place] == []


def test_a_failing_canary_leaves_the_rest_untouched(repository: Repository) -> None:
    repository.hosts["berlin"]["itflex_refresh_token"] = "wrong"
    report = {"ANSIBLE_CALLBACKS_ENABLED": "mailfleet.email.report"}
    stages = ("-e", '{"mailfleet_serial": [1, "100%"]}')
    applied = repository.run("apply", *stages, environment=report)
    assert (applied.status, applied.failed("berlin"), repository.writes()) == (2, 1, [])
    assert "Failed in stage 1." in applied.output
    repository.hosts["berlin"]["itflex_refresh_token"] = repository.sandbox.ready["itflex"]["refresh_token"]
    applied = repository.run("apply", *stages, environment=report)
    assert (applied.status, len(repository.writes())) == (0, 3), applied.output


def test_how_many_may_fail(repository: Repository) -> None:
    """The stage after one with a failure begins only where that is allowed."""
    repository.hosts["berlin"]["itflex_refresh_token"] = "wrong"
    repository.hosts = {"another": repository.hosts["pbx"], **repository.hosts}
    repository.write("mail/another/settings.yml", {"email_settings": [{"domain": DOMAIN, **settings()}]})
    for percentage, writes in ((0, 1), (50, 0)):
        options = {"mailfleet_serial": [2, 1], "mailfleet_max_fail_percentage": percentage}
        applied = repository.run("apply", "-e", json.dumps(options))
        assert applied.status == 2
        assert len(repository.writes()) == writes, applied.output
        reached = "pbx " in applied.output.rpartition("PLAY RECAP")[2] and "ok: [pbx]" in applied.output
        assert reached is (percentage == 50)
