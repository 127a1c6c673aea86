# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A product that nothing common knows is ensured, read, synchronised, pruned and exported all the same."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.mailfleet.email.plugins.module_utils._engine.secret import reveal
from ansible_collections.mailfleet.email.plugins.module_utils._resource.exported import SecretField
from ansible_collections.mailfleet.email.plugins.module_utils._resource.spec import ModuleSpec
from tests.unit.plugins.module_utils._resource.made_up import ENSURE, INFO, POSTBOX, SERVERS, SYNC, TEST, Server
from tests.unit.plugins.module_utils.running import Runner

SECRET = "hunter2-of-postboxes"
RECORDS = 20


@pytest.fixture
def server() -> Server:
    """A server with twenty postboxes, in memory."""
    SERVERS.clear()
    found = SERVERS.setdefault("http://localhost", Server())
    for number in range(1, RECORDS + 1):
        found.add(name=f"box {number}", host="mail.example.com", port=587, password=SECRET)
    return found


@pytest.fixture
def made_up(server: Server) -> Runner:
    """Runs the specs of the product against it."""
    del server
    return Runner({"api_url": "http://localhost", "access_token": "t"})


def entries() -> list[dict[str, Any]]:
    return [
        {"name": f"box {number}", "host": "mail.example.com", "port": 587, "password": SECRET}
        for number in range(1, RECORDS + 1)
    ]


def test_created_unchanged_updated_deleted(server: Server, made_up: Runner) -> None:
    box: dict[str, Any] = {"name": "new", "host": "mail.example.com", "port": 25, "password": SECRET}
    for changes, action in (
        ({}, "created"),
        ({}, "none"),
        ({"port": 587}, "updated"),
        ({"state": "absent"}, "deleted"),
    ):
        described = {**box, **changes}
        before = dict(server.postboxes)
        preview = made_up.run(ENSURE, check_mode=True, **described)
        assert server.postboxes == before
        result = made_up.run(ENSURE, **described)
        assert (preview["action"], preview["diff"]) == (result["action"], result["diff"])
        assert result["action"] == action
        assert result["changed"] is (action != "none")
        assert SECRET not in str(result)
        box |= {name: value for name, value in changes.items() if name != "state"}
    assert len(server.postboxes) == RECORDS


def test_a_secret_that_changes_shows_without_being_shown(made_up: Runner) -> None:
    result = made_up.run(ENSURE, name="box 1", password="another-one")
    assert result["changed_fields"] == ["password"]
    assert result["password_check"] == "compared"
    assert result["diff"]["before"]["password"] == "<secret: current>"
    assert result["diff"]["after"]["password"] == "<secret: new>"


def test_what_a_creation_lacks_and_what_is_wrong_is_reported(server: Server, made_up: Runner) -> None:
    failure = made_up.run(ENSURE, name="new")
    assert failure["msg"] == "postbox new: host: is needed to create a postbox"
    failure = made_up.run(ENSURE, name="new", port=0, access_token=None)
    assert {problem["field"] for problem in failure["failure"]["problems"]} == {"port", "access_token"}
    failure = made_up.run(ENSURE, id=99, host="a")
    assert "no live record has it" in failure["msg"]
    server.add(name="box 1", host="a")
    failure = made_up.run(ENSURE, name="box 1", host="a")
    assert "2 live records fit 'box 1': id 1, id 21" in failure["msg"]


def test_found_by_id_and_renamed(server: Server, made_up: Runner) -> None:
    result = made_up.run(ENSURE, id=1, name="another name")
    assert (result["action"], result["changed_fields"]) == ("updated", ["name"])
    assert server.postboxes[1]["name"] == "another name"
    assert len(server.postboxes) == RECORDS


def test_info(made_up: Runner) -> None:
    everything = made_up.run(INFO)
    assert len(everything["postboxes"]) == RECORDS
    assert everything["secret_fields"][0] == [{"path": ["password"], "readable": True}]
    assert SECRET not in str(everything)
    some = made_up.run(INFO, id=[3], name=["box 7", "nobody"])
    assert [record["id"] for record in some["postboxes"]] == [3, 7]
    assert made_up.run(INFO, filters={"port": 25})["postboxes"] == []
    assert "is a secret" in made_up.run(INFO, filters={"password": SECRET})["msg"]
    assert "is no field of a record" in made_up.run(INFO, filters={"prot": 25})["msg"]


@pytest.mark.parametrize(
    ("spec", "options"), [(ENSURE, {"name": "box 1"}), (INFO, {}), (SYNC, {"postboxes": [{"name": "box 1"}]})]
)
def test_no_task_opens_a_secret(made_up: Runner, spec: ModuleSpec, options: dict[str, Any]) -> None:
    result = made_up.run(spec, shown_fields=["password", "host"], **options)
    assert [problem["field"] for problem in result["failure"]["problems"]] == ["shown_fields[0]"]
    assert SECRET not in str(result)


