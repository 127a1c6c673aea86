# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How today's Webitel says that something went wrong; in which of these forms is inferred."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import TYPE_CHECKING

from .http import VendorError

if TYPE_CHECKING:
    from .traps import Traps

# The engine hands its errors to the gateway under gRPC's codes. It has none for 404, which becomes an internal error.
_GRPC_CODES = {400: 3, 401: 16, 403: 7}
_GRPC_INTERNAL = 13


def refusal(code: int, identifier: str, detail: str, traps: Traps) -> VendorError:
    """Return the error to raise for the engine's error ``identifier`` with its ``code``, an HTTP status."""
    known = code in _GRPC_CODES
    status = {"code": code, "grpc": code if known else 500, "500": 500}[traps.webitel_cloud_error_status]
    engine = {"id": identifier, "status": HTTPStatus(code).phrase, "detail": detail, "code": code}
    if traps.webitel_cloud_error_body == "message":
        return VendorError(status, {"code": code, "message": detail, "details": []})
    if traps.webitel_cloud_error_body == "grpc":
        grpc_code = _GRPC_CODES.get(code, _GRPC_INTERNAL)
        return VendorError(status, {"code": grpc_code, "message": json.dumps(engine), "details": []})
    return VendorError(status, engine)
