# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The files of an export: references in place of secrets, marks on what looks like a template, names that are free."""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from ansible.parsing.vault import VaultLib
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.mailfleet.email.plugins.module_utils._resource.exported import Exported
from ansible_collections.mailfleet.email.plugins.plugin_utils._described import read_description
from ansible_collections.mailfleet.email.plugins.plugin_utils._export_folder import ExportFolder, ForeignFiles
from ansible_collections.mailfleet.email.plugins.plugin_utils._export_names import Names
from ansible_collections.mailfleet.email.plugins.plugin_utils._export_seal import (
    is_exported,
    is_in_its_place,
    is_of_its_host,
    is_unchanged,
    record_of,
    seal,
    sealed,
)
from ansible_collections.mailfleet.email.plugins.plugin_utils._exported import Files
from ansible_collections.mailfleet.email.plugins.plugin_utils._regular_files import (
    LinklessFolder,
    content_of_regular,
    open_regular,
)

if TYPE_CHECKING:
    from collections.abc import Callable

NO_VAULT = VaultLib([])
texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=12) | st.sampled_from(
    ["yes", "0x1", "1e3", "~", "2026-01-01", "a: b", "# c", "{{ x }}", "{% y", "- z", "\x85", "\ufeff", "=", "!t"]
)
values = st.recursive(
    st.booleans() | st.integers() | texts, lambda inner: st.lists(inner) | st.dictionaries(texts, inner), max_leaves=8
)


def record(key: str, **fields: Any) -> Exported:
    return Exported(key, {"name": key, **fields}, secrets=[["password"]], identity=(key,))


def files(*records: Exported, one_file_each: bool = False) -> Files:
    made = Files(Names("berlin"))
    made.add("email_accounts", records, one_file_each=one_file_each)
    return made


def nested(depth: int) -> Any:
    """Mappings in mappings."""
    data: Any = 1
    for _level in range(depth):
        data = {"a": data}
    return data


def name_of(found: str) -> str:
    """The name of a variable less its mark, which nobody guesses."""
    return re.sub(r"_[0-9a-f]{16}_", "_*_", found)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(values=st.dictionaries(texts, values, max_size=4))
def test_what_is_written_is_read(tmp_path_factory: pytest.TempPathFactory, values: dict[str, Any]) -> None:
    """Also what YAML has another meaning for."""
    path = tmp_path_factory.mktemp("export") / "a.yml"
    made = Files(Names("berlin"))
    made.add("email_accounts", [Exported("a", {"values": values})], one_file_each=False)
    path.write_text(made.contents["email_accounts.yml"], encoding="utf-8", newline="")
    [(_file, records)] = read_description(str(path), NO_VAULT).lists["email_accounts"]
    assert records == [{"values": values}]


def test_names_that_look_alike() -> None:
    made = files(record("a b"), record("a-b"), record("A_B"), one_file_each=True)
    assert len(made.variables) == 3
    assert {name_of(name) for name in made.variables} == {"vault_berlin_email_accounts_a_b_*_password"}
    assert [path.rpartition("/")[2] for path in made.contents] == ["a-b.yml", "a-b-2.yml", "a-b-3.yml"]


def test_each_part_of_a_name_tells_records_apart() -> None:
    """Marks are what names are known by again, so whatever is another secret or record has another one."""
    a, names = record("a"), Names("berlin")
    marks = [
        re.search("_([0-9a-f]{16})_", names.variable(kind, a, path))
        for kind, path in (("accounts", ["pass"]), ("settings", ["pass"]), ("accounts", ["token"]))
    ]
    assert len({found[1] for found in marks if found}) == 3
    assert names.record("accounts", a) != names.record("settings", a)
    name = names.variable("accounts", a, ["options", "extra", "apiKey"])
    assert name_of(name) == "vault_berlin_accounts_a_*_apikey"
    # A field that looks like a mark is no other one.
    assert names.variable("accounts", a, ["0123456789abcdef"]).endswith("_0123456789abcde")
    held = [name, name.replace("_a_", "_b_")]
    with pytest.raises(ValueError, match=f"for the same secret: {held[0]}, {held[1]}; remove all but one of them$"):
        Names("berlin", held).variable("accounts", a, ["options", "extra", "apiKey"])


