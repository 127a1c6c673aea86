# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The modules of the collection as they document themselves."""

from __future__ import annotations

import importlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from types import ModuleType

_MODULES = Path(__file__).resolve().parents[2] / "plugins" / "modules"

# Those that ask a server; the others are the documentation of action plugins that work on the controller alone.
ALL_MODULES = sorted(file.stem for file in _MODULES.glob("*.py") if "run_module" in file.read_text("utf-8"))


def examples(module: str) -> list[dict[str, Any]]:
    """The tasks of a module's EXAMPLES."""
    tasks: list[dict[str, Any]] = yaml.safe_load(_imported(module).EXAMPLES)
    return tasks


@cache
def returns(module: str) -> dict[str, Any]:
    """The values of a module's RETURN."""
    values: dict[str, Any] = yaml.safe_load(_imported(module).RETURN)
    return values


def _imported(module: str) -> ModuleType:
    return importlib.import_module(f"ansible_collections.mailfleet.email.plugins.modules.{module}")
