# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Clients that speak to the sandbox as anybody could."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.unit.sandbox.vendor_client import VendorClient

if TYPE_CHECKING:
    from tests.sandbox.client import Sandbox


@pytest.fixture
def webitel(sandbox: Sandbox) -> VendorClient:
    """Speak to the Webitel API as root."""
    ready = sandbox.ready["webitel"]
    return VendorClient(ready["api_url"], {"X-Access-Token": ready["access_token"], "X-Key": ready["key"]})


@pytest.fixture
def webitel_cloud(sandbox: Sandbox) -> VendorClient:
    """Speak to the API of today's Webitel with the fixed token, in a domain that has one flow, number 1."""
    sandbox.webitel_cloud.add_schema("Inbound")
    ready = sandbox.ready["webitel_cloud"]
    return VendorClient(ready["api_url"], {"X-Webitel-Access": ready["access_token"]})


@pytest.fixture
def itflex(sandbox: Sandbox) -> VendorClient:
    """Speak to the iTFLEX API with the fixed access token."""
    ready = sandbox.ready["itflex"]
    return VendorClient(ready["api_url"], {"Authorization": f"Bearer {ready['access_token']}"})