@pytest.mark.parametrize(
    ("there", "file"),
    [
        (["accounts/a.yml"], "accounts/a.yml"),
        (["accounts/A.yml"], "accounts/a-2.yml"),
        (["accounts./a.yml"], "accounts/a-2.yml"),
        (["accounts/a.yml."], "accounts/a-2.yml"),
        (["other/a.yml"], "accounts/a.yml"),
        (["accounts/a.yml", "accounts/A.YML"], "accounts/a-2.yml"),
    ],
)
def test_a_file_that_is_another_one_on_no_disk(there: list[str], file: str) -> None:
    assert Names("berlin", there=there).file("accounts", record("a")) == file


def test_a_seal() -> None:
    """Only the first place for a digest is one: the same text may stand in what a server says."""
    place = "berlin/email_accounts.yml"
    for mark in ("", "0123456789abcdef"):
        said = f"# {seal(place, mark)}\nname: {'0' * 64}\n"
        text = sealed(said)
        assert text.endswith(f"name: {'0' * 64}\n")
        assert (is_exported(text), is_unchanged(text), record_of(text)) == (True, True, mark or None)
        assert is_unchanged(text.replace("\n", "\r\n"))
        assert not is_unchanged(text.replace("name", "nome"))
        assert is_in_its_place(text, place)
        assert not is_in_its_place(text, "paris/email_accounts.yml")
        assert not is_in_its_place(text, "berlin/other.yml")
        assert (is_of_its_host(text, "berlin/other.yml"), is_of_its_host(text, "paris/other.yml")) == (True, False)
    assert is_unchanged(sealed(f"# {seal()}\n"))
    assert not is_in_its_place(sealed(f"# {seal()}\n"), place)
    assert not is_of_its_host(sealed(f"# {seal()}\n"), place)


def _pipe(path: Path) -> None:
    os.mkfifo(path)


def _too_large(path: Path) -> None:
    path.touch()
    os.truncate(path, 256 * 2**20 + 1)


@pytest.mark.parametrize(
    ("name", "make", "number", "words"),
    [
        ("a", _pipe, errno.EINVAL, "is no regular file"),
        ("a", Path.mkdir, errno.EINVAL, "is no regular file"),
        ("a", _too_large, errno.EFBIG, "is larger than 256 MiB"),
        ("a\0b", None, errno.EINVAL, "is no regular file"),
        ("a", None, errno.ENOENT, "No such file or directory"),
    ],
)
def test_what_is_no_file_to_read(
    tmp_path: Path, name: str, make: Callable[[Path], None] | None, number: int, words: str
) -> None:
    path = tmp_path / name
    if make is not None:
        make(path)
    for read in (open_regular, content_of_regular):
        with pytest.raises(OSError, match=words) as caught:
            read(path)
        assert (caught.value.errno, caught.value.strerror, str(caught.value.filename)) == (number, words, str(path))


