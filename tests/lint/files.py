"""Which files the checks look at: those that git tracks, or would."""

import functools
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ["ess_beneficiary", "ess_programmes", "ess_impact", "ess_funding"]


@functools.cache
def ours(*suffixes, under=""):
    """Paths of the project's files with one of the suffixes (all when none), sorted."""
    git = [
        "git",
        "ls-files",
        "-z",
        "--cached",
        "--others",
        "--exclude-standard",
        f"./{under}",
    ]
    try:
        listed = subprocess.run(git, cwd=ROOT, capture_output=True, check=True).stdout
        names = listed.decode().split("\0")
    except (OSError, subprocess.CalledProcessError):  # an unpacked archive
        found = (ROOT / under).rglob("*")
        names = [
            str(path.relative_to(ROOT)) for path in found if "var" not in path.parts
        ]
    paths = sorted({ROOT / name for name in names if name})
    return [
        path
        for path in paths
        if path.is_file() and (not suffixes or path.suffix in suffixes)
    ]


def addons():
    """Folders of our addons: the rooms, and the addon of tests that spans them."""
    manifests = [
        *(ROOT / "addons").glob("*/__manifest__.py"),
        *(ROOT / "tests/addons").glob("*/__manifest__.py"),
    ]
    return sorted(path.parent for path in manifests)


def short(path):
    return path.relative_to(ROOT)


def lines(path):
    return enumerate(path.read_text(errors="replace").splitlines(), 1)
