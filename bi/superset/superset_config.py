"""Settings of a Superset on one machine; its secrets come from the environment.

``SUPERSET_SECRET_KEY`` signs sessions and encrypts stored passwords; keep it.
``SUPERSET_METADATA_URL`` is a PostgreSQL database of Superset's own: in SQLite two
datasets cannot have one table name.
"""

import os

SECRET_KEY = os.environ["SUPERSET_SECRET_KEY"]
SQLALCHEMY_DATABASE_URI = os.environ["SUPERSET_METADATA_URL"]
# Served on loopback without TLS; behind a proxy with TLS leave these two out.
TALISMAN_ENABLED = False
SESSION_COOKIE_SECURE = False
