# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One case of the campaign: all its draws come from bytes that a seed makes, so the same seed makes it again."""

from __future__ import annotations

import random
import traceback
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from hypothesis import Verbosity, settings
from hypothesis.stateful import get_state_machine_test

from .machine import MACHINES, STEPS, Machine
from .wrong import Violation

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .scene import Scene

# More than the longest case draws.
_BYTES = 16 * 1024
BROKEN = "broken cases"
"""What counts a case that could not be judged, since the tests themselves failed."""


@dataclass(frozen=True)
class CaseResult:
    """What became of a case: the faults that it has met, and what went wrong, if anything, with the words for it."""

    seed: int
    faults: Mapping[str, int] = field(default_factory=dict)
    wrong: str | None = None
    text: str = ""


def play(scene: Scene, seed: int, *, aloud: bool = False) -> CaseResult:
    """Play the case of a seed; ``aloud`` prints its steps. The seeds take turns with the products."""
    Machine.scene = scene
    scene.injected.clear()
    wrong, text = None, ""
    try:
        _case_of(seed % len(MACHINES), aloud=aloud)(random.Random(seed).randbytes(_BYTES))
    except Violation as violation:
        wrong, text = str(violation.wrong), str(violation)
    except Exception:  # noqa: BLE001  A case that breaks must not end the campaign, and is reported at its end.
        wrong, text = BROKEN, traceback.format_exc()
    return CaseResult(seed, dict(Counter(scene.injected)), wrong, text)


@cache
def _case_of(machine: int, *, aloud: bool) -> Callable[[bytes], object]:
    """The function that makes a case of bytes: hypothesis' entrance for who brings the randomness along."""
    verbosity = Verbosity.debug if aloud else Verbosity.normal
    asked = settings(stateful_step_count=STEPS, deadline=None, database=None, verbosity=verbosity)
    test: Any = get_state_machine_test(MACHINES[machine], settings=asked)
    case: Callable[[bytes], object] = test.hypothesis.fuzz_one_input
    return case
