# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Folders' names: decoded, and recognised where they mean spam."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from imapclient.imap_utf7 import encode

from ansible_collections.mailfleet.email.plugins.module_utils._mail.folder_names import as_text, means_junk, same
from ansible_collections.mailfleet.email.plugins.module_utils._mail.junk_names import NAMES, all_names


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=30))
def test_modified_utf_7(name: str) -> None:
    assert as_text(encode(name)) == name


@pytest.mark.parametrize(
    ("wire", "name"),
    [
        (b"INBOX", "INBOX"),
        (b"&V4NXPpCuTvY-", "垃圾邮件"),
        (b"R&-D", "R&D"),
        ("Спам".encode(), "Спам"),
        # What cannot be decoded stays as it is.
        (b"R&D", "R&D"),
        (b"&V4NXPpCuTvY", "&V4NXPpCuTvY"),
        (b"&!!-", "&!!-"),
        (b"&AA-", "&AA-"),
        (b"&2AA-", "&2AA-"),
        (b"ind\xe9sirable", "ind\\xe9sirable"),
    ],
)
def test_what_a_server_sends(wire: bytes, name: str) -> None:
    assert as_text(wire) == name


def test_more_than_twenty_languages() -> None:
    assert len(NAMES) > 60
    assert "" not in list(all_names())


@pytest.mark.parametrize("name", list(all_names()))
def test_names_for_spam(name: str) -> None:
    """Each also decomposed, in capitals, with other signs between its words, further down, and not encoded at all."""
    decomposed = unicodedata.normalize("NFD", name)
    for form in (name, decomposed, name.upper(), name.replace(" ", "_"), name.replace(" ", "-"), f" {name}1"):
        for path, delimiter in ((form, "|"), (f"INBOX|{form}", "|"), (f"[Gmail]/{form}", "/"), (form, "")):
            assert means_junk(encode(path), delimiter), path
            assert means_junk(path.encode(), delimiter), path


@pytest.mark.parametrize(
    ("wire", "delimiter"),
    [
        (b"Junk-E-Mail", "/"),
        (b"JUNK E-MAIL", "/"),
        (b"junkmail", "/"),
        (b"INBOX.Spam", "."),
        (b"INBOX.spam", ""),
        (b"INBOX/Junk", ""),
        (b"[Gmail]/Spam", "/"),
        (b"[Google Mail]/Spam", "/"),
        (b"Public Folders\\Junk Email", "\\"),
        (b"user^me^Spam", "^"),
        # As some servers and migrations send them: cut off, encoded twice, in other encodings.
        (b"&V4NXPpCuTvY", "/"),
        (b"&-V4NXPpCuTvY-", "/"),
        (b"+V4NXPpCuTvY-", "/"),
        ("Courrier indésirable".encode("latin-1"), "/"),
        ("Courrier indésirable".encode().decode("latin-1").encode(), "/"),
        (encode("Courrier indésirable".encode().decode("cp1252")), "/"),
        ("垃圾邮件".encode("gb18030"), "/"),
        ("Нежелательная почта".encode("koi8-r"), "/"),
        ("Спам".encode("cp1251"), "/"),
        ("迷惑メール".encode("shift_jis"), "/"),
        # Names that the table lacked once, further down and in namespaces of others.
        (encode("INBOX.Courriels indésirables"), "."),
        (encode("INBOX.Mensajes no deseados"), "."),
        (encode("Other Users/anna/垃圾电子邮件"), "/"),
        (encode("user.anna.Nevēlams e-pasts"), "."),
        (encode("#shared/Непожелана пошта"), "/"),
        (encode("INBOX/İstenmeyenler"), ""),
    ],
)
def test_spam_in_other_forms(wire: bytes, delimiter: str) -> None:
    assert means_junk(wire, delimiter)


@pytest.mark.parametrize(
    "name",
    [
        *(
            "INBOX",
            "Sent",
            "Trash",
            "No spam",
            "Not Spam",
            "Ham",
            "Spam reports",
            "Spam/Learned",
            "Junkyard",
            "Bulk orders",
            "Spams from 2024",
            "Mensajes",
            "Indésirables traités",
        ),
        *("", "1", "Lixo", "Corbeille", "Papierkorb", "Корзина", "已删除", "Spam-Training", "antispam", "junk/old"),
    ],
)
def test_names_of_something_else(name: str) -> None:
    assert not means_junk(encode(name), "/")


def test_what_is_the_same_name() -> None:
    assert same("inbox") == "INBOX"
    assert same("spam") != same("Spam")
    assert same(unicodedata.normalize("NFD", "Gelöscht")) == same("Gelöscht")
