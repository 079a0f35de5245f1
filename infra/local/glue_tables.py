"""UpdateTable in moto with Glue's optimistic locking: of two commits at once, the second one fails.

moto ignores the `VersionId` that Iceberg sends (GlueTableOperations, "Use Optimistic locking with table version id"),
and would let the second commit overwrite the first one.
"""

from __future__ import annotations

import threading
from typing import Any

_lock = threading.Lock()


def install() -> None:
    """Patch moto; called in its process, see infra.local.aws."""
    from moto.glue.exceptions import GlueClientError
    from moto.glue.responses import GlueResponse

    update = GlueResponse.update_table

    def update_table(response: Any) -> Any:
        asked = response.parameters
        database, name = asked["DatabaseName"], asked["TableInput"]["Name"]
        with _lock:
            read = asked.get("VersionId")
            current = response.glue_backend.get_table(database, name).as_dict()["VersionId"]
            if read is not None and read != current:
                raise GlueClientError(
                    "ConcurrentModificationException",
                    f"Update table failed due to concurrent modifications: the table {name} is at version "
                    f"{current}, not {read}.",
                )
            return update(response)

    GlueResponse.update_table = update_table  # type: ignore[method-assign, assignment]
