# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which names are domains, which mean one record, and which only look alike."""

from __future__ import annotations

import unicodedata

import pytest

from ansible_collections.mailfleet.email.plugins.module_utils._engine import names
from ansible_collections.mailfleet.email.plugins.module_utils._engine.looks import (
    Looks,
    alike_message,
    distinct,
    look,
)
from ansible_collections.mailfleet.email.plugins.module_utils._engine.names import (
    address_key,
    domain_key,
    is_domain,
    spellings,
)
from ansible_collections.mailfleet.email.plugins.module_utils._engine.prune import is_kept

NFC = unicodedata.normalize("NFC", "Zo\u00eb")
NFD = unicodedata.normalize("NFD", NFC)


@pytest.fixture(autouse=True)
def _judged_afresh() -> None:
    # An answer that another test has asked for says nothing of how it is found.
    names._a_labels.cache_clear()


@pytest.mark.parametrize(
    "domain",
    [
        "my.example.com",
        "MY.Example.com",
        "localhost",
        "10.10.10.144",
        "_dmarc.example.com",
        "my_pbx",
        "xn--strae-oqa.example",
        "stra\u00dfe.example",
        "b\u00fccher.example",
        "B\u00dcCHER.example",
        "\u4f8b\u3048.jp",
        "a" * 63 + ".example",
    ],
)
def test_domains(domain: str) -> None:
    assert is_domain(domain)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "*",
        ".",
        "x.",
        "x..",
        ".x",
        "a..b",
        "*.example.com",
        "a b",
        " a",
        "a\n",
        "a/b",
        "a:25",
        "a@b",
        "-a.example",
        "a-.example",
        "a" * 64 + ".example",
        "a." * 130 + "example",
        "my\u200b.example",
        "\u200b",
        "my\u200d.example",
        "\ufeffmy.example",
        "my\u00ad.example",
        "my\u2060.example",
        "my\u202e.example",
        "b" + unicodedata.normalize("NFD", "\u00fc") + "cher.example",
        "\uff4dy.example",
        "my\u3002example",
        "my\uff0eexample",
        "\u212aelvin.example",
        "\U0001f4a9.example",
    ],
)
def test_no_domains(text: str) -> None:
    assert not is_domain(text)
    assert domain_key(text) == text or text == "x."


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("My.Example.COM", "my.example.com"),
        ("my.example.com.", "my.example.com"),
        ("stra\u00dfe.example", "xn--strae-oqa.example"),
        ("STRA\u1e9eE.example", "stra\u00dfe.example"),
        ("B\u00dcCHER.example", "XN--bcher-kva.example"),
    ],
)
def test_one_domain(one: str, other: str) -> None:
    assert domain_key(one) == domain_key(other)
    for local in ("Local", '"a@B.example"'):
        assert address_key(f"{local}@{one}") == address_key(f"{local}@{other}")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("stra\u00dfe.example", "strasse.example"),
        ("\ufb01.example", "fi.example"),
        ("\u0130.example", "i.example"),
        ("\u0131.example", "i.example"),
        ("\u03c2.example", "\u03c3.example"),
        ("\u017f.example", "s.example"),
        ("\u212a.example", "k.example"),
        ("\uff41.example", "a.example"),
        ("x..", "x"),
        ("a\u200bb", "ab"),
    ],
)
def test_two_domains(one: str, other: str) -> None:
    assert domain_key(one) != domain_key(other)
    assert address_key(f"a@{one}") != address_key(f"a@{other}")


@pytest.mark.parametrize(
    ("one", "other"),
    [("strau\u00df@a.example", "strauss@a.example"), ("A@a.example", "a@a.example"), (f"{NFC}@a.b", f"{NFD}@a.b")],
)
def test_local_parts_are_compared_exactly(one: str, other: str) -> None:
    assert address_key(one) != address_key(other)


def test_other_spellings_of_a_domain() -> None:
    assert spellings("my.example.com") == []
    assert spellings("My.example.com") == []
    assert spellings("b\u00fccher.example") == ["xn--bcher-kva.example"]
    assert spellings("xn--bcher-kva.example") == ["b\u00fccher.example"]
    assert spellings("*") == []
    assert spellings("_dmarc.b\u00fccher.example") == ["_dmarc.xn--bcher-kva.example"]
    assert spellings("_dmarc.xn--bcher-kva.example") == ["_dmarc.b\u00fccher.example"]
    assert spellings("B\u00dcCHER.example") == ["xn--bcher-kva.example", "b\u00fccher.example"]


@pytest.mark.parametrize(
    "name",
    [
        "Certificates ",
        " Certificates",
        "Certificates\u00a0",
        "Certificates\t",
        "Certificates.",
        "Certificates. ",
        "C\u200bertificates",
        "Certificate\u00ads",
        "\ufeffCertificates",
        "Certificates\ufe0f",
        "Certificates\u202c",
        "Certificates\u3164",
        "\uffa0Certificates",
        "C\u2800ertificates",
        "Certificates\U000e0101",
    ],
)
def test_names_that_look_alike(name: str) -> None:
    assert look(name) == "Certificates"
    assert Looks([name]).alike("Certificates") == name
    message = alike_message("Certificates", name, "Then what.")
    assert '"Certificates" is not live' in message
    assert message.isprintable()
    assert distinct(name) in message
    assert distinct(name) != distinct("Certificates")


def test_a_name_of_what_nobody_sees_makes_no_endless_message() -> None:
    assert len(alike_message("A", f"A{chr(0x200B) * 100_000}", "Then what.")) < 2_000


def test_a_name_that_is_cut_says_so() -> None:
    assert distinct("A" * 200) == f'"{"A" * 200}"'
    assert distinct("A" * 201) == f'"{"A" * 200}\u2026"'


def test_blanks_between_words_and_forms_of_unicode() -> None:
    assert look("MAX") == "MAX"
    assert look("Two  words") == look("Two\u00a0words") == "Two words"
    assert look(NFC) == look(NFD)
    assert distinct(NFC) == f'"{NFC}"'
    assert distinct(NFD) == '"Zoe\\u0308"'


@pytest.mark.parametrize(
    "other", ["certificates", "Certificate", "Certificates 1", "Cert ificates", "C\u0435rtificates"]
)
def test_names_that_do_not_look_alike(other: str) -> None:
    assert Looks([other]).alike("Certificates") is None


def test_what_a_pattern_keeps() -> None:
    assert is_kept(["xn--strae-oqa.example"], ["stra\u00dfe.example"])
    assert is_kept(["STRASSE.example"], ["strasse.*"])
    assert is_kept([NFD], [NFC])
    assert not is_kept(["strasse.example"], ["stra\u00dfe.example"])
