# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads the addresses in a text as Nodemailer 1.x does, with its addressparser 0.3 and buildmail 2.0."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.quoprimime import header_encode

# What begins a part of a text, and what ends it.
_OPERATORS = {'"': '"', "(": ")", "<": ">", ",": "", ":": ";", ";": ""}
_STATES = {"<": "address", "(": "comment", ":": "group"}
_WHOLE_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+")
_ADDRESS_WITHIN = re.compile(r"\s*\b[^@\s]+@[^@\s]+\b\s*")
_PLAIN_NAME = re.compile(r"[\w ']*", re.ASCII)


@dataclass(frozen=True)
class Address:
    """One address with its name, or a group of them; what is missing is empty."""

    name: str
    address: str = ""
    group: tuple[Address, ...] | None = None

    def __str__(self) -> str:
        """As a header has it."""
        if self.group is not None:
            return f"{_encoded_name(self.name)}:{header_value(self.group)};"
        return f"{_encoded_name(self.name)} <{self.address}>" if self.name else self.address


def envelope_address(text: str) -> str:
    """The first address of a text, as it stands in the envelope; empty where there is none."""
    return next(iter(_all_of(addresses(text))), "")


def header_value(found: list[Address] | tuple[Address, ...]) -> str:
    """Addresses as a header has them; those without an address are left out."""
    return ", ".join(str(one) for one in found if one.address or one.group is not None)


def _all_of(found: list[Address] | tuple[Address, ...]) -> list[str]:
    return [text for one in found for text in ([one.address] if one.address else _all_of(one.group or ()))]


def addresses(text: str) -> list[Address]:
    """All addresses of a text, encoded as they are sent; a piece without an address counts as one without."""
    pieces: list[list[tuple[bool, str]]] = [[]]
    for is_operator, value in _tokens(text):
        if is_operator and value in (",", ";"):
            pieces.append([])
        else:
            pieces[-1].append((is_operator, value))
    return [_address(piece) for piece in pieces if piece]


def _tokens(text: str) -> list[tuple[bool, str]]:
    """The operators of a text, and what stands between them."""
    tokens: list[tuple[bool, str]] = []
    awaited, escaped, fresh = "", False, True
    for char in text:
        is_end, is_begin = bool(awaited) and char == awaited, not awaited and char in _OPERATORS
        was_escaped, escaped = escaped, False
        if (is_end or is_begin) and not was_escaped:
            tokens.append((True, char))
            awaited = "" if is_end else _OPERATORS[char]
            fresh = True
        elif char == "\\" and not was_escaped:
            escaped = True
        else:
            kept = "\\" if was_escaped and char not in _OPERATORS and char != "\\" else ""
            if fresh:
                tokens.append((False, ""))
                fresh = False
            tokens[-1] = (False, tokens[-1][1] + kept + char)
    return [(is_operator, value.strip()) for is_operator, value in tokens if value.strip()]


def _address(tokens: list[tuple[bool, str]]) -> Address:
    state = "text"
    parts: dict[str, list[str]] = {"address": [], "comment": [], "group": [], "text": []}
    for is_operator, value in tokens:
        if is_operator:
            state = _STATES.get(value, "text")
        else:
            parts[state].append(value)
    if not parts["text"]:
        parts["text"], parts["comment"] = parts["comment"], []
    if (True, ":") in tokens:
        return Address(" ".join(parts["text"]), group=tuple(addresses(",".join(parts["group"]))))
    if not parts["address"]:
        parts["address"] = _address_in(parts["text"])
    if not parts["text"]:
        parts["text"] = parts["comment"]
    name, address = " ".join([*parts["text"], *parts["address"][1:]]), " ".join(parts["address"][:1])
    if not address or name in ("", address):
        # What has no @ is a name, wherever it stands.
        only = address or name
        return Address("", _encoded(only)) if "@" in only else Address(only)
    return Address(name, _encoded(address))


def _address_in(texts: list[str]) -> list[str]:
    """Take an address out of the texts: the last that is one, else the last that has one in it."""
    for index in reversed(range(len(texts))):
        if _WHOLE_ADDRESS.fullmatch(texts[index]):
            return [texts.pop(index)]
    for index in reversed(range(len(texts))):
        if found := _ADDRESS_WITHIN.search(texts[index]):
            texts[index] = f"{texts[index][: found.start()]} {texts[index][found.end() :]}".strip()
            return [found[0].strip()]
    return []


def _encoded(address: str) -> str:
    """An address as it is sent: other alphabets as words of a header before the @, and as the DNS has them after it."""
    local_part, at, domain = address.partition("@")
    if not local_part.isascii():
        local_part = _encoded_word(local_part)
    try:
        return f"{local_part}{at}{domain if domain.isascii() else domain.encode('idna').decode()}"
    except UnicodeError:
        return f"{local_part}{at}{domain}"


def _encoded_name(name: str) -> str:
    if _PLAIN_NAME.fullmatch(name):
        return name
    if name.isascii() and name.isprintable():
        return '"' + re.sub(r'([\\"])', r"\\\1", name) + '"'
    return _encoded_word(name)


def _encoded_word(text: str) -> str:
    return header_encode(text.encode(), "UTF-8").replace("?q?", "?Q?", 1)
