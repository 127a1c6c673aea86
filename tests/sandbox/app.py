# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Puts the endpoints together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import FastAPI, HTTPException, Request

from .control import ControlApi
from .http import VendorError, vendor_error_handler
from .itflex import ItflexApi
from .recorder import Recorder
from .webitel import METHODS, PREFIX, WebitelApi
from .webitel_cloud import WebitelCloudApi
from .webitel_cloud_control import WebitelCloudControlApi

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.responses import Response

    from .state import State

_OF_OTHERS = ("/_sandbox", "/docs", "/openapi.json", "/api/")
_OF_WEBITEL = "/api/v2"


def create_app(state: State) -> FastAPI:
    """Return the application that serves ``state``: the products' APIs, the control API, and a page at ``/docs``."""
    app = FastAPI(title="mailfleet.email sandbox", description="Two mail products that are not there.", redoc_url=None)
    webitel = WebitelApi(state)
    routes = webitel.router()
    app.include_router(routes, prefix=PREFIX)
    app.include_router(routes, include_in_schema=False)
    app.include_router(ItflexApi(state).router())
    app.include_router(WebitelCloudApi(state).router())
    app.include_router(ControlApi(state).router())
    app.include_router(WebitelCloudControlApi(state).router())
    # An address that nobody serves is Webitel's, unless it is one of the others' own.
    app.add_api_route("/{path:path}", _unless_of_others(webitel), methods=METHODS, include_in_schema=False)
    app.add_exception_handler(VendorError, vendor_error_handler)
    app.add_middleware(Recorder, state=state)
    return app


def _unless_of_others(webitel: WebitelApi) -> Callable[[Request], Awaitable[Response]]:
    async def serve(request: Request) -> Response:
        path = request.url.path
        if path.startswith(_OF_OTHERS) and not path.startswith(_OF_WEBITEL):
            raise HTTPException(404)
        return await webitel.serve(request)

    return serve
