# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""No pattern takes time by the square of a text: each one that is found in the code is measured from 1,000 to 32,000.

What counts is how the time of the processor grows, and never how long it is, so a slow machine changes nothing.
"""

from __future__ import annotations

import ast
import importlib
import re
import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.unit.collection import NAME, PLUGINS

SMALL, MIDDLE, LARGE = 1_000, 4_000, 32_000
SMALL_TRIES = 5
# In time by the length, 32 times as long takes 32 times as much, and by its square 1,024 times.
TOO_MUCH = 8
PIECES = [
    *" aA0:.@*-<=\\('\"/{#,x\n",
    *("a.", ":a", "a ", "a-", "<a", '\\"', "//", "=a", "0.", "1:", "{{", "b'", " :", "%0", "a@a", "[a", "a\n"),
]
ENDS = ["\x00"]
# What takes less than this is too short to be measured.
SHORTEST = 1e-5


def _patterns_in(value: Any, depth: int = 4) -> Iterator[re.Pattern[str]]:
    if isinstance(value, re.Pattern):
        yield value
    elif depth and isinstance(value, (dict, list, tuple, set, frozenset)):
        for part in [*value, *(value.values() if isinstance(value, dict) else ())]:
            yield from _patterns_in(part, depth - 1)


def _in_code(source: str) -> Iterator[tuple[str, str]]:
    """The patterns that calls such as `re.sub("a", …)` hold themselves, each with how it is used."""
    for node in ast.walk(ast.parse(source)):
        call = ast.unparse(node.func) if isinstance(node, ast.Call) and node.args else ""
        if isinstance(node, ast.Call) and call.startswith("re.") and call not in ("re.compile", "re.escape"):
            first, method = node.args[0], call.removeprefix("re.")
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield (method if method in ("match", "fullmatch") else "search"), first.value


def _uses(name: str, source: str) -> set[str]:
    """How a file uses a pattern that it gives a name: what looks at every place of a text counts as a search."""
    # One of several in a tuple is called by the name that it has in a loop.
    methods = set(re.findall(rf"\b{name}\.(\w+)\(", source) or re.findall(r"\bpattern\.(\w+)\(", source))
    return methods if methods and methods <= {"match", "fullmatch"} else {"search", "fullmatch"}


def _found() -> dict[str, tuple[re.Pattern[Any], set[str]]]:
    found: dict[str, tuple[re.Pattern[Any], set[str]]] = {}
    for path in sorted(PLUGINS.rglob("*.py")):
        source = path.read_text(encoding="utf-8")
        if not re.search(r"^import re$", source, re.MULTILINE):
            continue
        where = ".".join(path.relative_to(PLUGINS.parent).with_suffix("").parts)
        for name, value in vars(importlib.import_module(f"{NAME}.{where}")).items():
            for number, pattern in enumerate(_patterns_in(value)):
                found[f"{where}.{name}[{number}]"] = (pattern, _uses(name, source))
        for number, (method, text) in enumerate(_in_code(source)):
            found[f"{where}:{number}"] = (re.compile(text), {method})
    return found


PATTERNS = _found()


def _text(pattern: re.Pattern[Any], piece: str, end: str, length: int) -> Any:
    made = (piece * length)[:length] + end
    return made.encode() if isinstance(pattern.pattern, bytes) else made


def _seconds(pattern: re.Pattern[Any], method: str, text: Any, tries: int = 1) -> float:
    best = float("inf")
    for _try in range(tries):
        begun = time.thread_time()
        getattr(pattern, method)(text)
        best = min(best, time.thread_time() - begun)
    return best


def _grows_too_fast(pattern: re.Pattern[Any], method: str, piece: str, end: str) -> bool:
    for length in (MIDDLE, LARGE):
        # Looked at more closely where it seems slow: the machine may have been busy with something else.
        for tries in (1, 3):
            # What is short is done with quickly, and what disturbed it would hide how the long one grows.
            small = _seconds(pattern, method, _text(pattern, piece, end, SMALL), SMALL_TRIES)
            large = _seconds(pattern, method, _text(pattern, piece, end, length), tries)
            if large <= max(small, SHORTEST) * length / SMALL * TOO_MUCH:
                break
        else:
            return True
    return False


def test_patterns_are_found() -> None:
    assert len(PATTERNS) > 60


@pytest.mark.parametrize("name", PATTERNS)
def test_no_pattern_takes_time_by_the_square(name: str) -> None:
    pattern, methods = PATTERNS[name]
    inputs = ((method, piece, end) for method in sorted(methods) for piece in PIECES for end in ENDS)
    slow = next((made for made in inputs if _grows_too_fast(pattern, *made)), None)
    assert slow is None, pattern.pattern


@pytest.mark.parametrize("slow", [r"[\w.]+@", r":[^@]*@", r"a+b"])
def test_a_slow_pattern_would_be_found(monkeypatch: pytest.MonkeyPatch, slow: str) -> None:
    # As far apart as elsewhere, so that a busy machine hides nothing, and short enough to wait for what is slow.
    monkeypatch.setattr("tests.unit.test_patterns.SMALL", SMALL * 12 // 32)
    monkeypatch.setattr("tests.unit.test_patterns.LARGE", 12_000)
    pattern = re.compile(slow)
    assert any(_grows_too_fast(pattern, "search", piece, "\x00") for piece in (" ", "a", ":"))