def test_the_largest_file(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.touch()
    os.truncate(path, 256 * 2**20)
    with open_regular(path) as file:
        assert file.read(1) == b"\0"


@pytest.mark.parametrize("stands", ["file", "link", "long"])
def test_what_stands_where_a_folder_should_be(tmp_path: Path, stands: str) -> None:
    folder, name = LinklessFolder(tmp_path / "export"), "x" * 300 if stands == "long" else "in"
    folder.path.mkdir()
    path = folder.path / name
    if stands == "file":
        path.touch()
    elif stands == "link":
        path.symlink_to(tmp_path)
    number, words = (
        (errno.ENAMETOOLONG, "File name too long")
        if stands == "long"
        else (errno.ENOTDIR, f"a {stands} stands where a folder should be")
    )
    for work in (lambda: folder.names(name), lambda: folder.remove(f"{name}/a")):
        with pytest.raises(OSError, match=words) as caught:
            work()
        assert (caught.value.errno, caught.value.strerror, caught.value.filename) == (number, words, str(path))


def test_a_link_gives_nothing_of_its_target_away(tmp_path: Path) -> None:
    """It is replaced, and the mode of what it led to is nobody's. Folders that are missing are made, at any depth."""
    folder, target = LinklessFolder(tmp_path / "a" / "b"), tmp_path / "target"
    target.write_bytes(b"theirs")
    target.chmod(0o640)
    folder.write("one/x.yml", b"1", 0o600)
    folder.write("one/two/y.yml", b"2", 0o600)
    (folder.path / "one/z.yml").symlink_to(target)
    assert folder.names("one") == ["one/two/y.yml", "one/x.yml"]
    folder.write("one/z.yml", b"3", 0o600)
    assert (target.read_bytes(), target.stat().st_mode & 0o777) == (b"theirs", 0o640)
    assert (folder.read("one/z.yml"), (folder.path / "one/z.yml").stat().st_mode & 0o777) == (b"3", 0o600)
    assert folder.names("one") == ["one/two/y.yml", "one/x.yml", "one/z.yml"]


def test_a_secret_deep_inside() -> None:
    """Also where nothing else stands beside it."""
    made = Files(Names("berlin"))
    entry = {"domain": "a.example", "options": {"host": "smtp.a.example"}}
    made.add(
        "email_settings", [Exported("a.example", entry, secrets=[["options", "auth", "pass"]])], one_file_each=False
    )
    (described,) = yaml.safe_load(made.contents["email_settings.yml"])["email_settings"]
    [(name, place)] = made.variables.items()
    assert described["options"] == {"host": "smtp.a.example", "auth": {"pass": f"{{{{ {name} or omit }}}}"}}
    assert name_of(name) == "vault_berlin_email_settings_a_example_*_auth_pass"
    assert place == "email_settings, a.example: options.auth.pass"


def test_references_and_their_stub() -> None:
    made = files(record("Ä b"), record("a-b"), record("!!!"))
    first, _second, last = made.variables
    assert name_of(last) == "vault_berlin_email_accounts_record_*_password"
    assert f'password: "{{{{ {first} or omit }}}}"' in made.contents["email_accounts.yml"]
    assert yaml.safe_load(made.stub(known=())) == dict.fromkeys(made.variables)
    assert set(yaml.safe_load(made.stub(known={first}))) == set(made.variables) - {first}
    assert made.stub(known=made.variables) == ""


def test_a_key_cannot_break_out_of_a_comment() -> None:
    made = files(record("a\nvault_other: x\u2028y"))
    assert set(yaml.safe_load(made.stub(known=()))) == set(made.variables)


@pytest.mark.parametrize("char", ["\u202e", "\u2066", "\u200b", "\u00ad", "\u2028", "\x9b", "\u3164", "\U000e0041"])
def test_what_does_not_show_is_escaped(char: str) -> None:
    """People review what was exported, in editors and in terminals."""
    key = f"\u00c4pfel{char}b"
    made = files(record(key, options={"extra": {key: key}}), record("\u00c4pfel"))
    text = made.contents["email_accounts.yml"] + made.stub({})
    assert char not in text
    assert "name: \u00c4pfel\n" in text
    entry = yaml.safe_load(text)["email_accounts"][0]
    assert (entry["name"], entry["options"]) == (key, {"extra": {key: key}})


def test_templates_are_marked() -> None:
    made = files(Exported("a", {"name": "{{ x }}", "list": ["{# y"]}))
    assert '!unsafe "{{ x }}"' in made.contents["email_accounts.yml"]
    assert '!unsafe "{# y"' in made.contents["email_accounts.yml"]


def test_one_file_each() -> None:
    made = files(record("a b"), record("A-B"), record("../etc"), one_file_each=True)
    assert list(made.contents) == [
        "email_accounts/a-b.yml",
        "email_accounts/a-b-2.yml",
        "email_accounts/etc.yml",
    ]
    assert "$schema=../../document.schema.json" in made.contents["email_accounts/a-b.yml"]


def test_nothing_live_is_described_as_nothing() -> None:
    made = files()
    assert yaml.safe_load(made.contents["email_accounts.yml"]) == {"email_accounts": []}


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        ({"name": "half a character \ud800"}, "holds what no text file can hold"),
        ({"name": "deep", "extra": nested(5000)}, "holds what no text file can hold"),
    ],
)
def test_one_odd_record_costs_itself_alone(entry: dict[str, Any], why: str) -> None:
    made = files(record("A"), Exported("odd", entry, identity=("odd",)), record("B"))
    assert [found["name"] for found in yaml.safe_load(made.contents["email_accounts.yml"])["email_accounts"]] == [
        "A",
        "B",
    ]
    assert made.left_out == [f"email_accounts odd: the whole record ({why})"]


