# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run a spec as a module: its arguments in, its printed result out."""

from __future__ import annotations

import contextlib
import json
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest
from ansible import module_utils
from ansible.module_utils import basic
from ansible.module_utils.common.parameters import PASS_VARS

from ansible_collections.mailfleet.email.plugins.module_utils._entry import run_module

if TYPE_CHECKING:
    from ansible_collections.mailfleet.email.plugins.module_utils._resource.spec import ModuleSpec

try:
    from ansible.module_utils.testing import patch_module_args
except ImportError:

    def patch_module_args(args: dict[str, Any]) -> contextlib.AbstractContextManager[Any]:
        """Hand arguments to a module of an ansible-core that has no function for this."""
        return mock.patch.object(basic, "_ANSIBLE_ARGS", json.dumps({"ANSIBLE_MODULE_ARGS": args}).encode())


def _far_from_the_controller() -> contextlib.AbstractContextManager[Any]:
    """Let a newer ansible-core put warnings in the result, as in a module, and not on the controller's display."""
    internal = getattr(module_utils, "_internal", None)
    return mock.patch.object(internal, "is_controller", False) if internal else contextlib.nullcontext()


def module_output(spec: ModuleSpec, arguments: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    """What a module prints, once it is sure that its exit status says the same."""
    # Newer releases of ansible-core print the arguments only where they are set to.
    shown = {"_ansible_inject_invocation": True} if "inject_invocation" in PASS_VARS else {}
    with patch_module_args({**shown, **arguments}), _far_from_the_controller(), pytest.raises(SystemExit) as caught:
        run_module(spec)
    output = capsys.readouterr()
    assert output.err == ""
    result: dict[str, Any] = json.loads(output.out)
    assert bool(caught.value.code) is bool(result.get("failed"))
    return result
