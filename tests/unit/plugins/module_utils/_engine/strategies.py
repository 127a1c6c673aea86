# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Records for property tests: nested JSON data, secrets at places that hold secrets."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from ansible_collections.mailfleet.email.plugins.module_utils._engine import secret
from ansible_collections.mailfleet.email.plugins.module_utils._engine.harmless import with_opened

# Long enough to be found in a rendered text, and unlike anything else that stands in one.
SECRET_MARK = "s3cr3t!"

NAMES = ["host", "port", "user", "secure", "tls", "auth", "extra", "note"]
# What is below them may be shown, but for fields whose names speak of secrets.
HARMLESS = with_opened({}, [*NAMES, "proxy", "url", "list"])

names = st.sampled_from(NAMES)
secret_names = st.sampled_from(["pass", "password", "clientSecret", "access_token", "privateKey", "key"])
secret_texts = st.text(alphabet="abc", max_size=3).map(lambda text: SECRET_MARK + text)
plain_texts = st.text(alphabet="ab 1*", max_size=4)
urls = st.sampled_from(["http://proxy.example.com", f"http://user:{SECRET_MARK}@proxy.example.com"])

scalars = st.none() | st.booleans() | st.integers(-3, 600) | plain_texts


def _fields(values: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    plain = st.dictionaries(names, values, max_size=4)
    secret = st.dictionaries(secret_names, secret_texts | st.just("********") | st.just(""), max_size=2)
    return st.builds(lambda left, right: {**left, **right}, plain, secret)


json_values = st.recursive(scalars, lambda inner: _fields(inner) | st.lists(inner, max_size=3), max_leaves=12)
json_records = _fields(json_values)
# Every shape meets every other one here: a mapping where the other side has a list, an address, or a secret.
mixed_records = st.fixed_dictionaries(
    {},
    optional={
        "proxy": json_values | urls,
        "url": json_values | urls,
        "auth": json_values,
        "password": secret_texts | st.lists(secret_texts, max_size=2),
    },
)


def wrapped(record: Any, *, shown: bool = False) -> Any:
    """A record with its secrets wrapped, as of a product whose fields `HARMLESS` are known."""
    return secret.wrap(record, HARMLESS, shown=shown)
