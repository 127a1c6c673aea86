# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What both vendors' endpoints need: reading JSON, answering JSON, describing both to the OpenAPI page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson
from starlette.responses import Response

if TYPE_CHECKING:
    from starlette.requests import Request


JSON = "application/json"


class VendorError(Exception):
    """Ends a request with an error in the vendor's own form."""

    media_type = JSON

    def __init__(self, status: int, document: object) -> None:
        """Answer with ``status`` and ``document`` as JSON."""
        super().__init__(status, document)
        self.status = status
        self.document = document


class NotJson(Exception):
    """The body is no JSON; the text is the parser's."""


def answer(document: object, status: int = 200, media_type: str = JSON) -> Response:
    """Return an answer that carries ``document`` as JSON."""
    return Response(orjson.dumps(document), status, media_type=media_type)


async def vendor_error_handler(_request: Request, error: Exception) -> Response:
    """Turn a ``VendorError`` into its answer."""
    assert isinstance(error, VendorError)
    return answer(error.document, error.status, error.media_type)


async def read_json(request: Request) -> Any:
    """Return the parsed body, ``None`` where there is none or it is not declared as JSON; raise ``NotJson``."""
    body = await request.body()
    if not body or not request.headers.get("content-type", "").startswith("application/json"):
        return None
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise NotJson(str(error)) from error


def json_body(example: object) -> dict[str, Any]:
    """Describe a JSON request body to the OpenAPI page by an example."""
    return {"requestBody": {"content": {"application/json": {"schema": {"type": "object"}, "example": example}}}}