def test_in_check_mode_info_tells_what_is_not_there_yet(made_up: Runner) -> None:
    made_up.run(INFO, check_mode=True, id=[99], name=["box 7", "nobody", "https://user:hunter2@a"])
    assert [warning.partition(";")[0] for warning in made_up.warnings] == [
        "postbox_info: no live record has id 99",
        "postbox_info: no live record has name 'nobody'",
        "postbox_info: no live record has name (not shown: it looks like an address with a password)",
    ]


@pytest.mark.parametrize("path", ["prot", "port.number"])
def test_a_filter_leads_to_a_field(made_up: Runner, path: str) -> None:
    assert f"filters.{path}: is no field of a record" in made_up.run(INFO, filters={path: 1})["msg"]


def one(runner: Runner, **box: Any) -> dict[str, Any]:
    return runner.run(ENSURE, **box)


def many(runner: Runner, **box: Any) -> dict[str, Any]:
    return runner.run(SYNC, postboxes=[box])


BOTH = pytest.mark.parametrize("run", [one, many])


@BOTH
def test_renamed_by_a_former_name(server: Server, made_up: Runner, run: Any) -> None:
    assert run(made_up, name="renamed", former_names=["long gone", "box 1"])["changed"] is True
    assert server.postboxes[1]["name"] == "renamed"
    assert len(server.postboxes) == RECORDS
    assert run(made_up, name="renamed", former_names=["long gone", "box 1"])["changed"] is False
    assert made_up.warnings == []


@BOTH
@pytest.mark.parametrize(
    ("box", "words"),
    [
        ({"name": "box 1", "former_names": ["box 2"]}, "there is a record box 1, and box 2 (id 2) is live as well"),
        ({"name": "x", "former_names": ["box 1", "box 2"]}, "of these names: box 1 (id 1), box 2 (id 2); leave one"),
        ({"name": "x", "former_names": ["x"]}, "must be names other than the one of now"),
    ],
)
def test_former_names_that_cannot_be_meant(
    server: Server, made_up: Runner, run: Any, box: dict[str, Any], words: str
) -> None:
    assert words in run(made_up, **box)["msg"]
    assert not [request for request in server.requests if not request.startswith(("LIST", "READ"))]


@BOTH
@pytest.mark.parametrize("state", ["present", "absent"])
def test_one_that_looks_alike(server: Server, made_up: Runner, run: Any, state: str) -> None:
    """It is not created beside the other, and who wants it gone learns that the other stays."""
    result = run(made_up, name="box\u00a01", host="a", state=state)
    words = '"box\\xa01" is not live, and "box 1" is'
    assert words in (result["msg"] if state == "present" else made_up.warnings[0])
    assert len(server.postboxes) == RECORDS


@BOTH
def test_a_creation_that_is_probably_a_renaming(server: Server, made_up: Runner, run: Any) -> None:
    server.add(name="lonely", host="other.example.com", port=25)
    run(made_up, name="new", host="other.example.com", port=25)
    [warning] = made_up.warnings
    assert "postbox new: the live record lonely (id 21), which is not described, has its port" in warning
    assert "former_names: [lonely]" in warning


@BOTH
def test_what_is_in_use_stays(server: Server, made_up: Runner, run: Any) -> None:
    server.forwarded.add(1)
    assert "is forwarded to" in run(made_up, name="box 1", state="absent")["msg"]
    assert len(server.postboxes) == RECORDS
    assert run(made_up, name="box 2", state="absent")["changed"] is True


def test_what_is_in_use_is_not_pruned(server: Server, made_up: Runner) -> None:
    server.forwarded.add(RECORDS)
    failure = made_up.run(SYNC, postboxes=entries()[:-1], prune=True)
    assert "postbox box 20 is forwarded to" in failure["msg"]
    assert len(server.postboxes) == RECORDS


def test_twenty_unchanged_are_listed_once_and_not_written(server: Server, made_up: Runner) -> None:
    result = made_up.run(SYNC, postboxes=entries())
    assert result["summary"]["unchanged"] == RECORDS
    assert result["changed"] is False
    assert sorted(server.requests) == sorted(["LIST", *(f"READ {number}" for number in range(1, RECORDS + 1))])


def test_sync_creates_updates_deletes_and_prunes(server: Server, made_up: Runner) -> None:
    described = [
        *entries()[:16],
        {**entries()[16], "port": 25},
        {"name": "box 18", "state": "absent"},
        {"name": "new", "host": "mail.example.com"},
    ]
    options: dict[str, Any] = {"postboxes": described, "prune": True, "prune_keep": ["*20"]}
    preview = made_up.run(SYNC, check_mode=True, **options)
    result = made_up.run(SYNC, **options)
    assert preview["results"] == result["results"]
    assert preview["diff"] == result["diff"]
    assert {entry["key"]: entry["action"] for entry in result["results"] if entry["action"] != "none"} == {
        "box 17": "updated",
        "box 18": "deleted",
        "new": "created",
        "box 19": "deleted",
    }
    assert made_up.run(SYNC, **options)["changed"] is False
    names = {record["name"] for record in server.postboxes.values()}
    assert names == {*(f"box {number}" for number in range(1, 18)), "box 20", "new"}
    assert SECRET not in str(result)


