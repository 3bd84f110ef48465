"""One browser for all the tests of this folder."""

import pytest
from visitor import chromium


@pytest.fixture(scope="session")
def browser():
    with chromium() as started:
        yield started
