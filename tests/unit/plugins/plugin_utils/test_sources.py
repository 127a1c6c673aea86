# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where a task about many records reads them, and where a problem of one of them stands."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible.errors import AnsibleFileNotFound
from ansible.parsing.dataloader import DataLoader
from ansible.parsing.vault import VaultLib
from ansible.template import Templar

from ansible_collections.mailfleet.email.plugins.module_utils._arguments import argument_error
from ansible_collections.mailfleet.email.plugins.module_utils._engine.schema import InputError
from ansible_collections.mailfleet.email.plugins.module_utils._outcome import failed
from ansible_collections.mailfleet.email.plugins.module_utils._validation import validated
from ansible_collections.mailfleet.email.plugins.plugin_utils._sources import HostDocument, Source, source_of
from tests.unit.collection import spec

OMIT = "__omit_place_holder__0123"
SYNC = spec("email_accounts_sync")
VARIABLES = {"relay": "relay.example.com"}
DOCUMENT = """\
email_accounts:
  - name: Alarms
    smtp_server: "{{ relay }}"
  - name: Invoices
    smtp_port: eleven
"""


def found(folder: Path, name: str) -> str:
    """A file of the folder, found as an action plugin finds it."""
    if not (folder / name).exists():
        raise AnsibleFileNotFound(file_name=name)
    return str(folder / name)


def read(source: Source | None, folder: Path) -> list[Any] | None:
    assert source is not None
    templar = Templar(loader=DataLoader(), variables=VARIABLES)
    return source.read(lambda _kind, name: found(folder, name), VaultLib(), templar, VARIABLES)


@pytest.mark.parametrize(
    ("arguments", "kind"),
    [
        ({}, None),
        ({"accounts": []}, None),
        ({"accounts": [], "src": None}, None),
        ({"src": "a.yml"}, Source),
        ({"document": "a.yml"}, HostDocument),
    ],
)
def test_what_the_arguments_name(arguments: dict[str, Any], kind: type[Source] | None) -> None:
    source = source_of(SYNC, arguments, {})
    assert (type(source) if source else None) is kind


def test_a_module_without_records_reads_none() -> None:
    assert source_of(spec("email_account"), {"src": "a.yml"}, {}) is None


@pytest.mark.parametrize(
    ("arguments", "option", "other"),
    [
        ({"accounts": [], "src": "a.yml"}, "src", "accounts"),
        ({"accounts": [], "document": "a.yml"}, "document", "accounts"),
        ({"src": "a.yml", "document": "a.yml"}, "document", "src"),
    ],
)
def test_one_place_at_a_time(tmp_path: Path, arguments: dict[str, Any], option: str, other: str) -> None:
    (tmp_path / "a.yml").write_text(DOCUMENT)
    source = source_of(SYNC, arguments, {})
    assert source is not None
    assert source.option == option
    with pytest.raises(InputError, match=f"{option}: stands in the place of {other}: give one of them"):
        read(source, tmp_path)


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (
            "---\n# Misspelt\nemail_acounts: []\n",
            r"line 3: the records must stand under email_accounts, but the file has",
        ),
        ("b: 1\na: 2\n", r"line 2: the records must stand under email_accounts, but the file has a, b"),
        ("x: &x 1\nemail_accounts:\n  name: A\n", r"line 2: the records must be a list"),
        ("{}", r"line 1: .* has nothing"),
    ],
)
def test_what_stands_in_the_place_of_records_has_a_line(tmp_path: Path, content: str, place: str) -> None:
    (tmp_path / "a.yml").write_text(content)
    source = source_of(SYNC, {"src": "a.yml"}, {})
    assert source is not None
    with pytest.raises(InputError, match=rf"a\.yml, {place}"):
        read(source, tmp_path)


def test_variables_beside_a_document_are_named(tmp_path: Path) -> None:
    names = ["email_accounts", "email_accounts_own"]
    source = source_of(SYNC, {"document": "a.yml", "from_variables": names}, {name: [{}] for name in names})
    with pytest.raises(
        InputError,
        match="email_accounts, email_accounts_own describe the records beside document: give one of them; several",
    ):
        read(source, tmp_path)


@pytest.mark.parametrize("own", [None, {}, {"smtp_port": 25, "service": "gmail"}, '{"smtp_port": 25, "name": null}'])
def test_defaults_of_a_document_count_more(tmp_path: Path, own: Any) -> None:
    (tmp_path / "a.yml").write_text("defaults: {email_accounts: {smtp_port: 465}}\nemail_accounts: []")
    source = source_of(SYNC, {"document": "a.yml"}, {})
    assert source is not None
    read(source, tmp_path)
    assert source.defaults_over(own)["smtp_port"] == 465


@pytest.mark.parametrize(("own", "what"), [([1], "a list"), ("smtp_port=25", "a text"), (5, "a number")])
def test_defaults_that_are_no_mapping_beside_those_of_a_document(tmp_path: Path, own: Any, what: str) -> None:
    (tmp_path / "a.yml").write_text("defaults: {email_accounts: {smtp_port: 465}}\nemail_accounts: []")
    source = source_of(SYNC, {"document": "a.yml"}, {})
    assert source is not None
    read(source, tmp_path)
    with pytest.raises(InputError, match=f"defaults: must be a mapping, .* not {what}"):
        source.defaults_over(own)


