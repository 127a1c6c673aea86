# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Documents of records on the controller: YAML or JSON, one file or a directory of them, vault-encrypted or not.

They are read as data. No template in them is rendered, and no value gets the marks with which Ansible follows
templates, which is what makes reading a large document quick.
"""

from __future__ import annotations

import json
import typing as t
from functools import partial
from math import inf
from pathlib import Path

import yaml
from ansible.errors import AnsibleError
from ansible.parsing.vault import VaultLib, is_encrypted

from ansible_collections.mailfleet.email.plugins.plugin_utils._plain_yaml import (
    DEEPEST,
    Base,
    PlainLoader,
    TooDeep,
    check_depth,
    twice_in,
)
from ansible_collections.mailfleet.email.plugins.plugin_utils._regular_files import content_of_regular

ENDINGS = (".json", ".yaml", ".yml")
_MOST_NODES: t.Final = 1_000_000
_SINGLE: t.Final = frozenset((str, int, float, bool, type(None)))

Origin = tuple[Path, tuple[t.Union[str, int], ...]]
"""Where a record stands: its file, and the steps that lead to it there."""


class DocumentError(Exception):
    """A document that cannot be read, with its file and, where it is known, its line."""


class MisplacedRecords(DocumentError):
    """A file whose records do not stand where they must. `file` and `steps` lead to what stands there instead."""

    def __init__(self, file: Path, steps: tuple[str, ...], reason: str) -> None:
        super().__init__(f"{file}: {reason}")
        self.file, self.steps, self.reason = file, steps, reason


def records_of(source: str, key: str, vault: VaultLib) -> tuple[list[t.Any], list[Origin]]:
    """The records in a file, or in the files of a directory in the order of their names, and where each stands.

    A file holds a list of records, or a mapping with such a list under `key`. Raises `DocumentError`.
    """
    path = Path(source)
    files = [path]
    if path.is_dir():
        files = sorted(file for file in path.iterdir() if file.suffix in ENDINGS and not file.name.startswith("."))
        if not files:
            raise DocumentError(f"{path}: the directory holds no file that ends in {', '.join(ENDINGS)}")
    records: list[t.Any] = []
    origins: list[Origin] = []
    for file in files:
        held, steps = _records_in(file, key, vault)
        records += held
        origins += [(file, (*steps, index)) for index in range(len(held))]
    return records, origins


def _records_in(path: Path, key: str, vault: VaultLib) -> tuple[list[t.Any], tuple[str, ...]]:
    """The records of a file, and the keys below which they stand."""
    document = parsed_file(path, vault)
    if document is None:
        return [], ()
    records = (document.get(key) or []) if isinstance(document, dict) else document
    if isinstance(document, dict) and key not in document:
        found = sorted(str(name) for name in document)
        reason = f"the records must stand under {key}, but the file has {', '.join(found) or 'nothing'}"
        raise MisplacedRecords(path, tuple(found[:1]), reason)
    if not isinstance(records, list):
        raise MisplacedRecords(path, (key,), "the records must be a list")
    return records, (key,) if isinstance(document, dict) else ()


def parsed_file(path: Path, vault: VaultLib, literal: t.Callable[[str], str] = str) -> t.Any:
    """The data in a file. Raises `DocumentError`.

    `literal` makes what is marked with `!unsafe` or `!vault`, for those who have to tell it from other texts.
    """
    content = content_of(path, vault)
    data = _parsed(path, content, vault, literal)
    has_aliases = path.suffix != ".json" and b"*" in content and b"&" in content
    problem = _problem_of_size(data, _MOST_NODES if has_aliases else inf)
    if problem and has_aliases:
        problem = f"with its aliases written out, it has more than {_MOST_NODES} values, or no end"
    if problem:
        raise DocumentError(f"{path}: {problem}")
    return data


def _problem_of_size(data: t.Any, most: float) -> str | None:
    """Why data cannot be walked through, each alias written out; of what holds itself, it is the depth."""
    level, count = [data], 1
    for _depth in range(DEEPEST):
        parts = [node.values() if isinstance(node, dict) else node for node in level if isinstance(node, (dict, list))]
        count += sum(map(len, parts))
        if count > most:
            return f"has more than {most} values"
        # Most records hold single values only, which is seen without a look at each.
        level = [part for values in parts if not _SINGLE.issuperset(map(type, values)) for part in values]
        if not level:
            return None
    return f"is nested more than {DEEPEST} levels deep"


def content_of(path: Path, vault: VaultLib) -> bytes:
    """The content of a file, decrypted if it is encrypted. Raises `DocumentError`."""
    try:
        content = content_of_regular(path)
    except OSError as exc:
        raise DocumentError(f"{path}: {exc.strerror or 'cannot be read'}") from None
    if not is_encrypted(content):
        return content
    try:
        return t.cast(bytes, vault.decrypt(content))
    except AnsibleError:
        raise DocumentError(f"{path}: cannot be decrypted; give the vault's password to ansible-playbook") from None


def _parsed(path: Path, content: bytes, vault: VaultLib, literal: t.Callable[[str], str]) -> t.Any:
    try:
        if path.suffix == ".json":
            return json.loads(content, object_pairs_hook=partial(_object, path, vault, literal))
        check_depth(content)
        return yaml.load(content, _loader_with(vault, literal))  # noqa: S506  A loader of plain data, see there.
    except yaml.MarkedYAMLError as exc:
        line, words = _unclosed_quote(content, exc) or (_line_of(exc), _in_words(exc))
        raise DocumentError(f"{path}{f', line {line + 1}' if line is not None else ''}: {words}") from None
    except json.JSONDecodeError as exc:
        raise DocumentError(f"{path}, line {exc.lineno}: {_json_in_words(exc)}") from None
    except (yaml.YAMLError, ValueError, RecursionError) as exc:
        raise DocumentError(
            f"{path}: no readable {'JSON' if path.suffix == '.json' else 'YAML'} ({type(exc).__name__})"
        ) from None


def _object(path: Path, vault: VaultLib, literal: t.Callable[[str], str], pairs: list[tuple[str, t.Any]]) -> t.Any:
    """A JSON object, or the text that one stands for: Ansible writes an encrypted value as such."""
    found = dict(pairs)
    if "__ansible_vault" in found and len(pairs) == 1:
        try:
            return literal(t.cast(bytes, vault.decrypt(str(found["__ansible_vault"]).encode())).decode())
        except AnsibleError:
            problem = "a value cannot be decrypted; give the vault's password to ansible-playbook"
            raise DocumentError(f"{path}: {problem}") from None
    if len(found) < len(pairs):
        raise DocumentError(f"{path}: the key {twice_in(name for name, _value in pairs)} stands twice in one object")
    return found


def _json_in_words(error: json.JSONDecodeError) -> str:
    """What is wrong with a line of JSON. A quoted text ends in its line, so the next line is none of it."""
    ends_with_line = error.msg.startswith("Invalid control") and error.doc[error.pos : error.pos + 1] in ("\n", "\r")
    is_open = ends_with_line or error.msg.startswith("Unterminated string")
    return "a quote begins here that is not closed" if is_open else error.msg.removesuffix(" at")


def _line_of(error: yaml.MarkedYAMLError) -> int | None:
    return error.problem_mark.line if error.problem_mark else None


def _unclosed_quote(content: bytes, error: yaml.MarkedYAMLError) -> tuple[int, str] | None:
    """Where a quote begins that has no end, or takes the next quote for it; `None` where something else is wrong.

    YAML lets a quoted text go on over lines. So the parser stumbles further down only, or at the end of the file.
    """
    if error.context == "while scanning a quoted scalar" and error.context_mark:
        return error.context_mark.line, "a quote begins here that is not closed"
    if isinstance(error, TooDeep):
        return None
    stumbled = _line_of(error)
    last: tuple[int, int] | None = None
    try:
        for token in yaml.scan(content, Base):
            if isinstance(token, yaml.ScalarToken) and token.style in ("'", '"'):
                last = (token.start_mark.line, token.end_mark.line)
            if token.start_mark.line > (stumbled or 0):
                break
    except yaml.YAMLError:
        # The very error that is looked into.
        pass
    if last is None or last[1] != stumbled:
        return None
    if last[0] == last[1]:
        goes_on = (error.problem or "").startswith("did not find expected")
        return (last[0], "a text goes on behind its quote; write a quote within it twice") if goes_on else None
    return last[0], f"a quote begins here that is not closed before line {last[1] + 1}"


def _in_words(error: yaml.MarkedYAMLError) -> str:
    """What is wrong with a line. The text around it, and a tag or alias that is none, may be part of a secret."""
    if error.problem == "but found another document":
        return "another document begins here; a file holds one"
    if isinstance(error, (yaml.constructor.ConstructorError, yaml.composer.ComposerError)):
        return "a tag or an alias that is not known; put quotes around a value that begins with ! or *"
    return error.problem or "no readable YAML"


def _loader_with(vault: VaultLib, literal: t.Callable[[str], str]) -> t.Any:
    """A YAML loader of plain data, which knows `!vault` and `!unsafe` besides."""

    def decrypted(loader: t.Any, node: yaml.Node) -> str:
        try:
            return literal(t.cast(bytes, vault.decrypt(loader.construct_scalar(node).encode())).decode())
        except UnicodeDecodeError:
            raise yaml.MarkedYAMLError(problem="the encrypted value is no text", problem_mark=node.start_mark) from None
        except AnsibleError:
            raise yaml.MarkedYAMLError(
                problem="the value cannot be decrypted; give the vault's password to ansible-playbook",
                problem_mark=node.start_mark,
            ) from None

    class Loader(PlainLoader):
        """A class of its own, since constructors belong to the class."""

    Loader.add_constructor("!vault", decrypted)
    Loader.add_constructor("!unsafe", lambda loader, node: literal(loader.construct_scalar(node)))
    return Loader
