"""moto's server with the limits of AWS's services, and nothing else of the local stack: runs of jobs end by being looked at.

Run: `python -m tests.strict_moto PORT`.
"""

from __future__ import annotations

import logging
import sys

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import run_simple

from infra.local import limits
from infra.local.ports import LOOPBACK


def main(port: int) -> None:
    """Serve until stopped."""
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    app = limits.install(DomainDispatcherApplication(create_backend_app))
    run_simple(LOOPBACK, port, app, threaded=True, use_reloader=False)


if __name__ == "__main__":
    main(int(sys.argv[1]))
