# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One email profile of today's Webitel: the ritual, and a guard for each of the traps of its engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.integration.playbook import WAYS, Task
from tests.integration.ritual import Step, perform

if TYPE_CHECKING:
    from tests.integration.playbook import ModuleSpec, Playbook
    from tests.sandbox.client import Sandbox

PASSWORD = "first-password-of-a-profile"


@pytest.fixture
def flow(sandbox: Sandbox) -> int:
    """A flow that profiles may refer to."""
    return sandbox.webitel_cloud.add_schema("Tickets")


def profile(**changes: Any) -> dict[str, Any]:
    """A described profile."""
    return {
        "name": "Support",
        "description": "Mail of the desk",
        "schema": {"name": "Tickets"},
        "smtp_host": "smtp.example.com",
        "imap_host": "imap.example.com",
        "login": "support@example.com",
        "password": PASSWORD,
        "update_password": "on_create",
        **changes,
    }


def ensured(playbook: Playbook, *tasks: dict[str, Any], check: bool = False) -> list[Any]:
    """The outcomes of several tasks, one after the other."""
    listed = [Task(f"task {number}", "email_profile", task, check=check) for number, task in enumerate(tasks)]
    run = playbook.run(listed)
    return [run[task.name] for task in listed]


@pytest.mark.parametrize("spec", WAYS)
@pytest.mark.usefixtures("flow")
def test_ritual(playbook: Playbook, sandbox: Sandbox, spec: ModuleSpec) -> None:
    stored = [
        *("auth_type", "description", "enabled", "fetch_interval", "imap_host", "imap_port", "listen", "login"),
        *("mailbox", "name", "schema.id", "schema.name", "smtp_host", "smtp_port"),
    ]
    steps = {
        "create": Step(profile(), "created", "POST", sorted([*stored, "password"])),
        "change": Step(profile(description="Another text"), "updated", "PATCH", ["description"]),
        "delete": Step(profile(state="absent", erase_stored_mail=True), "deleted", "DELETE", stored),
    }
    run = perform(playbook, spec, "email_profile", steps)
    assert PASSWORD not in run.output
    assert sandbox.webitel_cloud.profiles() == []


@pytest.mark.usefixtures("flow")
def test_a_creation_sends_every_field(playbook: Playbook, sandbox: Sandbox) -> None:
    """What is left out becomes zero, and an interval of zero fetches every ten seconds."""
    (created,) = ensured(playbook, profile())
    assert not created.failed, created.returned["msg"]
    (stored,) = sandbox.webitel_cloud.profiles()
    assert (stored["fetch_interval"], stored["imap_port"], stored["smtp_port"]) == (60, 993, 587)
    assert (stored["mailbox"], stored["auth_type"], stored["password"]) == ("INBOX", "plain", PASSWORD)
    assert (bool(stored["enabled"]), bool(stored["listen"])) == (False, False)


def test_an_update_names_what_differs_alone(playbook: Playbook, sandbox: Sandbox, flow: int) -> None:
    """A licence limit refuses whoever names enabled, and PUT would erase the OAuth client."""
    sandbox.webitel_cloud.add_profiles([{"name": "Support", "flow_id": flow, "enabled": True, "smtp_host": "a"}])
    sandbox.control("PATCH", "traps", {"webitel_cloud_licences": 1})
    (changed,) = ensured(playbook, {"name": "Support", "smtp_host": "b"})
    assert not changed.failed, changed.returned["msg"]
    assert changed.bodies("PATCH") == [{"smtp_host": "b", "fields": ["smtp_host"]}]


