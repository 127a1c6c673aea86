# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What documents that users write and answers that servers give must look like, checked with voluptuous.

voluptuous is imported where a schema is compiled, not with this file: the import takes longer than most checks.
"""

from __future__ import annotations

import re
import typing as t
from dataclasses import dataclass
from unicodedata import normalize

from .names import is_domain
from .placeholder import placeholder_problem
from .secret import reveal
from .shown import quoted

if t.TYPE_CHECKING:
    import voluptuous

_MOST_PROBLEMS = 1000
_ITEMS_BETWEEN = 1000
_ADDRESS = re.compile(r"[^@\s<>,;:\"\x00-\x1f\x7f]+@[^@\s<>,;:\"\x00-\x1f\x7f]+")
_NAMED_ADDRESS = re.compile(r"[^\r\n\x00<>]*<(?P<address>[^<>]*)>\s*")
_NAME = r"[^:\s/?#&@\"'<>\[\]\\\x00-\x20\x7f]*"
_HOST = re.compile(rf"{_NAME}|\[?[0-9A-Fa-f.]*:[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*(%\w+)?\]?")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_DIGITS = re.compile(r"\s*(?:\d{1,20}\s*)?")
_HEADER_VALUE = re.compile(r"[\x21-\x7e]+")
Validator = t.Callable[[object], object]


@dataclass(frozen=True)
class Problem:
    """What is wrong with one field: its dotted path, and a text that never holds a secret."""

    field: str
    message: str

    def __str__(self) -> str:
        return f"{self.field}: {self.message}" if self.field else self.message


class InputError(Exception):
    """Everything that is wrong with the input, or with what it asks for. Raised before anything is written."""

    def __init__(self, subject: str, problems: t.Sequence[Problem]) -> None:
        self.subject = subject
        self.problems = tuple(problems)
        super().__init__(subject, self.problems)

    def __str__(self) -> str:
        texts = [str(problem) for problem in self.problems]
        if len(texts) == 1:
            return f"{self.subject}: {texts[0]}"
        return f"{self.subject}: {len(texts)} problems: " + "; ".join(texts)

    def details(self) -> dict[str, t.Any]:
        """The error as data, for the `failure` of a result."""
        return {
            "kind": "input",
            "problems": [{"field": problem.field, "message": problem.message} for problem in self.problems],
        }


def is_header_value(value: str) -> bool:
    """Whether `value` can be sent in an HTTP header as it is."""
    return _HEADER_VALUE.fullmatch(value) is not None


def _invalid(message: str) -> Exception:
    from voluptuous import Invalid

    return Invalid(message)


def address(value: object) -> object:
    """Validator: an e-mail address, `local@domain`."""
    if not isinstance(value, str) or not _is_address(value):
        raise _invalid(f"must be an e-mail address such as mail@example.com, not {quoted(value, mailbox=True)}")
    return value


def _is_address(text: str) -> bool:
    name = normalize("NFC", text.rpartition("@")[2])
    return _ADDRESS.fullmatch(text) is not None and text.isprintable() and (name[:1] == "[" or is_domain(name))


def sender(value: object) -> object:
    """Validator: an e-mail address, or a name with one, `Name <local@domain>`."""
    named = _NAMED_ADDRESS.fullmatch(value) if isinstance(value, str) else None
    if not isinstance(value, str) or not _is_address(named["address"] if named else value):
        raise _invalid(f"must be an e-mail address, or a name and an address in <>, not {quoted(value, mailbox=True)}")
    return value


def domain(value: object) -> object:
    """Validator: a domain name."""
    if not isinstance(value, str) or not is_domain(value):
        from .looks import look

        meant = look(value) if isinstance(value, str) else ""
        more = f". Is {meant} meant?" if meant and is_domain(meant) else ""
        raise _invalid(f"must be a domain name such as my.example.com, not {quoted(value)}{more}")
    return value


def host(value: object) -> object:
    """Validator: the name or address of a server, without a port or a scheme."""
    if not isinstance(value, str) or not _HOST.fullmatch(value):
        raise _invalid(f"must be the name or the address of a server, not {quoted(value)}")
    return value


def port(value: object) -> object:
    """Validator: a TCP port."""
    if not _is_integer(value) or not 1 <= t.cast(int, value) <= 65535:
        raise _invalid(f"must be a port from 1 to 65535, not {value!r}")
    return value


def password(value: object) -> object:
    """Validator: a password, not what somebody shows in place of one. The message does not repeat a password."""
    problem = placeholder_problem(reveal(value))
    if problem:
        raise _invalid(problem)
    return value


def title(value: object) -> object:
    """Validator: a name that shows: one line, not empty."""
    if isinstance(value, str) and not value.strip():
        raise _invalid("must not be empty")
    return one_line(value)


def one_line(value: object) -> object:
    """Validator: a text without line breaks and other control characters."""
    if not isinstance(value, str) or _CONTROL.search(value):
        raise _invalid("must be one line of text, without control characters")
    if value and not value.strip():
        raise _invalid("is blank: give it, or leave it out")
    return value


def integer(value: object) -> object:
    """Validator for answers: a whole number."""
    return _if(_is_integer(value), value, "a whole number")


def digits(value: object) -> object:
    """Validator for answers: a whole number, its digits, or nothing."""
    has_digits = isinstance(value, str) and _DIGITS.fullmatch(value) is not None
    return _if(value is None or _is_integer(value) or has_digits, value, "a number")


def text(value: object) -> object:
    """Validator for answers: a text or nothing."""
    return _if(value is None or isinstance(value, str), value, "a text")


def flag(value: object) -> object:
    """Validator for answers: true, false or nothing."""
    return _if(value is None or isinstance(value, bool), value, "true or false")


def mapping(value: object) -> object:
    """Validator for answers: an object or nothing."""
    return _if(value is None or isinstance(value, dict), value, "an object")


def _if(fits: bool, value: object, wanted: str) -> object:
    if not fits:
        raise _invalid(f"must be {wanted}, not {type_name(value)}")
    return value


def _is_integer(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def type_name(value: object) -> str:
    """The JSON name of a value's type: the value itself may be a secret in the wrong place."""
    # Values of Ansible are of types derived from these.
    names: dict[type, str] = {dict: "an object", list: "a list", str: "a text", bool: "a boolean", type(None): "null"}
    return next((name for kind, name in names.items() if isinstance(value, kind)), "a number")


