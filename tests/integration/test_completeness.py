# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""No module without a test that runs it, a ritual where it changes something, and a run of its examples."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.integration.documented import ALL_MODULES, options
from tests.integration.test_examples import EXPECTED


def _syntax_of_test(module: str) -> ast.Module:
    file = Path(__file__).with_name(f"test_{module}.py")
    assert file.exists(), f"{module} has no {file.name}"
    return ast.parse(file.read_text(encoding="utf-8"))


@pytest.mark.parametrize("module", ALL_MODULES)
def test_every_module_is_tested(module: str) -> None:
    syntax = _syntax_of_test(module)
    modules_run = {
        call.args[1].value
        for call in ast.walk(syntax)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id == "Task"
        and isinstance(call.args[1], ast.Constant)
    }
    assert module in modules_run
    if "state" in options(module):
        assert "test_ritual" in {node.name for node in ast.walk(syntax) if isinstance(node, ast.FunctionDef)}


def test_all_examples_are_run() -> None:
    assert sorted(EXPECTED) == ALL_MODULES