def test_what_patch_does_not_know_goes_by_put_with_all_the_rest(
    playbook: Playbook, sandbox: Sandbox, flow: int
) -> None:
    sandbox.webitel_cloud.add_profiles(
        [
            {
                "name": "Support",
                "flow_id": flow,
                "enabled": True,
                "password": PASSWORD,
                "smtp_host": "a",
                "imap_port": 143,
            }
        ]
    )
    client = {"client_id": "c", "client_secret": "hush-hush-client", "redirect_url": "https://a.example.com"}
    changes = {"name": "Support", "auth_type": "OAuth2", "params": {"oauth2": client}}
    preview, changed, again = [
        *ensured(playbook, changes, check=True),
        *ensured(playbook, changes, changes),
    ]
    assert preview.returned["diff"] == changed.returned["diff"]
    assert not changed.failed, changed.returned["msg"]
    (body,) = changed.bodies("PUT")
    assert (body["enabled"], body["smtp_host"], body["imap_port"]) == (True, "a", 143)
    assert "password" not in body
    (stored,) = sandbox.webitel_cloud.profiles()
    assert (stored["password"], stored["auth_type"]) == (PASSWORD, "oauth2")
    assert again.returned["changed"] is False
    assert "hush-hush-client" not in str(changed.returned)


def test_another_secret_of_the_client_shows_as_a_change_and_goes_by_put(
    playbook: Playbook, sandbox: Sandbox, flow: int
) -> None:
    client = {"client_id": "c", "client_secret": "hush-hush-client", "redirect_url": ""}
    changes: dict[str, Any] = {"name": "Support", "schema": {"id": flow}, "params": {"oauth2": client}}
    other = {**changes, "params": {"oauth2": {"client_secret": "hush-hush-again"}}}
    _created, changed = ensured(playbook, changes, other)
    assert changed.returned["changed_fields"] == ["params.oauth2.client_secret"]
    assert changed.writes == ["PUT"]
    assert changed.returned["diff"]["after"]["params"]["oauth2"]["client_secret"] == "<secret: new>"
    assert "hush-hush" not in str(changed.returned)
    assert sandbox.webitel_cloud.profiles()[0]["params"]["oauth2"]["client_secret"] == "hush-hush-again"


@pytest.mark.usefixtures("flow")
def test_a_deletion_that_nobody_agreed_to_erases_nothing(playbook: Playbook, sandbox: Sandbox) -> None:
    _created, refused = ensured(playbook, profile(), {"name": "Support", "state": "absent"})
    assert refused.failed
    assert "erases all mail stored with the profile" in refused.returned["msg"]
    assert "erase_stored_mail=true" in refused.returned["msg"]
    assert refused.writes == []
    assert len(sandbox.webitel_cloud.profiles()) == 1


def test_a_profile_that_something_refers_to_is_not_deleted(playbook: Playbook, sandbox: Sandbox, flow: int) -> None:
    (target,) = sandbox.webitel_cloud.add_profiles([{"name": "Support", "flow_id": flow}])
    sandbox.webitel_cloud.refer(target, "a queue")
    (refused,) = ensured(playbook, {"name": "Support", "state": "absent", "erase_stored_mail": True})
    assert refused.failed
    assert "Something refers to the profile" in refused.returned["msg"]


@pytest.mark.parametrize(
    ("live", "wanted"),
    [
        ({}, {"enabled": True, "listen": True}),
        ({"enabled": True}, {"listen": True}),
        ({"listen": True}, {"enabled": True}),
        ({"enabled": True, "listen": True}, {"mailbox": "Archive"}),
        ({"enabled": True, "listen": True}, {"login": "another@example.com"}),
    ],
)
def test_a_mailbox_is_not_consumed_by_accident(
    playbook: Playbook, sandbox: Sandbox, flow: int, live: dict[str, Any], wanted: dict[str, Any]
) -> None:
    sandbox.webitel_cloud.add_profiles(
        [{"name": "Support", "flow_id": flow, "imap_host": "imap.example.com", "login": "support@example.com", **live}]
    )
    refused, done = ensured(
        playbook, {"name": "Support", **wanted}, {"name": "Support", **wanted, "fetch_existing_mail": True}
    )
    assert refused.failed
    assert "fetches the whole unread mailbox" in refused.returned["msg"]
    assert refused.writes == []
    assert not done.failed, done.returned["msg"]
    assert done.writes == ["PATCH"]


