"""What a PostgreSQL database is like."""

from __future__ import annotations

from contextlib import closing

import psycopg

from bot.store.database import StorageError, Tx
from bot.store.facts import DatabaseFacts
from bot.store.postgres_errors import told
from bot.store.postgres_tx import PostgresTx, connect, connection_options


def postgres_facts(url: str) -> DatabaseFacts:
    """Ask the server."""
    try:
        with closing(connect(connection_options(url))) as conn:
            return _facts(PostgresTx(conn))
    except StorageError as error:
        return DatabaseFacts("PostgreSQL", trouble=str(error))
    except psycopg.Error as error:
        return DatabaseFacts("PostgreSQL", trouble=str(told(error)))


def _facts(tx: Tx) -> DatabaseFacts:
    (about,) = tx.rows(
        "SELECT current_setting('server_version') AS version,"
        " pg_database_size(current_database()) AS size,"
        " to_regclass('schema_version') IS NOT NULL AS ours"
    )
    schema = 0
    if about["ours"]:
        (newest,) = tx.rows("SELECT COALESCE(MAX(version), 0) AS version FROM schema_version")
        schema = newest["version"]
    version = about["version"].split()[0]
    return DatabaseFacts(f"PostgreSQL {version}", schema=schema, size=about["size"])
