# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""host_info: all that is live on a host's servers, of every product, in one task."""

from __future__ import annotations

from importlib import import_module

from ansible_collections.mailfleet.email.plugins.plugin_utils._host_info import MODULES, HostInfo

_PACKAGE = __name__.rpartition(".")[0]


class ActionModule(HostInfo):
    """The plugin, under the name by which Ansible finds it."""

    actions = {key: import_module(f"{_PACKAGE}.{module}").ActionModule for key, module in MODULES.items()}
