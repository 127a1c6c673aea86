# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runners of both products, each with a scripted server."""

from __future__ import annotations

import pytest

from tests.unit.plugins.module_utils.conversation import Conversation
from tests.unit.plugins.module_utils.running import Runner


@pytest.fixture
def itflex(conversation: Conversation) -> Runner:
    """Runs the doors of iTFLEX, with an access token."""
    return Runner({"api_url": conversation.url, "access_token": "a1", "timeout": 5.0, "retries": 0})


@pytest.fixture
def webitel(conversation: Conversation) -> Runner:
    """Runs the doors of Webitel, with a domain token."""
    return Runner({"api_url": conversation.url, "access_token": "t1", "timeout": 5.0, "retries": 0})
