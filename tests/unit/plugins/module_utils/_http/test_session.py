# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Requests and answers of a session: addresses, credentials, redirects, strange answers."""

from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.mailfleet.email.plugins.module_utils._http.address import (
    NOT_SHOWN,
    api_url_problem,
    shown_address,
)
from ansible_collections.mailfleet.email.plugins.module_utils._http.errors import (
    ConnectionFailed,
    InvalidResponse,
    RedirectRefused,
)
from tests.unit.plugins.module_utils._http.sessions import CREDENTIAL, session_to
from tests.unit.plugins.module_utils.conversation import Conversation, conversation_at


def test_a_request_and_its_answer(conversation: Conversation) -> None:
    wanted = {"Authorization": CREDENTIAL, "Accept": "application/json", "Content-Type": "application/json"}
    conversation.expect("PUT /engine/api?domain=a.example&x=a%26b", {"a": [1]}, headers=wanted).answers(
        {"b": None}, status=201
    )
    with session_to(conversation.url + "/engine/") as session:
        answer = session.request("PUT", "/api?domain=a.example&x=a%26b", body={"a": [1]})
    assert (answer.status, answer.ok, answer.json()) == (201, True, {"b": None})
    assert str(answer.request) == f"PUT {conversation.url}/engine/api?domain=a.example&x=a%26b"


def test_a_request_without_body_and_without_credentials(conversation: Conversation) -> None:
    conversation.expect("GET /a", headers={"Authorization": None, "Content-Type": None}).answers([])
    with session_to(conversation.url) as session:
        assert session.request("GET", "/a", authorized=False).json() == []


def test_one_connection_serves_all_requests(conversation: Conversation) -> None:
    for _ in range(3):
        conversation.expect("GET /a").answers([])
    with session_to(conversation.url) as session:
        for _ in range(3):
            session.request("GET", "/a")
    assert conversation.connections == 1


