"""The documentation page: Powertools' Swagger UI with its script and style inline, nothing fetched."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from aws_lambda_powertools.event_handler.openapi.swagger_ui import generate_swagger_html

_OURS = {
    "<html>": '<html lang="en">',
    "<title>Swagger UI<": "<title>mallfeed search API<",
    'currentUrl.pathname + "?format=json"': 'currentUrl.pathname.replace(/docs$/, "openapi.json")',
}
_ASSETS = "aws_lambda_powertools.event_handler.openapi.swagger_ui"


@cache
def page(document: str) -> str:
    """The page for that OpenAPI document (JSON text); made once per process."""
    folder = files(_ASSETS)
    html: str = generate_swagger_html(
        spec=document.replace("</", "<\\/"),
        swagger_js=folder.joinpath("swagger-ui-bundle.min.js").read_text("utf-8"),
        swagger_css=folder.joinpath("swagger-ui.min.css").read_text("utf-8"),
        swagger_base_url="",
        oauth2_config=None,
    )
    for theirs, ours in _OURS.items():
        html = html.replace(theirs, ours)
    return html