def test_two_records_of_one_identity() -> None:
    made = files(record("A"), record("A"))
    assert len(made.variables) == 1
    assert made.left_out == ["email_accounts A: the whole record (has the identity of another record)"]


def test_long_and_empty_names() -> None:
    made = files(record("x" * 300), record("\u4e2d" * 300), record(""), one_file_each=True)
    assert all(len(path.rpartition("/")[2]) < 100 for path in made.contents)
    assert all(len(name) < 160 and name.isidentifier() for name in made.variables)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(host=texts, key=texts, path=st.lists(texts, min_size=1, max_size=3))
def test_no_server_chooses_a_name(host: str, key: str, path: list[str]) -> None:
    """Whatever the record is called: the name is one for variables, and begins with what only exports use."""
    name = Names(host).variable("email_accounts", Exported(key, identity=(key,)), path)
    assert re.fullmatch(r"vault_[a-z0-9_]+_email_accounts_[a-z0-9_]+_[0-9a-f]{16}_[a-z0-9_]+", name)


def test_names_tell_what_differs() -> None:
    """Host, kind, record and place: also where they look the same in the name."""
    names = {
        Names(host).variable(kind, Exported("K", identity=identity), path)
        for host in ("a-b", "a.b")
        for kind in ("email_accounts", "email_settings")
        for identity in (("1", "x"), ("1", "X"), ("1x",))
        for path in (["auth", "pass"], ["auth_pass"], ["auth.pass"])
    }
    assert len(names) == 2 * 2 * 3 * 3


def test_a_name_stays_with_its_record() -> None:
    """Also where the record is called otherwise by now; two names for one secret cannot be distinguished."""
    before = Names("berlin").variable("email_accounts", Exported("Old", identity=("7", "x")), ["password"])
    renamed = Exported("New", identity=("7", "x"))
    assert Names("berlin", [before]).variable("email_accounts", renamed, ["password"]) == before
    other = Names("berlin").variable("email_accounts", renamed, ["password"])
    with pytest.raises(ValueError, match="for the same secret"):
        Names("berlin", [before, other]).variable("email_accounts", renamed, ["password"])


