# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""host_sync: all that a host's variables describe, of every product, in one task."""

from __future__ import annotations

from contextlib import suppress
from importlib import import_module
from pathlib import Path

from ansible_collections.mailfleet.email.plugins.plugin_utils._host_sync import MODULES, HostSync
from ansible_collections.mailfleet.email.plugins.plugin_utils._variable_names import options_in

_PACKAGE = __name__.rpartition(".")[0]

# Read in the parent, so that the worker of each host need not.
with suppress(OSError):
    for _file in sorted(Path(__file__).resolve().parents[2].glob("roles/*/meta/argument_specs.yml")):
        options_in(_file)


class ActionModule(HostSync):
    """The plugin, under the name by which Ansible finds it."""

    actions = {key: import_module(f"{_PACKAGE}.{module}").ActionModule for key, module in MODULES.items()}