def test_all_that_cannot_be_rendered_is_reported_at_once(tmp_path: Path) -> None:
    (tmp_path / "mail").mkdir()
    for name in ("a", "b"):
        one, two, three = (f"'{{{{ {name}_{number} }}}}'" for number in (1, 2, 3))
        text = f"email_accounts:\n- name: {one}\n  email: {two}\n- name: {three}\n"
        (tmp_path / "mail" / f"{name}.yml").write_text(text)
    with pytest.raises(InputError) as caught:
        read(source_of(SYNC, {"document": "mail"}, {}), tmp_path)
    for name in ("a", "b"):
        for number, line in ((1, 2), (2, 3), (3, 4)):
            assert f"{name}.yml, line {line}: email_accounts[" in str(caught.value)
            assert f"the variable {name}_{number} is not defined" in str(caught.value)


@pytest.mark.parametrize("option", ["src", "document"])
def test_a_file_that_is_not_there(tmp_path: Path, option: str) -> None:
    with pytest.raises(InputError, match=rf"^email_accounts_sync: {option}: a\.yml: no such file or directory$"):
        read(source_of(SYNC, {option: "a.yml"}, {}), tmp_path)


@pytest.mark.parametrize("option", ["src", "document"])
def test_a_name_that_no_file_can_have(option: str) -> None:
    def find(_kind: str, name: str) -> str:
        return str(Path(name).resolve(strict=True))

    for name in ("a\0b", "a" * 5_000):
        source = source_of(SYNC, {option: name}, {})
        assert source is not None
        with pytest.raises(InputError, match=f"email_accounts_sync: {option}: "):
            source.read(find, VaultLib(), Templar(loader=DataLoader(), variables={}), {})


def test_the_name_of_a_file_controls_no_terminal(tmp_path: Path) -> None:
    (tmp_path / "a\x1b[2J\u202e.yml").write_text(DOCUMENT)
    source = source_of(SYNC, {"src": "."}, {})
    assert source is not None
    records = read(source, tmp_path)
    params, errors, _warnings = validated(SYNC, {"accounts": records, "api_url": "https://a.example"})
    outcome = source.placed(failed(argument_error(SYNC, errors, params, {"accounts", "api_url"})))
    assert "a\\x1b[2J\\u202e.yml, line 5" in outcome["msg"]
    assert outcome["msg"].isprintable()
    assert all(problem["message"].isprintable() for problem in outcome["failure"]["problems"])


def test_what_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text(DOCUMENT)
    as_data, rendered = (read(source_of(SYNC, {option: "a.yml"}, {}), tmp_path) for option in ("src", "document"))
    assert as_data is not None
    assert rendered is not None
    assert as_data[0] == {"name": "Alarms", "smtp_server": "{{ relay }}"}
    assert rendered[0] == {"name": "Alarms", "smtp_server": "relay.example.com"}
    assert as_data[1:] == rendered[1:]


@pytest.mark.parametrize("text", ["email_settings: []\n", "email_accounts:\n", "email_accounts: null\n"])
def test_a_document_about_the_other_product(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.yml").write_text(text)
    assert read(source_of(SYNC, {"document": "a.yml"}, {}), tmp_path) is None


@pytest.mark.parametrize("value", ["[]", "'{{ [] }}'"])
def test_a_document_with_no_records(tmp_path: Path, value: str) -> None:
    (tmp_path / "a.yml").write_text(f"email_accounts: {value}\n")
    assert read(source_of(SYNC, {"document": "a.yml"}, {}), tmp_path) == []


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("email_accounts: hunter2", r"a\.yml, line 1: email_accounts must be a list of records$"),
        ("email_accounts: '{{ relay }}'", r"a\.yml, line 1: email_accounts must be a list of records$"),
        (
            "email_accounts:\n- name: a\n- name: b\n  password: 'hunter2{{ nothing }}'\n",
            r"a\.yml, line 4: email_accounts\[1\]\.password: a variable is not defined$",
        ),
    ],
)
def test_errors_have_a_place(tmp_path: Path, content: str, message: str) -> None:
    (tmp_path / "a.yml").write_text(content)
    with pytest.raises(InputError, match=message) as caught:
        read(source_of(SYNC, {"document": "a.yml"}, {}), tmp_path)
    assert "hunter2" not in str(caught.value)


def outcome(*fields: str) -> dict[str, Any]:
    problems = [{"field": field, "message": "is wrong"} for field in fields]
    return {"failed": True, "msg": "x", "failure": {"kind": "input", "problems": problems}}


