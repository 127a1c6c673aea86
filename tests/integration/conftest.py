# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the playbook tests share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.integration.playbook import Playbook

if TYPE_CHECKING:
    from tests.sandbox.client import Sandbox


@pytest.fixture
def playbook(tmp_path_factory: pytest.TempPathFactory, sandbox: Sandbox) -> Playbook:
    """Runs tasks in a playbook of their own; every module finds the sandbox and its credentials by itself."""
    # Ansible keeps a socket below this directory, and the paths of sockets are short: no long name of a test in it.
    return Playbook(tmp_path_factory.mktemp("play"), sandbox)
