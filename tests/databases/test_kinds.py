"""What a test does to a database, no other test gets to see."""

from __future__ import annotations

from contextlib import closing

import psycopg
import pytest

from tests.databases.kinds import Databases

LEASE = "INSERT INTO lease (name, holder, until_at) VALUES ('a', 'b', 1)"


def test_a_database_that_served_before_is_empty(postgres: Databases) -> None:
    first = postgres.new()
    first.change(LEASE)
    with closing(psycopg.connect(first.url)) as late:
        late.execute(LEASE.replace("'a'", "'c'"))
        postgres.drop(first)
    second = postgres.new()
    assert second.url == first.url
    assert second.rows("SELECT * FROM lease") == []
    postgres.drop(second)


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE tick RENAME COLUMN name TO title",
        "ALTER TABLE tick ADD CHECK (name <> 'x')",
        "CREATE FUNCTION mine() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
        "DELETE FROM schema_version WHERE version = 1",
    ],
)
def test_one_that_is_defined_otherwise_serves_nobody(postgres: Databases, statement: str) -> None:
    first = postgres.new()
    first.change(statement)
    postgres.drop(first)
    second = postgres.new()
    assert second.url != first.url
    postgres.drop(second)