def test_problems_get_their_places(tmp_path: Path) -> None:
    (tmp_path / "mail").mkdir()
    (tmp_path / "mail" / "a.yml").write_text(DOCUMENT)
    (tmp_path / "mail" / "b.yml").write_text("email_accounts:\n- name: C\n")
    source = source_of(SYNC, {"document": "mail"}, {})
    read(source, tmp_path)
    assert source is not None
    fields = ("accounts[1].smtp_port", "accounts[0]", "accounts[2].email", "accounts[3].name", "prune_limit")
    placed = source.placed(outcome(*fields))
    places = [f"({tmp_path}/mail/{place})" for place in ("a.yml, line 5", "a.yml, line 2", "b.yml, line 2")]
    assert [problem["message"] for problem in placed["failure"]["problems"]] == [
        *(f"is wrong {place}" for place in places),
        # What is not in the document has no place in it.
        "is wrong",
        "is wrong",
    ]
    assert placed["failure"]["kind"] == "input"
    assert all(place in placed["msg"] for place in places)


def test_an_outcome_without_problems_stays(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text(DOCUMENT)
    source = source_of(SYNC, {"document": "a.yml"}, {})
    read(source, tmp_path)
    assert source is not None
    for other in ({"changed": True}, outcome("prune_limit"), {"failed": True, "failure": {"kind": "connection"}}):
        assert source.placed(other) is other
    records = source_of(SYNC, {"src": "a.yml"}, {})
    assert records is not None
    problem = outcome("accounts[0].name")
    assert records.placed(problem) is problem


BAD = """\
- name: Alarms
- hunter2
- name: Invoices
  smtp_port: eleven
-
"""


@pytest.mark.parametrize(("option", "under_key"), [("src", True), ("src", False), ("document", True)])
def test_problems_of_records_have_a_line(tmp_path: Path, option: str, under_key: bool) -> None:
    """In both kinds of source, and beside elements that are no records."""
    content = "email_accounts:\n" + BAD if under_key else BAD
    (tmp_path / "a.yml").write_text(content)
    source = source_of(SYNC, {option: "a.yml"}, {})
    assert source is not None
    records = read(source, tmp_path)
    assert records is not None
    params, errors, _warnings = validated(SYNC, {"accounts": records})
    failure = failed(argument_error(SYNC, errors, params, {"accounts"}))
    problems = source.placed(failure)["failure"]["problems"]
    first = 2 if under_key else 1
    places = {
        problem["field"]: problem["message"].rpartition("(")[2]
        for problem in problems
        if "accounts" in problem["field"]
    }
    assert places == {
        "accounts[1]": f"{tmp_path}/a.yml, line {first + 1})",
        "accounts[2].smtp_port": f"{tmp_path}/a.yml, line {first + 3})",
        "accounts[3]": f"{tmp_path}/a.yml, line {first + 4})",
    }


def test_a_record_that_is_left_out_moves_no_other(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text("email_accounts:\n- '{{ omit }}'\n- name: A\n  smtp_port: x\n")
    source = source_of(SYNC, {"document": "a.yml"}, {})
    assert source is not None
    templar = Templar(loader=DataLoader(), variables={"omit": OMIT})
    records = source.read(lambda _kind, name: found(tmp_path, name), VaultLib(), templar, {"omit": OMIT})
    assert records == [{"name": "A", "smtp_port": "x"}]
    problem = {"field": "accounts[0].smtp_port", "message": "bad"}
    outcome = source.placed({"failed": True, "msg": "", "failure": {"kind": "input", "problems": [problem]}})
    assert "line 4" in outcome["msg"]


@pytest.mark.parametrize("option", ["src", "document", "from_variables"])
@pytest.mark.parametrize("value", [5, True, ["a", 5], [{"a": 1}], {"a": 1}])
def test_a_place_that_is_no_text(tmp_path: Path, option: str, value: Any) -> None:
    source = source_of(SYNC, {option: value}, VARIABLES)
    with pytest.raises(InputError) as raised:
        read(source, tmp_path)
    [problem] = raised.value.problems
    assert problem.field.startswith(option)
    assert "must be a" in problem.message


@pytest.mark.parametrize("option", ["src", "document"])
@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.json", '{"email_accounts": [\n {"name": "A,\n "email": "a"}]}', "line 2: a quote begins here that is not"),
        ("a.json", '{"email_accounts": [\n {"name": "A', "line 2: a quote begins here that is not closed"),
        ("a.json", '{"email_accounts": [\n {"name": "A\tB"}]}', "line 2: Invalid control character"),
        ("a.yml", "email_accounts:\n  - name: A\n    password: 'it's'\n", "line 3: a text goes on behind its quote"),
        ("a.yml", "email_accounts:\n  - {name: 'it's', id: 5}\n", "line 2: a text goes on behind its quote"),
        ("a.yml", "email_accounts:\n  - name: A\n---\nemail_accounts: []\n", "line 3: another document begins here"),
    ],
)
def test_quotes_and_second_documents_are_reported_where_they_are(
    tmp_path: Path, option: str, name: str, content: str, words: str
) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")
    with pytest.raises(InputError) as raised:
        read(source_of(SYNC, {option: name}, VARIABLES), tmp_path)
    assert words in str(raised.value)
