"""HTTP in front of the API: AWS JSON 1.1, the operation in the header X-Amz-Target."""

from __future__ import annotations

import json
import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import psycopg

from infra.local.ports import LOOPBACK
from infra.local.redshift_data import callers
from infra.local.redshift_data.api import Api
from infra.local.redshift_data.errors import ApiError
from infra.local.redshift_data.statements import Statements

_PREPARE = """
CREATE SCHEMA IF NOT EXISTS redshift;
CREATE OR REPLACE FUNCTION redshift.cut(value text, bytes int) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT AS $$
BEGIN
    WHILE octet_length(value) > bytes LOOP
        value := left(value, least(length(value) - 1, bytes));
    END LOOP;
    RETURN value;
END $$;
CREATE OR REPLACE FUNCTION redshift.strtol(value text, base int) RETURNS bigint
LANGUAGE sql IMMUTABLE STRICT AS
$$ SELECT CASE WHEN base = 16 THEN ('x' || lpad(value, 16, '0'))::bit(64)::bigint END $$;
CREATE OR REPLACE FUNCTION redshift.serialize(value jsonb) RETURNS text
LANGUAGE sql IMMUTABLE STRICT AS $$ SELECT value::text $$;
CREATE OR REPLACE FUNCTION redshift.array_length(value jsonb) RETURNS bigint
LANGUAGE sql IMMUTABLE STRICT AS
$$ SELECT CASE WHEN jsonb_typeof(value) = 'array' THEN jsonb_array_length(value)::bigint END $$;
CREATE OR REPLACE VIEW redshift.columns AS
SELECT table_catalog::text, table_schema::text, table_name::text, column_name::text,
    ordinal_position::int, column_default::text, is_nullable::text,
    CASE WHEN domain_schema = 'redshift' THEN 'character varying'
         WHEN data_type = 'jsonb' THEN 'super' ELSE data_type::text END AS data_type,
    CASE WHEN domain_schema = 'redshift' THEN substring(domain_name FROM '[0-9]+$')::int
         ELSE character_maximum_length::int END AS character_maximum_length,
    numeric_precision::int, numeric_scale::int
FROM information_schema.columns;
"""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # one packet per answer: separate head and body would wait for each other
    disable_nagle_algorithm = True
    api: Api
    endpoint: str | None

    def do_GET(self) -> None:
        """GET /health, for whoever starts this server."""
        self._answer(200 if self.path == "/health" else 404, {})

    def do_POST(self) -> None:
        """Every operation of the API."""
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        operation = self.headers.get("X-Amz-Target", "").rpartition(".")[2]
        try:
            asked = json.loads(body or b"{}")
            owner = self.api.owner(asked)
            caller = callers.allowed(self.endpoint, self.headers, operation, asked, owner)
            self._answer(200, self.api.call(operation, asked, caller))
        except ApiError as error:
            answer = {"__type": error.kind, "message": str(error), "Message": str(error)}
            if error.kind == "ResourceNotFoundException":
                answer["ResourceId"] = ""
            self._answer(400, answer, error.kind)

    def _answer(self, status: int, body: dict[str, Any], error: str | None = None) -> None:
        content = json.dumps(body, ensure_ascii=False).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/x-amz-json-1.1")
        self.send_header("Content-Length", str(len(content)))
        if error:
            self.send_header("x-amzn-ErrorType", error)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        """Requests are not logged; the statements' own errors come back to the caller."""


def serve(port: int, dsn: str) -> None:
    """Serve until stopped."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(_PREPARE.encode())
    served = {"api": Api(Statements(dsn)), "endpoint": os.environ.get("AWS_ENDPOINT_URL")}
    handler = type("Handler", (_Handler,), served)
    server = ThreadingHTTPServer((LOOPBACK, port), handler)
    server.daemon_threads = True
    server.serve_forever()
