# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the tests of today's Webitel share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.unit.plugins.module_utils.running import Runner

if TYPE_CHECKING:
    from tests.unit.plugins.module_utils.conversation import Conversation


@pytest.fixture
def cloud(conversation: Conversation) -> Runner:
    """Runs the specs of today's Webitel."""
    return Runner({"api_url": conversation.url, "access_token": "tok-3-2-1-go", "retries": 0})
