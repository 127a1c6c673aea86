# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The one list of products and kinds of record on the control node: documents, exports and the report look here.

A new kind of record is a line here, beside the folder of its product.
"""

from __future__ import annotations

import typing as t
from dataclasses import dataclass
from functools import partial

from ansible_collections.mailfleet.email.plugins.module_utils._engine.shown import shown
from ansible_collections.mailfleet.email.plugins.module_utils._products.itflex.options import itflex
from ansible_collections.mailfleet.email.plugins.module_utils._products.itflex.resource import EMAIL_ACCOUNT
from ansible_collections.mailfleet.email.plugins.module_utils._products.webitel.export import exported_settings
from ansible_collections.mailfleet.email.plugins.module_utils._products.webitel.options import webitel
from ansible_collections.mailfleet.email.plugins.module_utils._products.webitel_cloud.options import webitel_cloud
from ansible_collections.mailfleet.email.plugins.module_utils._products.webitel_cloud.resource import EMAIL_PROFILE
from ansible_collections.mailfleet.email.plugins.module_utils._resource.planning import shown_identity

if t.TYPE_CHECKING:
    from ansible_collections.mailfleet.email.plugins.module_utils._resource.exported import Exported, SecretField

    Exporter = t.Callable[[t.Sequence[t.Any], t.Sequence[t.Sequence[SecretField]]], list[Exported]]

COLLECTION: t.Final = "mailfleet.email."
# Checks talk to the mail server themselves, and ask no product.
_ASKS_NOBODY = "_check"


@dataclass(frozen=True)
class Kind:
    """A kind of record.

    `name` is what one record of it is called in the report and what the names of its modules begin with; `key` is
    its list in documents, in exports and in the results of its `_info` module. `product` is the folder of its product,
    `title` the product's name, `variables` the beginning of its environment variables, `connection` the options that
    say how its server is reached. `identity` gives the option that a record is found by, and its value, `None` where
    there is none; `exporter` makes entries of live records. `mail_server` are the fields that name the mail server of
    a test message, the first that is given, and `port` is the field of its port. `weakens_tls` says of the fields that
    change, by their paths, whether TLS gets less. `consents` are the options of its own that the module about many has
    beside those of all such modules.
    """

    name: str
    key: str
    product: str
    title: str
    variables: str
    connection: tuple[str, ...]
    identity: t.Callable[[t.Mapping[str, t.Any]], tuple[str, t.Any]]
    exporter: Exporter
    mail_server: tuple[str, ...]
    port: str
    weakens_tls: t.Callable[[t.Mapping[str, t.Any]], bool]
    consents: tuple[str, ...] = ()

    @property
    def sync_module(self) -> str:
        """The full name of the module that brings many records to their state."""
        return f"{COLLECTION}{self.key}_sync"

    @property
    def info_module(self) -> str:
        """The full name of the module that reads records."""
        return f"{COLLECTION}{self.name}_info"


def _settings_weaken_tls(after: t.Mapping[str, t.Any]) -> bool:
    # Without TLS from the first byte, Nodemailer demands it later only where it is set to.
    demanded = after.get("options.extra.requireTLS")
    clear = after.get("options.secure") is False and demanded is not True
    return clear or demanded is False or after.get("options.extra.ignoreTLS") is True


KINDS: t.Final = (
    Kind(
        "email_settings",
        "email_settings",
        product="webitel",
        title="Webitel",
        variables="WEBITEL",
        connection=tuple(webitel({})),
        identity=lambda options: ("domain", shown(options["domain"]) if options.get("domain") else None),
        exporter=exported_settings,
        mail_server=("host",),
        port="port",
        weakens_tls=_settings_weaken_tls,
    ),
    Kind(
        EMAIL_ACCOUNT.kind,
        EMAIL_ACCOUNT.plural,
        product=EMAIL_ACCOUNT.product.name,
        title="iTFLEX",
        variables=EMAIL_ACCOUNT.product.variables,
        connection=tuple(itflex({})),
        identity=partial(shown_identity, EMAIL_ACCOUNT),
        exporter=EMAIL_ACCOUNT.exported,
        mail_server=("smtp_server", "service"),
        port="smtp_port",
        weakens_tls=lambda after: after.get("smtp_crypt") == "none",
        consents=("remove_in_use",),
    ),
    Kind(
        EMAIL_PROFILE.kind,
        EMAIL_PROFILE.plural,
        product=EMAIL_PROFILE.product.name,
        title="Webitel (email profiles)",
        variables=EMAIL_PROFILE.product.variables,
        connection=tuple(webitel_cloud({})),
        identity=partial(shown_identity, EMAIL_PROFILE),
        exporter=EMAIL_PROFILE.exported,
        mail_server=("smtp_host",),
        port="smtp_port",
        # A profile has no field about it.
        weakens_tls=lambda _after: False,
        consents=("erase_stored_mail",),
    ),
)

DOCUMENT_KEYS: t.Final = tuple(kind.key for kind in KINDS)
"""The lists that a document may hold."""

TITLES: t.Final = {kind.product: kind.title for kind in KINDS}
"""What each product is called."""


def kind_of(module: str) -> Kind | None:
    """The kind of record that a module is about, by its full name; `None` where it asks no product."""
    if not module.startswith(COLLECTION) or module.endswith(_ASKS_NOBODY):
        return None
    return next((kind for kind in KINDS if module.startswith(f"{COLLECTION}{kind.name}")), None)
