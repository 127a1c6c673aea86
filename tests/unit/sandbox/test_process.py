# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The command, restarts, and the control API."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests

from tests.sandbox.client import Sandbox
from tests.sandbox.faults import Fault, take_fault
from tests.sandbox.server import listening_socket
from tests.unit.sandbox.vendor_client import ACCOUNTS, SETTINGS, VendorClient, account_of, settings_of

PROJECT = Path(__file__).resolve().parents[3]
AT_A = f"{SETTINGS}?domain=a.example"


def command(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tests.sandbox", *words],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "::", "mail.example.com"])  # noqa: S104
def test_it_serves_this_machine_only(host: str) -> None:
    result = command("--host", host)
    assert result.returncode == 2
    assert "no loopback address" in result.stderr or "no IP address" in result.stderr


def test_a_wrong_trap_is_named() -> None:
    result = command("--trap", "itflex_extra=maybe")
    assert result.returncode == 2
    assert "itflex_extra: Input should be 'off' or 'on'" in result.stderr


def test_a_port_in_use_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        result = command("--port", str(port))
    assert result.returncode == 1
    said, offer, words = result.stderr.partition(". Port ")
    assert (said, offer) == (f"Cannot listen on 127.0.0.1 port {port}: Address already in use", ". Port ")
    offered = re.fullmatch(r"(\d+) is free: give it with --port\n", words)
    assert offered
    with socket.create_server(("127.0.0.1", int(offered[1]))):
        assert int(offered[1]) != port


def test_a_port_is_taken_as_soon_as_it_is_chosen() -> None:
    """Of two sandboxes that start at once, both would have said that they are up, and one would have failed then."""
    with listening_socket("127.0.0.1", 0) as first, pytest.raises(SystemExit, match="give it with --port"):
        listening_socket("127.0.0.1", first.getsockname()[1])


def test_it_speaks_https_with_a_certificate_of_its_own_authority(tmp_path: Path) -> None:
    with Sandbox.start(tmp_path, tls=True) as sandbox:
        assert sandbox.url.startswith("https://127.0.0.1:")
        assert sandbox.ready["itflex"]["api_url"] == sandbox.url
        # The client trusts this authority and no other one.
        assert sandbox.accounts() == []
        with pytest.raises(requests.exceptions.SSLError):
            requests.get(f"{sandbox.url}/docs", timeout=5)
        by_name = sandbox.url.replace("127.0.0.1", "localhost")
        assert requests.get(f"{by_name}/docs", timeout=5, verify=sandbox.ready["ca_file"]).status_code == 200
    # No other user of the machine reads the keys.
    assert {path.name: path.stat().st_mode & 0o77 for path in tmp_path.glob("*.pem") if path.name != "ca.pem"} == {
        "server.pem": 0,
        "web.pem": 0,
    }


def test_it_ends_by_itself(tmp_path: Path) -> None:
    ready_file = tmp_path / "ready.json"
    result = command("--max-seconds", "0.2", "--ready-file", str(ready_file))
    assert result.returncode == 0
    assert "/docs" in result.stdout
    assert result.stderr == ""
    assert not ready_file.exists()


def test_nothing_is_lost_by_a_restart(tmp_path: Path) -> None:
    with Sandbox.start(tmp_path, {"itflex_port": "string"}) as first:
        assert first.control("GET", "traps")["itflex_port"] == "string"
        ready = first.ready
        record = first.put_settings("a.example", settings_of(host="h"))
        bound, user = first.tokens("a.example"), first.tokens("a.example", "user")
        session = {"username": ready["webitel"]["username"], "password": ready["webitel"]["password"]}
        VendorClient(first.url, {}).call("POST", "/login", session)
        sessions = first.sessions()
        first.add_mail_user("other@example.com", "planted")
        smtp = ready["smtp"]
        account = account_of(smtp_crypt="none", smtp_port=smtp["none"], password=smtp["password"])
        bearer = {"Authorization": f"Bearer {ready['itflex']['access_token']}"}
        VendorClient(first.url, bearer).call("POST", ACCOUNTS, account)
        VendorClient(first.url, bearer).call("POST", f"{ACCOUNTS}/test", {**account, "to_email": "a@example.com"})
        accounts, messages = first.accounts(), first.messages()
        assert len(messages) == 1
        # Not even by the hardest end there is.
        os.kill(ready["pid"], signal.SIGKILL)

    with Sandbox.start(tmp_path) as second:
        for product in ("webitel", "itflex"):
            without_address = {name: value for name, value in ready[product].items() if name != "api_url"}
            assert second.ready[product].items() >= without_address.items()
        assert second.ready["smtp"]["password"] == smtp["password"]
        assert Path(second.ready["smtp"]["ca_file"]).read_text(encoding="utf-8").startswith("-----BEGIN CERTIFICATE")
        assert second.settings() == {"a.example": record}
        assert (second.accounts(), second.messages(), second.sessions()) == (accounts, messages, sessions)
        base = second.ready["webitel"]["api_url"]
        for token in (bound, user):
            headers = {"X-Access-Token": token["access_token"], "X-Key": token["key"] or ""}
            assert VendorClient(base, headers).call("GET", SETTINGS) == (200, record)
        assert VendorClient(second.url, bearer).call("GET", ACCOUNTS)[0] == 200


def test_it_ends_cleanly_with_a_connection_open(tmp_path: Path) -> None:
    with Sandbox.start(tmp_path) as sandbox:
        connection = VendorClient(sandbox.url, {})
        connection.call("GET", ACCOUNTS)
    # Where the open connection held it up, leaving the block above would have failed.
    assert (tmp_path / "sandbox.log").read_text(encoding="utf-8") == ""
    assert not (tmp_path / "ready.json").exists()


def test_a_failing_start_says_why(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="no_such_trap"), Sandbox.start(tmp_path, {"no_such_trap": 1}):
        pass


def test_the_ready_file_is_for_its_owner_only(tmp_path: Path) -> None:
    with Sandbox.start(tmp_path) as sandbox:
        ready_file = tmp_path / "ready.json"
        assert ready_file.stat().st_mode & 0o077 == 0
        assert json.loads(ready_file.read_text(encoding="utf-8")) == sandbox.ready


def test_the_api_page(sandbox: Sandbox) -> None:
    assert requests.get(f"{sandbox.url}/docs", timeout=10).status_code == 200
    described = requests.get(f"{sandbox.url}/openapi.json", timeout=10).json()["paths"]
    for path in ("/engine/api/v2/email/settings", "/engine/login", ACCOUNTS, f"{ACCOUNTS}/test", "/_sandbox/traps"):
        assert path in described
    assert sandbox.control("GET", "health") == {"status": "ok"}


def test_the_request_log(sandbox: Sandbox, webitel: VendorClient, itflex: VendorClient) -> None:
    webitel.call("POST", AT_A, settings_of(host="h"))
    webitel.call("GET", "/api/v2/whoami")
    itflex.call("GET", ACCOUNTS)
    itflex.call("POST", ACCOUNTS, data="{not")
    first, second, third, fourth = sandbox.requests()
    assert (first["method"], first["path"], first["api"]) == ("POST", f"/engine{AT_A}", "webitel")
    assert (first["status"], first["body"]) == (200, settings_of(host="h"))
    assert "x-access-token" in first["headers"]
    assert sandbox.ready["webitel"]["access_token"] not in json.dumps(first)
    assert (second["body"], second["connection"]) == (None, first["connection"])
    assert (third["api"], third["status"]) == ("itflex", 200)
    assert third["connection"] != first["connection"]
    assert fourth["body"] == "{not"
    sandbox.clear_requests()
    assert sandbox.requests() == []


def test_scripted_answers(sandbox: Sandbox, itflex: VendorClient) -> None:
    sandbox.fault(ACCOUNTS, method="POST", skip=1, times=2, status=503, headers={"Retry-After": "1"}, body='"busy"')
    answers = [itflex.call("POST", ACCOUNTS, account_of(name=str(number))) for number in range(4)]
    assert [status for status, _document in answers] == [200, 503, 503, 200]
    assert answers[1][1] == "busy"
    assert [account["name"] for account in sandbox.accounts()] == ["0", "3"]
    assert [entry["status"] for entry in sandbox.requests()] == [200, 503, 503, 200]


def test_scripted_answers_after_the_deed(sandbox: Sandbox, webitel: VendorClient) -> None:
    sandbox.fault(SETTINGS, status=502, body='"gone"', after=True)
    assert webitel.call("POST", AT_A, settings_of(host="h")) == (502, "gone")
    assert list(sandbox.settings()) == ["a.example"]
    sandbox.fault("/engine", status=500)
    sandbox.control("DELETE", "faults")
    assert webitel.call("GET", AT_A)[0] == 200


def test_faults_take_turns() -> None:
    faults = [Fault(method="PUT", path="/b"), Fault(path="/a", status=501), Fault(path="/a", status=502)]
    taken = [take_fault(faults, "GET", path) for path in ("/b", "/a?x=1", "/engine/a", "/a")]
    assert [fault and fault.status for fault in taken] == [None, 501, 502, None]


def test_reset(sandbox: Sandbox, webitel: VendorClient, itflex: VendorClient) -> None:
    token = sandbox.tokens("a.example")
    sandbox.put_settings("a.example", settings_of(host="h"))
    sandbox.add_accounts([account_of()])
    sandbox.fault("/", times=99)
    webitel.call("GET", "/api/v2/domains")
    sandbox.reset()
    assert (sandbox.settings(), sandbox.accounts(), sandbox.messages(), sandbox.requests()) == ({}, [], [], [])
    assert webitel.call("GET", "/api/v2/domains") == (200, {"status": "OK", "info": {}})
    assert itflex.call("POST", ACCOUNTS, account_of())[1]["id"] == 1
    bound = VendorClient(webitel.base, {"X-Access-Token": token["access_token"]})
    assert bound.call("GET", "/api/v2/whoami")[1]["domain"] == "a.example"


def test_records_are_planted_unchecked(sandbox: Sandbox, webitel: VendorClient, itflex: VendorClient) -> None:
    assert sandbox.control("POST", "itflex/accounts", {"id": 7, "name": 5, "hash_auth": True}) == [7]
    assert sandbox.add_accounts([{"name": "a"}, {"name": "a"}]) == [8, 9]
    assert itflex.call("GET", f"{ACCOUNTS}/7")[1]["has_auth"] is True
    sandbox.put_settings("a.example", {"options": "none at all"})
    assert sandbox.settings()["a.example"]["options"] == "none at all"
    sandbox.put_settings("a.example", {"colour": "red"})
    sandbox.traps(webitel_passwords="mask")
    assert webitel.call("GET", AT_A)[1]["colour"] == "red"
    status, answer = webitel.call("POST", f"{SETTINGS}/test/a@example.com?domain=a.example")
    assert (status, answer["info"]) == (404, "Not settings EMail provider from domain a.example")
    sandbox.control("DELETE", "webitel/settings/a.example")
    assert sandbox.settings() == {}


def test_many_records_are_planted_quickly(sandbox: Sandbox, itflex: VendorClient) -> None:
    start = time.monotonic()
    sandbox.add_accounts([account_of(name=str(number)) for number in range(50_000)])
    assert time.monotonic() - start < 10
    assert len(itflex.call("GET", ACCOUNTS)[1]) == 50_000


def test_messages_as_text(sandbox: Sandbox, itflex: VendorClient) -> None:
    page = f"{sandbox.url}/_sandbox/messages"
    assert requests.get(page, params={"format": "text"}, timeout=10).text == "No message has arrived.\n"
    smtp = sandbox.ready["smtp"]
    account = account_of(smtp_port=smtp["starttls"], password=smtp["password"], to_email="a@example.com")
    itflex.call("POST", f"{ACCOUNTS}/test", account)
    text = requests.get(page, params={"format": "text"}, timeout=10).text
    assert "From:    certs@example.com" in text
    assert "listener starttls, over TLS, logged in as certs@example.com" in text
    sandbox.control("DELETE", "messages")
    assert sandbox.messages() == []