def test_names_are_exact_and_none_of_several_is_touched(playbook: Playbook, sandbox: Sandbox, flow: int) -> None:
    """The server's search is a pattern in which `_` and `*` fit anything, and names need not be unique."""
    sandbox.webitel_cloud.add_profiles(
        [{"name": name, "flow_id": flow} for name in ("Sup_ort", "Support", "support", "Twice", "Twice")]
    )
    exact, twice = ensured(playbook, {"name": "Sup_ort", "smtp_host": "b"}, {"name": "Twice", "smtp_host": "b"})
    assert not exact.failed, exact.returned["msg"]
    assert [stored["name"] for stored in sandbox.webitel_cloud.profiles() if stored["smtp_host"] == "b"] == ["Sup_ort"]
    assert twice.failed
    assert "2 live profiles fit 'Twice'" in twice.returned["msg"]


@pytest.mark.usefixtures("flow")
def test_a_flow_that_is_not_there_or_means_several_is_a_problem(playbook: Playbook, sandbox: Sandbox) -> None:
    sandbox.webitel_cloud.add_schema("Twice")
    sandbox.webitel_cloud.add_schema("Twice")
    unknown, twice, number, both = ensured(
        playbook,
        profile(schema={"name": "Tickts"}),
        profile(schema={"name": "Twice"}),
        profile(schema={"id": 4711}),
        profile(schema={"id": 1, "name": "Tickets"}),
    )
    assert "schema.name: Tickts is no flow of this domain; there are: Tickets (id " in unknown.returned["msg"]
    assert "schema.name: Twice means 2 flows; say which one with schema.id; there are: Twice" in twice.returned["msg"]
    assert "schema.id: 4711 is no flow of this domain" in number.returned["msg"]
    assert "schema: needs one of id and name" in both.returned["msg"]
    assert [outcome.writes for outcome in (unknown, twice, number, both)] == [[], [], [], []]


def test_an_old_server_is_refused_before_it_is_written_to(playbook: Playbook, sandbox: Sandbox, flow: int) -> None:
    """Before 24.04 an update without the password erases it."""
    sandbox.control("PATCH", "traps", {"webitel_cloud_passwords": "clear"})
    sandbox.webitel_cloud.add_profiles([{"name": "Support", "flow_id": flow, "password": PASSWORD}])
    refused, created = ensured(
        playbook, {"name": "Support", "smtp_host": "b"}, {**profile(name="New"), "schema": {"id": flow}}
    )
    assert refused.failed
    assert "a server before 24.04" in refused.returned["msg"]
    assert refused.writes == []
    assert PASSWORD not in str(refused.returned)
    assert not created.failed, created.returned["msg"]
    assert any("a server before 24.04" in warning for warning in created.warnings)
    assert PASSWORD not in str(created.returned)


@pytest.mark.parametrize("body", ["webitel", "message", "grpc"])
@pytest.mark.parametrize("status", ["code", "grpc", "500"])
def test_errors_are_understood_in_every_form(
    playbook: Playbook, sandbox: Sandbox, flow: int, status: str, body: str
) -> None:
    sandbox.control("PATCH", "traps", {"webitel_cloud_error_status": status, "webitel_cloud_error_body": body})
    token = sandbox.webitel_cloud.token(rights=["read"])
    created, denied, wrong, absent = ensured(
        playbook,
        profile(schema={"id": flow}),
        {"name": "Support", "smtp_host": "b", "access_token": token},
        {"name": "Support", "smtp_host": "b", "access_token": "nobody-has-it"},
        {"id": 4711, "state": "absent", "erase_stored_mail": True},
    )
    assert not created.failed, created.returned["msg"]
    assert denied.returned["failure"]["kind"] == wrong.returned["failure"]["kind"] == "credentials"
    assert not absent.failed
    assert absent.returned["changed"] is False


@pytest.mark.parametrize("zero", ["omit", "show"])
@pytest.mark.usefixtures("flow")
def test_what_is_empty_is_the_same_shown_or_left_out(playbook: Playbook, sandbox: Sandbox, zero: str) -> None:
    sandbox.control("PATCH", "traps", {"webitel_cloud_zero_values": zero})
    described = profile(description="", enabled=False, listen=False)
    created, again = ensured(playbook, described, described)
    assert not created.failed, created.returned["msg"]
    assert again.returned["changed"] is False


