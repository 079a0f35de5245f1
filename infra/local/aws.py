"""AWS on this machine: moto's server behind IAM, threaded, in a process of its own.

Run: `python -m infra.local.aws PORT`.
"""

from __future__ import annotations

import logging
import sys
import warnings

from infra.local.place import CREDENTIALS
from infra.local.ports import LOOPBACK
from infra.local.processes import Spec, answers


def spec(port: int) -> Spec:
    """The moto server on that port of the loopback interface."""
    return Spec(
        name="aws",
        command=[sys.executable, "-m", "infra.local.aws", str(port)],
        env={**CREDENTIALS, "MOTO_S3_ALLOW_CROSSACCOUNT_ACCESS": "true"},
        port=port,
        healthy=lambda: answers(port, "/moto-api/data.json"),
    )


def main(port: int) -> None:
    """Serve until stopped."""
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
    from werkzeug.serving import run_simple

    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    # Of a refusal: the models of few services list AccessDenied among their errors.
    warnings.filterwarnings("ignore", message=r"Exception\(_Refused\)")
    from infra.local import dynamodb_serial, glue_states, glue_tables, limits, s3_contents
    from infra.local.calls import front
    from infra.local.events_inbox import Inbox

    s3_contents.install()
    glue_tables.install()
    app = DomainDispatcherApplication(create_backend_app)
    app.debug = False  # type: ignore[attr-defined]
    strict = limits.install(app)
    inbox = Inbox()
    served = glue_states.install(dynamodb_serial.install(strict), inbox)
    run_simple(LOOPBACK, port, front.install(served, inbox), threaded=True, use_reloader=False)


if __name__ == "__main__":
    main(int(sys.argv[1]))
