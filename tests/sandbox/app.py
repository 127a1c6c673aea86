# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Puts the endpoints together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import FastAPI

from .control import ControlApi
from .http import VendorError, vendor_error_handler
from .itflex import ItflexApi
from .recorder import Recorder
from .webitel import WebitelApi
from .webitel_cloud import WebitelCloudApi
from .webitel_cloud_control import WebitelCloudControlApi

if TYPE_CHECKING:
    from .state import State


def create_app(state: State) -> FastAPI:
    """Return the application that serves ``state``: the products' APIs, the control API, and a page at ``/docs``."""
    app = FastAPI(title="mailfleet.email sandbox", description="Two mail products that are not there.", redoc_url=None)
    webitel = WebitelApi(state).router()
    app.include_router(webitel, prefix="/engine")
    app.include_router(webitel, include_in_schema=False)
    app.include_router(ItflexApi(state).router())
    app.include_router(WebitelCloudApi(state).router())
    app.include_router(ControlApi(state).router())
    app.include_router(WebitelCloudControlApi(state).router())
    app.add_exception_handler(VendorError, vendor_error_handler)
    app.add_middleware(Recorder, state=state)
    return app