@pytest.mark.usefixtures("flow")
def test_nothing_is_sent_that_the_gateway_does_not_know(playbook: Playbook, sandbox: Sandbox) -> None:
    """Whether it drops or refuses unknown keys was read nowhere."""
    sandbox.control("PATCH", "traps", {"webitel_cloud_unknown_keys": "refuse"})
    client = {"oauth2": {"client_id": "c", "client_secret": "hush-hush-client", "redirect_url": ""}}
    outcomes = ensured(
        playbook,
        profile(enabled=True, params=client),
        profile(description="Another text", schema={"name": "Tickets"}),
        profile(auth_type="OAuth2"),
        profile(state="absent", erase_stored_mail=True),
    )
    assert [outcome.returned.get("action") for outcome in outcomes] == ["created", "updated", "updated", "deleted"]
    assert [outcome.writes for outcome in outcomes] == [["POST"], ["PATCH"], ["PUT"], ["DELETE"]]


def test_the_licence_is_reported_in_words(playbook: Playbook, sandbox: Sandbox, flow: int) -> None:
    """At the limit a replacement is refused even of a profile that is enabled already, since it names all fields."""
    sandbox.webitel_cloud.add_profiles([{"name": "Support", "flow_id": flow, "enabled": True}])
    sandbox.control("PATCH", "traps", {"webitel_cloud_licences": 1})
    created, replaced = ensured(
        playbook, profile(name="Other", enabled=True), {"name": "Support", "auth_type": "OAuth2"}
    )
    for refused in (created, replaced):
        assert refused.failed
        assert "The licence allows no more enabled profiles" in refused.returned["msg"]
    assert bool(sandbox.webitel_cloud.profiles()[0]["enabled"])


def test_a_password_is_written_on_every_run_unless_set_otherwise(
    playbook: Playbook, sandbox: Sandbox, flow: int
) -> None:
    sandbox.webitel_cloud.add_profiles([{"name": "Support", "flow_id": flow, "password": "old"}])
    kept, written = ensured(
        playbook,
        {"name": "Support", "password": PASSWORD, "update_password": "on_create"},
        {"name": "Support", "password": PASSWORD},
    )
    assert (kept.returned["changed"], kept.returned["password_check"]) == (False, "skipped")
    assert written.bodies("PATCH") == [{"password": PASSWORD, "fields": ["password"]}]
    assert written.returned["password_check"] == "written"
    assert sandbox.webitel_cloud.profiles()[0]["password"] == PASSWORD


def test_an_empty_text_removes_nothing(playbook: Playbook, sandbox: Sandbox, flow: int) -> None:
    """Mostly a look-up that found nothing."""
    sandbox.webitel_cloud.add_profiles([{"name": "Support", "flow_id": flow, "login": "support", "smtp_host": "a"}])
    empty = {"name": "Support", "smtp_host": "", "login": ""}
    run = playbook.run(
        [
            Task("new", "email_profile", {**empty, "name": "New", "schema": {"id": flow}, "imap_host": ""}),
            Task("one", "email_profile", empty),
            Task("many", "email_profiles_sync", {"profiles": [empty]}),
            Task("filter", "email_profile_info", {"filters": {"enabled": "perhaps", "imap_port": "x"}}),
            Task("null", "email_profile", {"name": "Support", "auth_type": None, "state": None}),
        ]
    )
    fields = [problem["field"] for problem in run.failed("new").returned["failure"]["problems"]]
    assert (fields, run["new"].writes) == (["smtp_host", "imap_host", "login"], [])
    for name, where in (("one", ""), ("many", "profiles[0].")):
        fields = [problem["field"] for problem in run.failed(name).returned["failure"]["problems"]]
        assert sorted(fields) == [f"{where}login", f"{where}smtp_host"]
        assert run[name].writes == []
    fields = [problem["field"] for problem in run.failed("filter").returned["failure"]["problems"]]
    assert sorted(fields) == ["filters.enabled", "filters.imap_port"]
    assert run.succeeded("null").returned["changed"] is False
