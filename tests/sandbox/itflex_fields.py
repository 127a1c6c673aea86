# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The fields of an iTFLEX account: what a request may carry, and how an answer shows what is stored."""

from __future__ import annotations

import random
import re
from typing import TYPE_CHECKING, Any

from .traps import PASSWORD_MASK

if TYPE_CHECKING:
    from collections.abc import Callable

    from .itflex_store import Account
    from .traps import Traps

Problem = dict[str, str]

_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
_HIGHEST_PORT = 65535
_OPTIONAL = ("password", "smtp_server", "smtp_port", "smtp_crypt", "smtp_auth_mechanism")
_SHOWN_ORDER = ("id", "default", "name", "email", "service", "has_auth", *_OPTIONAL, "created_at", "updated_at")

_REQUIRED_TEXT = "Campo obrigatório."
_UNKNOWN_TEXT = "Campo desconhecido."
_MESSAGES = {
    "boolean": "Deve ser verdadeiro ou falso.",
    "text": "Deve ser um texto.",
    "name": "Deve ser um texto de 1 a 255 caracteres.",
    "address": "Endereço de email inválido.",
    "port": "Deve ser um número inteiro entre 1 e 65535.",
}


def problem(field: str, kind: str, text: str) -> Problem:
    """Return one entry of the vendor's list of errors."""
    return {"field": field, "type": kind, "msg": text}


def is_address(value: object) -> bool:
    """Say whether the value has the form of an e-mail address."""
    return isinstance(value, str) and _ADDRESS.fullmatch(value) is not None


def check(body: Any, traps: Traps, *, creating: bool, required: tuple[str, ...] = ()) -> tuple[Account, list[Problem]]:
    """Return the account that the body describes, or everything that is wrong with it.

    The account's authentication flag is called ``has_auth`` whatever the request has to call it. ``required`` names
    fields that this request needs besides an account's own.
    """
    if not isinstance(body, dict):
        return {}, [problem("data", "invalid", "Deve ser um objeto JSON.")]
    if creating and traps.itflex_auth_required == "off":
        body = {traps.itflex_auth_field: False, **body}
    required = ("default", "name", "email", "service", traps.itflex_auth_field, *required)
    known = {*required, *_OPTIONAL}
    problems = [problem(field, "required", _REQUIRED_TEXT) for field in required if body.get(field) is None]
    if traps.itflex_unknown_fields == "reject":
        problems += [problem(field, "invalid", _UNKNOWN_TEXT) for field in body if field not in known]
    account = {field: value for field, value in body.items() if field in known and not _absent(field, value, traps)}
    for field, value in account.items():
        text = _CHECKS[field](value, traps)
        if text is not None:
            problems.append(problem(field, "invalid", text))
    return ({}, problems) if problems else (_as_stored(account, traps), [])


def _absent(field: str, value: object, traps: Traps) -> bool:
    """Say whether the value stands for none; a server that shows such fields as "" takes that back, too."""
    return value is None or (value == "" and traps.itflex_absent == "empty" and field in _OPTIONAL[1:])


def _as_stored(account: Account, traps: Traps) -> Account:
    account["has_auth"] = account.pop(traps.itflex_auth_field)
    if "smtp_port" in account:
        account["smtp_port"] = int(account["smtp_port"])
    if traps.itflex_normalise == "on":
        account["email"] = account["email"].lower()
    return account


def _choice(*values: str) -> Callable[[object, Traps], str | None]:
    text = f"Valor inválido. Valores possíveis: {', '.join(values)}."
    return lambda value, _traps: None if value in values else text


def _port(value: object, traps: Traps) -> str | None:
    if isinstance(value, str) and value.isdecimal() and traps.itflex_port == "string":
        value = int(value)
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return None if is_number and 0 < int(str(value)) <= _HIGHEST_PORT else _MESSAGES["port"]


def _name(value: object, _traps: Traps) -> str | None:
    return None if isinstance(value, str) and 0 < len(value.strip()) <= 255 else _MESSAGES["name"]


def _address(value: object, _traps: Traps) -> str | None:
    return None if is_address(value) else _MESSAGES["address"]


def _boolean(value: object, _traps: Traps) -> str | None:
    return None if isinstance(value, bool) else _MESSAGES["boolean"]


def _text(value: object, _traps: Traps) -> str | None:
    return None if isinstance(value, str) else _MESSAGES["text"]


_CHECKS: dict[str, Callable[[object, Traps], str | None]] = {
    "default": _boolean,
    "name": _name,
    "email": _address,
    "service": _choice("gmail", "outlook", "other"),
    "has_auth": _boolean,
    "hash_auth": _boolean,
    "password": _text,
    "smtp_server": _text,
    "smtp_port": _port,
    "smtp_crypt": _choice("none", "ssl-tls", "starttls"),
    "smtp_auth_mechanism": _choice("plain", "login", "cram-md5"),
    "to_email": _address,
}


def shown(account: Account, traps: Traps) -> dict[str, Any]:
    """Return the account as an answer shows it."""
    document: dict[str, Any] = {}
    for field in _SHOWN_ORDER:
        value = _shown_value(field, account.get(field), traps)
        if value is None and traps.itflex_absent == "empty":
            value = ""
        hidden = value is None and traps.itflex_absent == "omit"
        if not hidden and not (field == "password" and traps.itflex_passwords == "omit"):
            document[traps.itflex_auth_field if field == "has_auth" else field] = value
    if traps.itflex_extra == "on":
        document.update(last_error=None, quota={"used": 3})
    return _shuffled(document) if traps.itflex_shuffle == "on" else document


def _shown_value(field: str, value: object, traps: Traps) -> object:
    if field == "password" and traps.itflex_passwords == "blank":
        return ""
    if value is None:
        return None
    if field == "password" and traps.itflex_passwords == "mask":
        return PASSWORD_MASK
    return str(value) if field == "smtp_port" and traps.itflex_port == "string" else value


def _shuffled(document: dict[str, Any]) -> dict[str, Any]:
    return dict(random.sample(list(document.items()), len(document)))