def test_a_netrc_file_gives_no_credentials(
    conversation: Conversation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password else\ndefault login somebody password else\n")
    monkeypatch.setenv("NETRC", str(netrc))
    conversation.expect("GET /a", headers={"Authorization": CREDENTIAL})
    conversation.expect("GET /b", headers={"Authorization": None})
    with session_to(conversation.url) as session:
        session.request("GET", "/a")
        session.request("GET", "/b", authorized=False)


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("status", [300, 301, 302, 303, 305, 306, 307, 308])
def test_no_redirect_is_followed(conversation: Conversation, status: int, method: str) -> None:
    conversation.expect(f"{method} /a?d=e").answers(status=status, headers={"Location": "/b/a?c=d"})
    with session_to(conversation.url, retries=3) as session, pytest.raises(RedirectRefused) as caught:
        session.request(method, "/a?d=e")
    assert f"set api_url to {conversation.url}/b" in str(caught.value)


@pytest.mark.parametrize("form", ["{other}/b", "//{netloc}/b"])
def test_a_redirect_to_another_origin_names_both(conversation: Conversation, form: str) -> None:
    with conversation_at() as other:
        location = form.format(other=other.url, netloc=other.url.removeprefix("http://"))
        conversation.expect("GET /a").answers(status=302, headers={"Location": location})
        with session_to(conversation.url) as session, pytest.raises(RedirectRefused) as caught:
            session.request("GET", "/a")
        assert other.url in str(caught.value)
        assert conversation.url in str(caught.value)
        assert caught.value.details()["kind"] == "redirect"


def test_a_redirect_to_another_scheme_is_refused_and_hides_its_user(conversation: Conversation) -> None:
    location = conversation.url.replace("http://", "https://user:hunter2@")
    conversation.expect("GET /a").answers(status=301, headers={"Location": location})
    with session_to(conversation.url) as session, pytest.raises(RedirectRefused) as caught:
        session.request("GET", "/a")
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_a_write_follows_no_redirect(conversation: Conversation, method: str) -> None:
    conversation.expect(f"{method} /a", {"b": 1}).answers(status=308, headers={"Location": "/c"})
    with session_to(conversation.url, retries=3) as session, pytest.raises(RedirectRefused, match="set api_url"):
        session.request(method, "/a", body={"b": 1})


@pytest.mark.parametrize(
    "headers",
    [{}, {"Location": ""}, {"Location": "http://["}, {"Location": "http://127.0.0.1:port/"}, {"Location": "data:x"}],
)
def test_a_redirect_to_nowhere(conversation: Conversation, headers: dict[str, str]) -> None:
    conversation.expect("GET /a").answers(status=302, headers=headers)
    with session_to(conversation.url) as session, pytest.raises(RedirectRefused, match="api_url"):
        session.request("GET", "/a")


def test_the_text_of_a_redirect_is_made_fit_for_a_terminal(conversation: Conversation) -> None:
    conversation.expect("PUT /a").answers(status=302, headers={"Location": "/b\x1b[31mc"})
    with session_to(conversation.url) as session, pytest.raises(RedirectRefused) as caught:
        session.request("PUT", "/a")
    assert str(caught.value).isprintable()


@pytest.mark.parametrize(
    ("body", "content_type", "flaw"),
    [
        (b"<html>", "text/html", "not readable as such"),
        (b"", "application/json", ""),
        (b"{not json", "application/json", "not readable as such"),
        (b"\xff\xfe\x00", "application/json", "not readable as such"),
        (b"[" * 100_000, "application/json", "nested too deeply"),
        (b"1" * 5_000, "application/json", "not readable as such"),
        (b'[{"id": 1, "a": 2, "id": 2}]', "application/json", "a key stands twice in one object"),
        (b'{"a": NaN}', "application/json", "NaN is no number"),
        (b'{"a": -Infinity}', "application/json", "-Infinity is no number"),
        (b'{"a": 1e999}', "application/json", "a number is too large"),
        (b'{"a": "\\ud800"}', "application/json", "half a character stands alone"),
    ],
)
def test_an_answer_that_is_no_json(conversation: Conversation, body: bytes, content_type: str, flaw: str) -> None:
    conversation.expect("GET /a").answers(body=body, headers={"Content-Type": content_type})
    with session_to(conversation.url) as session:
        answer = session.request("GET", "/a")
    assert (answer.status, answer.data) == (200, None)
    with pytest.raises(InvalidResponse) as caught:
        answer.json()
    what = f"is no JSON ({content_type}, {len(body)} bytes, {flaw}). Check api_url" if body else "has no content"
    assert str(caught.value) == f"GET {conversation.url}/a: the answer (200) {what}"


def test_whole_characters_in_two_halves(conversation: Conversation) -> None:
    conversation.expect("GET /a").answers(body=b'["\\ud83d\\ude00"]')
    with session_to(conversation.url) as session:
        assert session.request("GET", "/a").json() == ["\N{GRINNING FACE}"]


@pytest.mark.parametrize(
    "answer",
    [
        [b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc"],
        [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"],
        [b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort"],
        [b"not HTTP at all\r\n\r\n"],
        [b"HTTP/1.1 200 OK\r\n", *(f"X-{number}: x\r\n".encode() for number in range(200)), b"\r\n"],
    ],
)
def test_answers_that_are_broken(conversation: Conversation, answer: list[bytes]) -> None:
    conversation.expect("GET /a").sends(answer, pause=0.001)
    with session_to(conversation.url) as session, pytest.raises((InvalidResponse, ConnectionFailed)) as caught:
        session.request("GET", "/a").json()
    assert str(caught.value).startswith(f"GET {conversation.url}/a: ")


def test_credentials_with_a_line_break_send_nothing(conversation: Conversation) -> None:
    with session_to(conversation.url) as session:
        session._authorize = lambda headers: headers.update({"Authorization": "a\r\nX-Other: b"})
        with pytest.raises(InvalidResponse) as caught:
            session.request("GET", "/a")
    assert "X-Other" not in str(caught.value)


@pytest.mark.parametrize(
    "api_url",
    [
        "https://server.example.com",
        "http://127.0.0.1:8080/engine/",
        "https://[2001:db8::1]:8443",
        "HTTPS://Server.Example.COM",
        "https://server.example.com.:443/a/b-c_d.e~f/",
        "http://localhost",
        "https://xn--bcher-kva.example",
        "https://[::ffff:127.0.0.1]/",
        "https://1and1.example",
    ],
)
def test_good_addresses(api_url: str) -> None:
    assert api_url_problem(api_url) is None


@pytest.mark.parametrize(
    ("api_url", "words"),
    [
        ("server.example.com", "such as https://server.example.com"),
        ("hunter2", "such as https://server.example.com"),
        ("ftp://server.example.com", "such as https://server.example.com"),
        ("https://", "such as https://server.example.com"),
        ("https:/hunter2.example", "such as https://server.example.com"),
        ("https:hunter2.example", "such as https://server.example.com"),
        ("https:///path", "such as https://server.example.com"),
        ("https://server:port", "such as https://server.example.com"),
        ("https://server:hunter2", "such as https://server.example.com"),
        ("https://server:", "such as https://server.example.com"),
        ("https://server:80:80", "such as https://server.example.com"),
        ("https://[server", "such as https://server.example.com"),
        ("https://[::1%25eth0]", "such as https://server.example.com"),
        ("https://[1:2]", "no IPv6 address"),
        ("https://[127.0.0.1]", "no IPv6 address"),
        ("https://server:0", "port"),
        ("https://server:65536", "port"),
        ("https://server:\u0661", "ASCII"),
        ("https://user@server.example.com", "password"),
        ("https://user:hunter2@server.example.com", "password"),
        ("https://:hunter2@server.example.com", "password"),
        ("https://user:hunter2/4711@server.example.com", "password"),
        ("https://server.example.com:4711/hunter2@x", "password"),
        ("https://other.example\\@server.example.com/hunter2", "password"),
        ("https://other.example\\hunter2", "password"),
        ("https://server.example.com/?a=hunter2", "query"),
        ("https://server.example.com?token=hunter2", "query"),
        ("https://server.example.com/#hunter2", "query"),
        ("https://server.example.com/a;token=hunter2", "plain path"),
        ("https://server.example.com/token=hunter2", "plain path"),
        ("https://server.example.com/%68unter2", "plain path"),
        ("https://server.example.com/a/../hunter2", "step"),
        ("https://server.example.com/./hunter2", "step"),
        (" https://server.example.com", "blanks"),
        ("https://server.example.com ", "blanks"),
        ("https://server.example.com\n", "line ends"),
        ("https://server.example.com/\r\nX-Key: hunter2", "line ends"),
        ("https://server\t.example.com", "blanks"),
        ("https://server.example.com/\x00hunter2", "control characters"),
        ("\ufeffhttps://server.example.com", "control characters"),
        ("https://server\u200b.example.com", "control characters"),
        ("https://server\u2028.example.com", "blanks"),
        ("https://b\u00fccher.example", "xn--"),
        ("https://server\uff0fhunter2.example", "ASCII"),
        ("http://127.1", "127.0.0.1"),
        ("http://2130706433", "127.0.0.1"),
        ("http://0x7f000001", "127.0.0.1"),
        ("http://0x7f.1", "127.0.0.1"),
        ("http://0177.0.0.1", "127.0.0.1"),
        ("http://127.0.0.01", "127.0.0.1"),
        ("http://127.0.0.1.", "127.0.0.1"),
        ("http://127.0.0.256", "127.0.0.1"),
        ("http://1.2.3.4.5", "127.0.0.1"),
        ("https://-a.example", "such as"),
        ("https://a..example", "such as"),
        ("https://" + "a" * 3000, "such as"),
    ],
)
def test_bad_addresses(api_url: str, words: str) -> None:
    problem = api_url_problem(api_url)
    assert problem is not None
    assert words in problem
    assert "hunter2" not in problem
    assert problem.isprintable()
    assert shown_address(api_url) == NOT_SHOWN


def test_what_is_no_text_is_not_shown() -> None:
    assert [shown_address(value) for value in (None, 1, ["https://a.example"])] == [NOT_SHOWN] * 3
    assert shown_address("https://a.example:1/b") == "https://a.example:1/b"
