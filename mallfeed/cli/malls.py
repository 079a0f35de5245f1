"""The malls that a person names on the command line: one that nobody knows is a typing error, not a mall without feeds."""

from __future__ import annotations

from mallfeed.aws.clients import client
from mallfeed.catalog.store import S3CatalogStore
from mallfeed.errors import SettingsInvalid
from mallfeed.ledger.port import Ledger
from mallfeed.settings import Settings
from mallfeed.wording import nearest


def require_known(settings: Settings, ledger: Ledger, *malls: str) -> None:
    """Raises SettingsInvalid for the first mall that has neither a feed in the ledger nor a published catalog."""
    strange = [mall for mall in malls if not ledger.history(mall, 1)]
    if not strange:
        return
    published = S3CatalogStore(client("s3", settings.region), settings.lake_bucket).malls()
    for mall in strange:
        if mall not in published:
            meant = nearest(mall, published)
            hint = (
                f"did you mean `{meant}`?" if meant else "`mallfeed runs` lists the newest feeds."
            )
            raise SettingsInvalid(
                f"no feed has come from a mall `{mall}`, and no catalog of it is published; {hint}"
            )
