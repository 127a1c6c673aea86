# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The facts about mail services fit the names that iTFLEX gives them."""

from __future__ import annotations

import pytest

from ansible_collections.mailfleet.email.plugins.module_utils._mail.presets import PRESETS
from ansible_collections.mailfleet.email.plugins.module_utils._products.itflex.account import CHOICES


def test_every_service_but_the_others_is_known() -> None:
    assert {*PRESETS, "other"} == set(CHOICES["service"])


@pytest.mark.parametrize(
    ("service", "server", "ways"),
    [
        ("gmail", "smtp.gmail.com", "port 465 with TLS from the first byte or port 587 with STARTTLS"),
        ("outlook", "smtp-mail.outlook.com", "port 587 with STARTTLS"),
    ],
)
def test_usual_servers(service: str, server: str, ways: str) -> None:
    preset = PRESETS[service]
    assert preset.title.lower() == service
    assert preset.usual_server == server
    assert preset.ways_in_words(server) == ways
