# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Documents that YAML and JSON allow, and that nobody means: each is refused in words, in time, in little memory."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from ansible.parsing.vault import VaultLib, VaultSecret

from ansible_collections.mailfleet.email.plugins.plugin_utils import _plain_yaml
from ansible_collections.mailfleet.email.plugins.plugin_utils._described import read_description
from ansible_collections.mailfleet.email.plugins.plugin_utils._document import DocumentError, records_of
from ansible_collections.mailfleet.email.plugins.plugin_utils._plain_yaml import PlainLoader

if TYPE_CHECKING:
    from pathlib import Path

NO_VAULT = VaultLib()
VAULT = VaultLib([("default", VaultSecret(b"right"))])
# Seconds of processor time that only work without a bound takes, also where each line is measured.
LONG = 30.0


def _read(path: Path, content: str | bytes, vault: VaultLib = NO_VAULT) -> list[Any]:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return records_of(str(path), "email_accounts", vault)[0]


def _levels(item: str, level: str) -> str:
    """Levels of which each holds the one before it ten times."""
    parts = [level.format(f"*a{number}") for number in range(29)]
    texts = [f"l{number + 1}: &a{number + 1} {text}" for number, text in enumerate(parts)]
    return "\n".join([f"l0: &a0 {item}", *texts, "email_accounts: [*a29]"])


TEN = ", ".join(["{{k: {0}}}"] * 10)


@pytest.mark.parametrize(
    "content",
    [
        _levels("[x]", f"!!pairs [{TEN}]"),
        _levels("[x]", f"!!omap [{', '.join(f'{{{{k{n}: {{0}}}}}}' for n in range(10))}]"),
        "email_accounts: !!set {a, b}",
        "email_accounts: [{name: !!binary aGVsbG8=}]",
        "email_accounts: [&a {b: !!pairs [c: *a]}]",
    ],
    ids=["pairs", "omap", "set", "binary", "pairs of itself"],
)
def test_tags_of_what_no_json_holds(tmp_path: Path, content: str) -> None:
    with pytest.raises(DocumentError, match=r"a\.yml, line \d+: a tag or an alias that is not known"):
        _read(tmp_path / "a.yml", content)


@pytest.mark.parametrize(
    "value",
    [
        "2024-13-45",
        "2024-01-01 25:61:61",
        "1" * 5000,
        "!!int eleven",
        "!!float x",
        "!!bool maybe",
        "!!timestamp yesterday",
        "!!map text",
        "!!map [a]",
        "!!seq {a: 1}",
        "!!str {a: 1}",
    ],
)
def test_values_that_are_none(tmp_path: Path, value: str) -> None:
    """A password that looks like a date is one of them."""
    with pytest.raises(DocumentError, match=r"a\.yml, line 2: ") as found:
        _read(tmp_path / "a.yml", f"email_accounts:\n- password: {value}\n")
    assert value not in str(found.value)


@pytest.mark.parametrize("value", ["1" * 5000, "[" * 100_000, '{"a":' * 100_000, "[" * 500 + "]" * 500])
def test_json_that_is_hard_to_read(tmp_path: Path, value: str) -> None:
    with pytest.raises(DocumentError, match=r"no readable JSON|levels deep"):
        _read(tmp_path / "a.json", f'{{"email_accounts": [{value}]}}')


@pytest.mark.parametrize("depth", [200, 900, 5_000, 100_000])
@pytest.mark.parametrize("aliases", ["", "x: &x 1\ny: *x\n"])
def test_depth(tmp_path: Path, depth: int, aliases: str) -> None:
    """Of so many levels the parser itself would end the process."""
    inner = ('["]",' * depth) + ("]" * depth)
    block = "\n" + "\n".join(f"{' ' * level}-" for level in range(min(depth, 2_000)))
    for text in (f"{'[' * depth}{']' * depth}", f"{'{a: ' * depth}1{'}' * depth}", inner, f"\n{'- ' * depth}x", block):
        with pytest.raises(DocumentError, match=r"a\.yml"):
            _read(tmp_path / "a.yml", f"{aliases}email_accounts: {text}\n")


def test_merging_much_many_times(tmp_path: Path) -> None:
    """Each merge is small enough, and all of them together are not."""
    large = ", ".join(f"k{number}: 1" for number in range(9_000))
    many = "\n".join(["- {<<: *large}"] * 1_000)
    listed = ", ".join(["*large"] * 1_000)
    for text in (f"email_accounts:\n{many}", f"email_accounts: [{{<<: [{listed}]}}]"):
        begun = time.thread_time()
        with pytest.raises(DocumentError, match="too much is merged"):
            _read(tmp_path / "a.yml", f"x: &large {{{large}}}\n{text}\n")
        assert time.thread_time() - begun < LONG


def test_a_key_that_stands_twice_among_many(tmp_path: Path) -> None:
    names = [f"k{number}" for number in range(100_000)]
    names.append(names[-1])
    for name, text in (
        ("a.yml", "\n".join(f"{key}: 1" for key in names)),
        ("a.json", "{" + ", ".join(f'"{key}": 1' for key in names) + "}"),
    ):
        begun = time.thread_time()
        with pytest.raises(DocumentError, match="k99999 stands"):
            _read(tmp_path / name, text)
        assert time.thread_time() - begun < LONG


