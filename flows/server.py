"""Prefect's server as `juesuan serve` runs it: its API and UI, and the Data Docs beside them under one address."""

from __future__ import annotations

import os
from pathlib import Path

from fastapi import FastAPI
from prefect.server.api.server import create_app
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from flows.lifeline import end_with_parent
from flows.settings import SERVED

PAGES = "/data-docs"
"""Path of the Data Docs."""

ITSELF = "prefect-in-memory"
"""What automations call the server that they run in. No name server knows such a name, for it has no dot."""


class Pages(StaticFiles):
    """Data Docs: pages that show text of untrusted reports beside the API, so that they may neither run nor load anything."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The page, always asked for anew: the next run replaces it."""
        response = await super().get_response(path, scope)
        response.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
        response.headers["Cache-Control"] = "no-cache"
        return response


def app() -> FastAPI:
    """The application. It answers only those who know it by a loopback name, so that no site's name can be made to lead here."""
    end_with_parent()
    served = create_app(final=True)
    docs = Path(os.environ[SERVED]) / "docs"
    docs.mkdir(parents=True, exist_ok=True)
    served.router.routes.insert(0, Mount(PAGES, Pages(directory=docs, html=True)))
    served.add_middleware(TrustedHostMiddleware, allowed_hosts=["127.0.0.1", "localhost", ITSELF])
    return served