def problems_of(data: object, schema: voluptuous.Schema) -> list[Problem]:
    """Check data against a schema. Returns every problem, in the order of the fields' names."""
    from voluptuous import MultipleInvalid

    try:
        schema(data)
    except MultipleInvalid as exc:
        return sorted((_problem(error) for error in exc.errors), key=lambda problem: problem.field)
    return []


def field_problems(fields: t.Mapping[str, t.Any], checks: t.Mapping[str, Validator]) -> list[Problem]:
    """What is wrong with fields that have a validator each. Returns every problem, in the order of the fields' names.

    A schema of the same validators says the same. It takes several times as long, and finds the words for a problem.
    """
    try:
        for name, value in fields.items():
            checks[name](value)
    except Exception:  # noqa: BLE001  To name the error would be to import voluptuous, which is asked next and tells it.
        from voluptuous import Schema

        return problems_of(fields, Schema(dict(checks)))
    return []


def problems_of_each(items: object, schema: voluptuous.Schema, go_on: t.Callable[[], None]) -> list[Problem]:
    """Check a list of records, each against the same schema. Returns the problems of all of them, a thousand at most.

    To find the words for a problem takes long, and a server can list millions of records that all have one. What has
    none takes its time too: `go_on` is called now and then, and may raise.
    """
    if not isinstance(items, list):
        return [Problem("", f"must be a list, not {type_name(items)}")]
    found: list[Problem] = []
    for index, item in enumerate(items):
        if index % _ITEMS_BETWEEN == 0:
            go_on()
        for problem in problems_of(item, schema):
            path = f"[{index}].{problem.field}" if problem.field else f"[{index}]"
            found.append(Problem(path, problem.message))
        if len(found) >= _MOST_PROBLEMS:
            break
    return found[:_MOST_PROBLEMS]


def _problem(error: voluptuous.Invalid) -> Problem:
    path = ""
    for part in error.path:
        path += f"[{part}]" if isinstance(part, int) else f".{part}" if path else str(part)
    # What voluptuous calls a dictionary is an object to who wrote the JSON.
    return Problem(path, error.error_message.replace("expected a dictionary", "must be an object"))
