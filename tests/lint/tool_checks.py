"""Checks that outside tools do: ruff, pylint-odoo, hadolint, sh."""

import subprocess
import sys
from pathlib import Path

from files import ROOT, addons, ours, short

# Chosen from pylint-odoo: what ruff does not know and what fits Odoo 19.
PYLINT_ODOO = [
    "attribute-deprecated",
    "attribute-string-redundant",
    "bad-builtin-groupby",
    "except-pass",
    "external-request-timeout",
    "inheritable-method-string",
    "invalid-commit",
    "license-allowed",
    "manifest-author-string",
    "manifest-behind-migrations",
    "manifest-data-duplicated",
    "manifest-deprecated-key",
    "manifest-external-assets",
    "manifest-required-author",
    "manifest-required-key",
    "manifest-superfluous-key",
    "manifest-version-format",
    "method-compute",
    "method-inverse",
    "method-required-super",
    "method-search",
    "missing-odoo-file",
    "no-raise-unlink",
    "no-search-all",
    "no-write-in-compute",
    "odoo-addons-relative-import",
    "print-used",
    "prohibited-method-override",
    "renamed-field-parameter",
    "resource-not-exist",
    "sql-injection",
    "test-folder-imported",
    "translation-contains-variable",
    "translation-field",
    "translation-format-interpolation",
    "translation-format-truncated",
    "translation-fstring-interpolation",
    "translation-not-lazy",
    "translation-positional-used",
    "translation-required",
    "translation-too-few-args",
    "translation-too-many-args",
    "translation-unsupported-format",
]


def _run(*command):
    """The lines that a tool printed, when it was not content."""
    done = subprocess.run(
        list(map(str, command)),
        cwd=ROOT,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    return (done.stdout + done.stderr).splitlines() if done.returncode else []


def _tool(name):
    return Path(sys.executable).parent / name


def ruff_check():
    """Python: ruff check."""
    for line in _run(
        _tool("ruff"),
        "check",
        "--no-cache",
        "--quiet",
        "--output-format",
        "concise",
        "ess",
        "addons",
        "tests",
    ):
        if ":" in line:
            yield line


def ruff_format():
    """Python: ruff format, 88 columns."""
    for line in _run(
        _tool("ruff"), "format", "--no-cache", "--check", "ess", "addons", "tests"
    ):
        if line.startswith("Would reformat"):
            yield f"{line.partition(': ')[2]}: run “ruff format” on it"
        elif "error" in line:
            yield line


def pylint_odoo():
    """Python: pylint-odoo, a chosen set."""
    command = [
        sys.executable,
        "-m",
        "pylint",
        "--rcfile=/dev/null",
        "--load-plugins=pylint_odoo",
        "--disable=all",
        f"--enable={','.join(PYLINT_ODOO)}",
        "--valid-odoo-versions=19.0",
        "--manifest-required-authors=ESS Suite developers",
        "--manifest-required-keys=name,version,summary,author,license,category,depends",
        "--license-allowed=AGPL-3",
        "--jobs=2",
        # Plain Python, no models: its `write` and `read` are not Odoo's.
        "--ignore-paths=.*/(tools|demo|cli)/.*",
        "--score=n",
        "--msg-template={path}:{line}: {msg} ({symbol})",
        *map(short, addons()),
    ]
    for line in _run(*command):
        if line and not line.startswith("*****"):
            yield line


def dockerfile():
    """Docker: hadolint."""
    for path in ours(under="docker"):
        if path.name == "Dockerfile":
            yield from _run(_tool("hadolint"), "--no-color", short(path))


def shell_scripts():
    """Shell scripts: parse as their first line says."""
    for path in ours():
        if path.suffix in ("", ".sh") and path.stat().st_size < 100_000:
            with path.open("rb") as handle:
                first = handle.readline().decode(errors="replace").split()
            if (
                first
                and first[0].startswith("#!")
                and first[-1].split("/")[-1] in ("sh", "bash")
            ):
                yield from _run(first[-1].split("/")[-1], "-n", path)
