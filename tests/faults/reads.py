# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One task of each product that begins with a read, and how its failure must look to a user."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from ansible_collections.mailfleet.email.plugins.module_utils._products.itflex.info_spec import EMAIL_ACCOUNT_INFO
from ansible_collections.mailfleet.email.plugins.module_utils._products.webitel.specs import EMAIL_SETTINGS_INFO
from tests.unit.plugins.module_utils.running import Runner

if TYPE_CHECKING:
    from ansible_collections.mailfleet.email.plugins.module_utils._resource.spec import ModuleSpec

TOKEN = "planted-token-5d1c7e02"
# What a test waits at most for a server that never ends, far more than any machine needs.
PATIENCE = 20.0
_SHORT = 0.3


@dataclass(frozen=True)
class Read:
    """A task that reads, the path of its first request, and the good answer to that."""

    spec: ModuleSpec
    path: str
    options: dict[str, Any]
    good: Any

    def run(self, url: str, **connection: Any) -> dict[str, Any]:
        """Return the task's result, when the server listens at ``url``; a time limit that is short, unless given."""
        defaults = {"api_url": url, "access_token": TOKEN, "retries": 0, "timeout": _SHORT}
        result = Runner({**defaults, **connection}).run(self.spec, **self.options)
        assert TOKEN not in str(result)
        return result

    def failure(self, url: str, kind: str, **connection: Any) -> str:
        """Return the words of the task's failure, which is of this kind, names the request and says what to do."""
        result = self.run(url, **connection)
        assert result.get("failed"), result
        assert result["failure"]["kind"] == kind, result["msg"]
        assert f"GET {url}{self.path}: " in result["msg"]
        assert result["failure"]["request"] == {"method": "GET", "url": f"{url}{self.path}"}
        assert any(advice in result["msg"] for advice in ("Check ", "Correct ", "Give ", "Raise ", "set api_url")), (
            result["msg"]
        )
        return str(result["msg"])


ITFLEX = Read(EMAIL_ACCOUNT_INFO, "/api/email/accounts", {}, [{"id": 1, "name": "Certificates", "has_auth": False}])
WEBITEL = Read(
    EMAIL_SETTINGS_INFO,
    "/api/v2/email/settings?domain=a.example",
    {"domains": ["a.example"]},
    {"_id": "1", "domain": "a.example", "provider": "smtp", "options": {"host": "smtp.a.example"}},
)
by_product = pytest.mark.parametrize("read", [ITFLEX, WEBITEL], ids=["itflex", "webitel"])