@pytest.mark.parametrize("form", ["{}.x", "{}", "a.{}.x", "{}.{}.x", "A {}!x", "{}_x", "options.{}.extra.b"])
def test_no_field_passes_for_the_mark_of_another_record(form: str) -> None:
    """What a server calls a field stands in the name, too, and the marks of other records are no secret."""
    victim = Exported("Victim", identity=("7", "x"))
    own = Names("berlin").variable("email_settings", victim, ["password"])
    mark = re.findall(r"_([0-9a-f]{16})_", own)[0]
    intruder = Exported(f"x {mark} y", identity=("8", "x"))
    path = form.format(*[mark] * form.count("{}")).split(".")
    given_name = Names("berlin").variable("email_settings", intruder, path)
    for held in ([given_name], [given_name, own]):
        assert Names("berlin", held).variable("email_settings", victim, ["password"]) == own
        assert Names("berlin", held).variable("email_settings", intruder, path) == given_name


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "/etc", "a/", "./a", "../a", "//"])
def test_names_that_lead_elsewhere(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="name of a folder"):
        ExportFolder(tmp_path, name, NO_VAULT)


def written(root: Path, *records: Exported, force: bool = False, **keywords: Any) -> ExportFolder:
    """Export records, as the task does."""
    folder = ExportFolder(root, keywords.get("host", "berlin"), NO_VAULT)
    made = Files(folder.names())
    made.add("email_accounts", records, one_file_each=keywords.get("one_file_each", False))
    folder.apply(folder.changes(made, keywords.get("variables", {}), force=force))
    return folder


def reference(root: Path, key: str) -> str:
    """What stands in the place of a record's password."""
    entries = [
        entry
        for path in (root / "berlin").rglob("*.yml")
        for entry in (yaml.safe_load(path.read_text("utf-8")) or {}).get("email_accounts", ())
    ]
    [found] = [entry["password"] for entry in entries if entry["name"] == key]
    return str(found)


def test_a_folder(tmp_path: Path) -> None:
    written(tmp_path, record("A"))
    assert (tmp_path / "berlin" / "vault.yml").stat().st_mode & 0o777 == 0o600
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    folder = written(tmp_path, record("A"))
    assert [name_of(name) for name in folder.to_fill_in] == ["vault_berlin_email_accounts_a_*_password"]
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before
    (tmp_path / "berlin" / "own.yml").write_text("email_accounts: []\n")
    written(tmp_path, record("A"), one_file_each=True)
    names = {str(path.relative_to(tmp_path / "berlin")) for path in tmp_path.rglob("berlin/**/*.yml")}
    assert names == {"email_accounts/a.yml", "own.yml", "vault.yml"}


@pytest.mark.parametrize("one_file_each", [False, True])
def test_names_stay_with_their_records(tmp_path: Path, one_file_each: bool) -> None:
    """Whichever of those that look alike comes, goes or gets another name."""
    first, second = record("Certs-1"), record("certs 1")
    written(tmp_path, first, second, one_file_each=one_file_each)
    was = reference(tmp_path, "certs 1")
    written(tmp_path, second, one_file_each=one_file_each)
    assert reference(tmp_path, "certs 1") == was
    files_of_second = {path.name for path in (tmp_path / "berlin").rglob("certs*.yml")}
    written(tmp_path, record("CERTS_1"), second, first, one_file_each=one_file_each)
    assert reference(tmp_path, "certs 1") == was
    assert len({reference(tmp_path, key) for key in ("CERTS_1", "certs 1", "Certs-1")}) == 3
    assert files_of_second <= {path.name for path in (tmp_path / "berlin").rglob("certs*.yml")}
    renamed = Exported("Other", {"name": "Other"}, secrets=[["password"]], identity=("certs 1",))
    written(tmp_path, renamed, one_file_each=one_file_each)
    assert reference(tmp_path, "Other") == was


RESERVED = ["CON", "nul", "Aux", "prn ", "com1", "LPT9", "aux.", "NUL .", "\u00c7on", "con\u0301"]


@pytest.mark.parametrize("key", RESERVED)
def test_no_file_has_a_name_that_windows_keeps_to_itself(key: str) -> None:
    [path] = files(record(key), one_file_each=True).contents
    stem = path.rpartition("/")[2].removesuffix(".yml")
    assert re.fullmatch(r"record-(con|nul|aux|prn|com1|lpt9)", stem)