def test_what_is_merged_before_it_is_read_has_no_key_twice(tmp_path: Path) -> None:
    """A mapping further inside is read later than one that merges it, and overrides what it merges itself."""
    content = """\
defaults: &d {name: none, smtp_port: 25}
deep: [[[&x {<<: *d, name: X}]]]
email_accounts: [{<<: *x, id: 1}, {<<: [*x, *d], id: 2}]
"""
    merged = {"name": "X", "smtp_port": 25}
    assert _read(tmp_path / "a.yml", content) == [{**merged, "id": 1}, {**merged, "id": 2}]


@pytest.mark.parametrize("content", ["email_accounts: [&a {<<: *a, name: A}]", "email_accounts: [&a {<<: [*a, *a]}]"])
def test_what_merges_itself(tmp_path: Path, content: str) -> None:
    assert _read(tmp_path / "a.yml", content) in ([{"name": "A"}], [{}])


def test_a_secret_that_is_no_text(tmp_path: Path) -> None:
    encrypted = VAULT.encrypt(b"\xff\xfe").decode().replace("\n", "\n    ")
    with pytest.raises(DocumentError, match="the encrypted value is no text"):
        _read(tmp_path / "a.yml", f"email_accounts:\n- password: !vault |\n    {encrypted}\n", VAULT)


@pytest.mark.parametrize("name", ["a.yml", "folder"])
def test_a_pipe_is_not_waited_for(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    for place in ("a.yml", "folder/a.yml"):
        os.mkfifo(tmp_path / place)
    with pytest.raises(DocumentError, match=r"a\.yml: is no regular file"):
        records_of(str(tmp_path / name), "email_accounts", NO_VAULT)
    with pytest.raises(DocumentError):
        read_description(str(tmp_path / name), NO_VAULT)


@pytest.mark.parametrize(
    "number", ["9" * 5000, "0x" + "f" * 5000, "0" + "7" * 5000, "0b" + "1" * 5000, "1" + ":1" * 5000]
)
def test_a_number_without_end(number: str) -> None:
    """Some of them took time by their square, and others could not be written again."""
    with pytest.raises(yaml.MarkedYAMLError, match="number"):
        yaml.load(f"a: {number}".encode(), PlainLoader)  # noqa: S506


NO_VALUE = "a value that looks like a date or a number and is none; put quotes around it"
NO_MERGE = "<< takes in a mapping or a list of such"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("x: 1\na: " + "1" * 1001, "a number of more than 1000 characters; put quotes around it"),
        ("x: 1\na: 2024-13-45", NO_VALUE),
        ("x: 1\na: {<<: 5}", NO_MERGE),
        ("x: 1\na: {<<: [{b: 1}, 5]}", NO_MERGE),
        ("x: 1\na: {k: 1, k: 2}", "the key k stands here twice"),
        ("x: &x {a: 1, b: 1}\na: {<<: [*x, *x]}", "too much is merged here"),
        ("x: &x {a: 1, b: 1}\na: [{<<: *x}, {<<: *x}]", "too much is merged here"),
    ],
)
def test_what_is_wrong_and_where(monkeypatch: pytest.MonkeyPatch, text: str, problem: str) -> None:
    monkeypatch.setattr(_plain_yaml, "_MOST_MERGED", 3)
    with pytest.raises(yaml.MarkedYAMLError) as found:
        yaml.load(text, PlainLoader)  # noqa: S506
    assert found.value.problem == problem
    assert found.value.problem_mark is not None
    assert found.value.problem_mark.line == 1


def test_what_is_as_much_as_it_may_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_plain_yaml, "_MOST_MERGED", 3)
    text = f"x: &x {{a: 1, b: 2, c: 3}}\ny: {{<<: *x}}\nn: {'1' * 1000}"
    found = yaml.load(text, PlainLoader)  # noqa: S506
    assert (found["y"], found["n"]) == ({"a": 1, "b": 2, "c": 3}, int("1" * 1000))


def test_as_many_levels_as_there_may_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_plain_yaml, "_FEW_BRACKETS", 0)
    deepest = _plain_yaml.DEEPEST
    _plain_yaml.check_depth(b"\n" + b"[" * deepest + b"]" * deepest + b"\n")
    _plain_yaml.check_depth(b"[" + b"[]," * deepest * 2 + b"]")
    with pytest.raises(_plain_yaml.TooDeep) as found:
        _plain_yaml.check_depth(b"\n" + b"[" * (deepest + 1) + b"]" * (deepest + 1))
    assert found.value.problem == "something is nested too deeply here"
    assert found.value.problem_mark is not None
    assert found.value.problem_mark.line == 1


@pytest.mark.parametrize("few", [0, 101])
@pytest.mark.parametrize(
    ("content", "counted"), [(b"[" * 101 + b"]" * 101, True), (b"{a: " * 101 + b"}" * 101, True), (b"- " * 600, False)]
)
def test_which_levels_are_counted(monkeypatch: pytest.MonkeyPatch, content: bytes, counted: bool, few: int) -> None:
    """A few brackets are no danger to the parser; a long row of dashes is, with no bracket at all."""
    monkeypatch.setattr(_plain_yaml, "_FEW_BRACKETS", few)
    if counted and few:
        _plain_yaml.check_depth(content)
        return
    with pytest.raises(_plain_yaml.TooDeep):
        _plain_yaml.check_depth(content)