def test_pruning_is_limited(server: Server, made_up: Runner) -> None:
    failure = made_up.run(SYNC, postboxes=entries()[:1], prune=True)
    assert "19 of 20 live records would be removed" in failure["msg"]
    assert len(server.postboxes) == RECORDS


def test_all_problems_of_a_list_are_reported_before_anything_is_written(server: Server, made_up: Runner) -> None:
    described = [{"name": "new", "host": "a"}, {"name": "a", "port": 0}, {"port": 1}, {"name": "new", "host": "b"}]
    failure = made_up.run(SYNC, postboxes=described)
    assert {problem["field"] for problem in failure["failure"]["problems"]} == {
        "postboxes[1].port",
        "postboxes[2].name",
        "postboxes[3]",
    }
    failure = made_up.run(SYNC, postboxes=[{"id": 1, "host": "a"}, {"name": "box 1", "host": "b"}, {"name": "lacks"}])
    assert {problem["field"] for problem in failure["failure"]["problems"]} == {"postboxes[1]", "postboxes[2].host"}
    assert not [request for request in server.requests if not request.startswith(("LIST", "READ"))]


def test_what_is_exported_changes_nothing(server: Server, made_up: Runner) -> None:
    found = made_up.run(INFO)
    secrets = [
        [SecretField(tuple(secret["path"]), secret["readable"]) for secret in fields]
        for fields in found["secret_fields"]
    ]
    exported = POSTBOX.exported(found["postboxes"], secrets)
    assert len(secrets) == len(exported) == RECORDS
    described = []
    for record, live in zip(exported, server.postboxes.values()):
        assert record.secrets == [["password"]]
        described.append({**record.entry, "password": reveal(live["password"])})
    assert made_up.run(SYNC, postboxes=described)["changed"] is False


def test_a_plan_binds(server: Server, made_up: Runner) -> None:
    described = [{**entries()[0], "port": 25}]
    plan = made_up.run(SYNC, check_mode=True, postboxes=described, plan={})
    assert len(plan["fingerprints"]) == 1
    reviewed = [
        {"record": "box 1", "action": "updated", "changed_fields": ["port"], "fingerprint": plan["fingerprints"][0]}
    ]
    server.postboxes[1]["host"] = "elsewhere.example.com"
    failure = made_up.run(SYNC, postboxes=described, plan={"reviewed": reviewed})
    assert "plan again" in failure["msg"]
    server.postboxes[1]["host"] = "mail.example.com"
    assert made_up.run(SYNC, postboxes=described, plan={"reviewed": reviewed})["changed"] is True


TO: dict[str, Any] = {"to_email": "to@example.com"}


def test_a_message_is_sent(server: Server, made_up: Runner) -> None:
    preview = made_up.run(TEST, check_mode=True, name="box 1", **TO)
    assert (preview["sent"], server.requests) == (False, ["LIST", "READ 1"])
    assert made_up.run(TEST, name="box 1", **TO) == {
        "changed": False,
        "sent": True,
        "from": "box 1",
        "to_email": "to@example.com",
        "via": {"host": "mail.example.com", "port": 587},
        "answer": {"rejected": [], "response": "250 OK"},
        "msg": "A message was sent to to@example.com.",
    }
    assert server.requests[-1] == "TEST box 1 to@example.com"


def test_a_message_from_what_is_not_there(made_up: Runner) -> None:
    failure = made_up.run(TEST, name="nobody", **TO)
    assert failure["msg"].endswith("postbox nobody: name: no postbox is called nobody; create it first")
    preview = made_up.run(TEST, check_mode=True, name="nobody", **TO)
    assert "no postbox is called nobody, and a task before this one may create it" in preview["msg"]


@pytest.mark.parametrize(
    ("host", "to_email", "words"),
    [
        ("silent.example.com", "to@example.com", ["may or may not have been sent", ". Ask the postmaster"]),
        (
            "strict.example.com",
            "to@example.com",
            ["was not sent through strict.example.com, port 25", "the credentials"],
        ),
        ("a.example.com", "nobody@example.com", ["the SMTP server rejects nobody@example.com"]),
        ("a.example.com", "nobody", ["to_email"]),
    ],
)
def test_a_message_that_is_not_sent(
    server: Server, made_up: Runner, host: str, to_email: str, words: list[str]
) -> None:
    server.add(name="box", host=host, port=25, password=SECRET)
    failure = made_up.run(TEST, name="box", to_email=to_email)
    assert failure["failed"] is True
    assert all(text in failure["msg"] for text in words), failure["msg"]
    assert SECRET not in str(failure)