@pytest.mark.parametrize("key", ["aux.yml", "con.txt", "com10", "console", "a.", "a ", " .a. "])
def test_files_of_names_with_odd_ends(key: str) -> None:
    [path] = files(record(key), one_file_each=True).contents
    assert re.fullmatch(r"email_accounts/[a-z0-9]+(-[a-z0-9]+)*\.yml", path)
    assert re.fullmatch(r"(?i)(con|prn|aux|nul|com[0-9]|lpt[0-9])", path.split("/")[1].split(".")[0]) is None


def test_files_of_names_that_differ_in_case_or_composition_alone() -> None:
    keys = ["\u00c9cole", "e\u0301cole", "E\u0301COLE", "ecole", "ecole ", "ecole."]
    paths = [path.casefold() for path in files(*map(record, keys), one_file_each=True).contents]
    assert len(set(paths)) == len(keys)


@pytest.mark.parametrize("renamed", ["B.yml", "b.YML", "b.yml ", "B.yml."])
@pytest.mark.parametrize("exported", [True, False])
def test_a_file_that_was_renamed_meets_no_other_one_on_any_disk(tmp_path: Path, renamed: str, exported: bool) -> None:
    """What somebody called almost like the file of another record keeps its name, and that record gets another one."""
    written(tmp_path, record("a"), one_file_each=True)
    folder = tmp_path / "berlin" / "email_accounts"
    (folder / "a.yml").rename(folder / renamed)
    if not exported:
        (folder / renamed).write_text("email_accounts: []\n")
    written(tmp_path, record("a"), record("b"), one_file_each=True)
    names = [path.name.casefold().rstrip(". ") for path in folder.iterdir()]
    assert len(set(names)) == len(names)
    assert reference(tmp_path, "b")
    before = sorted(path.name for path in folder.iterdir())
    written(tmp_path, record("a"), record("b"), one_file_each=True)
    assert sorted(path.name for path in folder.iterdir()) == before


def test_a_variable_of_somebody_else(tmp_path: Path) -> None:
    """Its value would be sent to the server: whether the export's own file has it without a value, or not yet."""
    name = Names("berlin").variable("email_accounts", record("A"), ["password"])
    with pytest.raises(ValueError, match=f"also defined outside .*: {name}"):
        written(tmp_path, record("A"), variables={name: "hunter2"})
    assert not (tmp_path / "berlin").exists()
    written(tmp_path, record("A"))
    with pytest.raises(ValueError, match="also defined outside"):
        written(tmp_path, record("A"), variables={name: "hunter2"})
    # As variables of the host, where the export's folder is that of host_vars.
    assert written(tmp_path, record("A"), variables={name: None}).to_fill_in == [name]
    (tmp_path / "berlin" / "vault.yml").write_text(f"{name}: hunter2\n")
    assert written(tmp_path, record("A"), variables={name: "hunter2"}).to_fill_in == []


