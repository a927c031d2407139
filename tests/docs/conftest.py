"""The tutorial's package, put together and installed once."""

from __future__ import annotations

import pytest

from tests.docs.tutorial import TUTORIAL, Desk, assemble, sessions


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """The package as the tutorial's first command leaves it: installed."""
    folder = tmp_path_factory.mktemp("desk")
    assemble(folder)
    desk = Desk(folder)
    install, _ = sessions(TUTORIAL.read_text())[0]
    assert install.startswith("pip install ")
    desk.type(install)
    return desk
