"""Tests that ask for a `database` run on SQLite and on PostgreSQL, those marked `sqlite_alone` on
the first: they are about its file, or about nothing that a database does."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.databases.kinds import AnyDatabase, Databases, OnServer, SqliteFile, make_pattern
from tests.databases.server import Server

KINDS = ("sqlite", "postgres")

# Machines are shared: how long something takes there says nothing of it.
settings.register_profile("shared", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("shared")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=(*KINDS, "both"), default="both", help="Run on these.")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "database_kind" in metafunc.fixturenames:
        chosen = metafunc.config.getoption("database")
        kinds = KINDS if chosen == "both" else (chosen,)
        if metafunc.definition.get_closest_marker("sqlite_alone"):
            kinds = ("sqlite",)
        metafunc.parametrize("database_kind", kinds)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Those that take minutes go first, or the other cores would wait for them in the end."""
    items.sort(key=lambda item: "/torture/" not in item.nodeid)


@pytest.fixture
def database(
    database_kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[AnyDatabase]:
    """A new database with our schema."""
    if database_kind == "sqlite":
        shutil.copyfile(request.getfixturevalue("sqlite_pattern"), tmp_path / "taskbell.db")
    yield from _made(database_kind, tmp_path, request, Databases.new)


@pytest.fixture
def bare(
    database_kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[AnyDatabase]:
    """A new database without a schema."""
    yield from _made(database_kind, tmp_path, request, Databases.empty)


def _made(
    kind: str,
    folder: Path,
    request: pytest.FixtureRequest,
    make: Callable[[Databases], OnServer],
) -> Iterator[AnyDatabase]:
    if kind == "sqlite":
        yield SqliteFile(folder / "taskbell.db")
        return
    databases: Databases = request.getfixturevalue("postgres")
    made = make(databases)
    yield made
    databases.drop(made)


@pytest.fixture(scope="session")
def sqlite_pattern(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with our schema."""
    path = tmp_path_factory.mktemp("pattern") / "taskbell.db"
    make_pattern(path)
    return path


@pytest.fixture(scope="session")
def postgres() -> Iterator[Databases]:
    """A PostgreSQL server for all tests that need one."""
    server = Server.make()
    try:
        server.start()
        databases = Databases(server)
        databases.prepare()
        yield databases
    finally:
        server.remove()
