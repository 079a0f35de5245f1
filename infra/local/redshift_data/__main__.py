"""Entry: `python -m infra.local.redshift_data PORT`."""

import os
import sys

from infra.local.redshift_data.server import serve

serve(int(sys.argv[1]), os.environ["WAREHOUSE_DSN"])
