"""What the conformance tests share: where the demo outputs and the outside standards
lie.

The tests read files only, no server: ``./ess demo --no-serve`` writes ``var/demo/``
first.
"""

import csv
import json
import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DEMO = Path(os.environ.get("ESS_DEMO_DIR") or ROOT / "var" / "demo")
STANDARDS = Path(
    os.environ.get("ESS_STANDARDS") or ROOT.parent / "shared" / "standards"
)


@pytest.fixture(scope="session")
def demo_file():
    """Give the path of one demo output, or fail and say how to make it."""

    def find(name):
        path = DEMO / name
        if not path.is_file():
            pytest.fail(f"{path} is missing: run ./ess demo --no-serve first")
        return path

    return find


@pytest.fixture(scope="session")
def demo_json(demo_file):
    """Give the parsed content of one JSON demo output."""

    def load(name):
        return json.loads(demo_file(name).read_text(encoding="utf-8"))

    return load


@pytest.fixture(scope="session")
def standard():
    """Give the path of one outside standard: skipped where absent, failed in CI."""

    def find(name):
        path = STANDARDS / name
        if not path.exists():
            message = (
                f"{path} is missing: the outside standards lie beside the project "
                "(or set ESS_STANDARDS)"
            )
            if os.environ.get("CI"):
                pytest.fail(message)
            pytest.skip(message)
        return path

    return find


@pytest.fixture(scope="session")
def read_csv():
    """Give the rows of a CSV file as a list of dicts."""

    def read(path):
        with path.open(encoding="utf-8-sig", newline="") as stream:
            return list(csv.DictReader(stream))

    return read