CHANGES: dict[str, Any] = {
    "a comment": lambda text: f"{text}# Ask Ana before you change it.\n",
    "a template": lambda text: text.replace("name: A", 'name: "{{ a }}"'),
    "gone": lambda text: f"{text}    state: absent\n",
    "without its header": lambda text: text.partition("email_accounts")[2],
    "by hand": lambda _text: "email_accounts:\n  - name: A\n    password: hunter2\n",
    "no text": lambda _text: "\udcff",
    "empty": lambda _text: "",
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("one_file_each", [False, True])
def test_what_people_wrote_stays(tmp_path: Path, change: str, one_file_each: bool) -> None:
    written(tmp_path, record("A"))
    path = tmp_path / "berlin" / "email_accounts.yml"
    path.write_text(CHANGES[change](path.read_text()), encoding="utf-8", errors="surrogateescape")
    before = path.read_bytes()
    if one_file_each and not is_exported(before.decode(errors="replace")):
        # Nothing that this export would write, and nothing that another one wrote.
        written(tmp_path, record("A"), one_file_each=True)
        assert path.read_bytes() == before
        return
    with pytest.raises(ForeignFiles) as raised:
        written(tmp_path, record("A"), record("B"), one_file_each=one_file_each)
    assert raised.value.paths == [str(path)]
    assert str(path) in str(raised.value)
    assert (path.read_bytes(), (tmp_path / "berlin" / "email_accounts").exists()) == (before, False)
    written(tmp_path, record("A"), record("B"), one_file_each=one_file_each, force=True)
    assert path.exists() is not one_file_each


@pytest.mark.parametrize("one_file_each", [False, True])
@pytest.mark.parametrize("name", ["a-copy.yml", "z-copy.yml"])
def test_a_copy_is_its_user_s(tmp_path: Path, one_file_each: bool, name: str) -> None:
    """It is neither removed nor taken for the record's file, whichever name comes first."""
    written(tmp_path, record("M"), one_file_each=one_file_each)
    [path] = (tmp_path / "berlin").glob("email_accounts/*.yml" if one_file_each else "email_accounts.yml")
    copy = path.with_name(name)
    copy.write_bytes(path.read_bytes())
    before = copy.read_bytes()
    written(tmp_path, record("M", port=26), one_file_each=one_file_each)
    assert copy.read_bytes() == before
    assert path.read_bytes() != before
    written(tmp_path, one_file_each=one_file_each)
    assert copy.read_bytes() == before
    assert path.exists() is not one_file_each


@pytest.mark.parametrize("one_file_each", [False, True])
def test_a_copy_of_another_host_is_not_overwritten(tmp_path: Path, one_file_each: bool) -> None:
    written(tmp_path, record("A"), one_file_each=one_file_each)
    shutil.copytree(tmp_path / "berlin", tmp_path / "paris")
    with pytest.raises(ForeignFiles, match="paris"):
        written(tmp_path, record("A"), one_file_each=one_file_each, host="paris")
    written(tmp_path, record("A"), one_file_each=one_file_each, host="paris", force=True)
    written(tmp_path, record("A", port=26), one_file_each=one_file_each, host="paris")


def test_a_file_that_was_renamed_stays_that_of_its_record(tmp_path: Path) -> None:
    written(tmp_path, record("A"), one_file_each=True)
    folder = tmp_path / "berlin" / "email_accounts"
    (folder / "a.yml").rename(folder / "first.yml")
    for port in (26, 27):
        written(tmp_path, record("A", port=port), one_file_each=True)
        assert [path.name for path in folder.iterdir()] == ["first.yml"]
    (folder / "first.yml").rename(folder / "again.yml")
    written(tmp_path, one_file_each=True)
    assert not folder.exists() or list(folder.iterdir()) == []


def test_ends_of_lines_are_nobodys_change(tmp_path: Path) -> None:
    """Git may give files those of the system."""
    written(tmp_path, record("A"))
    path = tmp_path / "berlin" / "email_accounts.yml"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    written(tmp_path, record("B"))
    assert b"name: B" in path.read_bytes()


def test_the_schema_of_another_version_is_replaced(tmp_path: Path) -> None:
    written(tmp_path, record("A"))
    path = tmp_path / "document.schema.json"
    mine = path.read_text()
    assert json.loads(mine)["title"] == "Mail-sending configuration of a host"
    path.write_text(sealed(mine.replace(re.search("[0-9a-f]{64}", mine)[0], "0" * 64).replace("records", "entries")))  # type: ignore[index]
    written(tmp_path, record("A"))
    assert path.read_text() == mine
    path.write_text("{}")
    with pytest.raises(ForeignFiles):
        written(tmp_path, record("A"))


def test_a_diff_does_not_show_what_people_wrote(tmp_path: Path) -> None:
    (tmp_path / "berlin").mkdir()
    (tmp_path / "berlin" / "email_accounts.yml").write_text("email_accounts: [{name: A, password: hunter2}]\n")
    folder = ExportFolder(tmp_path, "berlin", NO_VAULT)
    made = Files(folder.names())
    made.add("email_accounts", [record("A")], one_file_each=False)
    assert "hunter2" not in str([change.diff() for change in folder.changes(made, {}, force=True)])


@pytest.mark.parametrize("name", ["berlin/email_accounts.yml", "document.schema.json"])
@pytest.mark.parametrize("kind", ["link", "dangling link", "pipe", "folder"])
def test_what_is_no_file(tmp_path: Path, name: str, kind: str) -> None:
    """Nothing is written through a link, no pipe is waited for; with force they are replaced, and not followed."""
    outside = tmp_path / "outside.yml"
    root = tmp_path / "mail"
    (root / "berlin").mkdir(parents=True)
    if kind == "pipe":
        os.mkfifo(root / name)
    elif kind == "folder":
        (root / name).mkdir()
    else:
        (root / name).symlink_to(outside)
    if kind == "link":
        outside.write_text("mine\n")
    with pytest.raises(ForeignFiles):
        written(root, record("A"))
    if kind == "folder":
        with pytest.raises(OSError, match="directory") as raised:
            written(root, record("A"), force=True)
        assert raised.value.filename == str(root / name)
        return
    written(root, record("A"), force=True)
    assert (root / name).is_file()
    assert not (root / name).is_symlink()
    assert (outside.read_text() if outside.exists() else "mine\n") == "mine\n"


@pytest.mark.parametrize("name", ["berlin", "berlin/email_accounts"])
def test_folders_that_lead_elsewhere(tmp_path: Path, name: str) -> None:
    outside, root = tmp_path / "outside", tmp_path / "mail"
    outside.mkdir()
    (root / name).parent.mkdir(parents=True)
    (root / name).symlink_to(outside)
    for force in (False, True):
        with pytest.raises(NotADirectoryError, match="a link stands where a folder should be"):
            written(root, record("A"), one_file_each=True, force=force)
    assert list(outside.iterdir()) == []


def test_a_hard_link_is_given_up_and_not_written_through(tmp_path: Path) -> None:
    outside, root = tmp_path / "outside.yml", tmp_path / "mail"
    written(root, record("A"))
    path = root / "berlin" / "email_accounts.yml"
    outside.hardlink_to(path)
    before = outside.read_text()
    written(root, record("B"))
    assert outside.read_text() == before
    assert path.read_text() != before


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o400, 0o664])
def test_a_file_keeps_its_mode(tmp_path: Path, mode: int) -> None:
    """Who closed a document to others finds it closed after the next export, too."""
    written(tmp_path, record("A"))
    path = tmp_path / "berlin" / "email_accounts.yml"
    path.chmod(mode)
    written(tmp_path, record("B"))
    assert "name: B" in path.read_text()
    assert path.stat().st_mode & 0o777 == mode


@pytest.mark.parametrize("kind", ["link", "pipe"])
def test_secrets_in_what_is_no_file(tmp_path: Path, kind: str) -> None:
    (tmp_path / "outside").write_text("x: hunter2\n")
    (tmp_path / "berlin").mkdir()
    path = tmp_path / "berlin" / "vault.yml"
    if kind == "pipe":
        os.mkfifo(path)
    else:
        path.symlink_to(tmp_path / "outside")
    with pytest.raises(OSError, match="is no regular file") as raised:
        written(tmp_path, record("A"))
    assert raised.value.filename == str(path)


def test_a_file_is_written_as_a_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path, record("A"))
    path = tmp_path / "berlin" / "email_accounts.yml"
    before = path.read_text()

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space") as raised:
        written(tmp_path, record("B"))
    assert raised.value.filename == str(path)
    assert path.read_text() == before
    assert [found.name for found in path.parent.iterdir() if found.name.startswith(".")] == []
