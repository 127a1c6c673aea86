# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What every test of the core has: a scripted server, no pauses, an environment without settings of its own."""

from __future__ import annotations

import os
import random
import socket
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from tests.unit.plugins.module_utils.conversation import Conversation, conversation_at
from tests.unit.plugins.module_utils.running import Runner

if TYPE_CHECKING:
    from collections.abc import Iterator

# As many examples as a short run allows; derandomized, so that a run can be repeated.
settings.register_profile("quick", max_examples=100, deadline=None, derandomize=True, database=None)
settings.load_profile("quick")

_PREFIXES = ("ITFLEX_", "WEBITEL_", "IMAP_")
_NAMES = (
    "NETRC",
    "REQUESTS_CA_BUNDLE",
    "CURL_CA_BUNDLE",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "http_proxy",
    "https_proxy",
    "all_proxy",
    "no_proxy",
)


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take away what the machine's environment would tell the collection or requests."""
    for name in list(os.environ):
        if name.startswith(_PREFIXES) or name in {*_NAMES, *(name.upper() for name in _NAMES)}:
            monkeypatch.delenv(name)


@pytest.fixture(autouse=True)
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The longest length of each random pause before a retry; the pauses themselves take no time."""
    longest: list[float] = []

    def no_pause(_low: float, high: float) -> float:
        longest.append(high)
        return 0.0

    monkeypatch.setattr(random, "uniform", no_pause)
    return longest


@pytest.fixture
def conversation() -> Iterator[Conversation]:
    """A scripted server; the test fails if the conversation does not go as scripted."""
    with conversation_at() as scripted:
        yield scripted


@pytest.fixture
def unused_port() -> int:
    """A port on the loopback interface where nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
    return port


@pytest.fixture
def itflex(conversation: Conversation) -> Runner:
    """Runs the specs of iTFLEX, with an access token."""
    return Runner({"api_url": conversation.url, "access_token": "a1", "timeout": 5.0, "retries": 0})


@pytest.fixture
def webitel(conversation: Conversation) -> Runner:
    """Runs the specs of Webitel, with a domain token."""
    return Runner({"api_url": conversation.url, "access_token": "t1", "timeout": 5.0, "retries": 0})
