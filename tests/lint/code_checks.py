"""Checks of our Python and of our texts: sizes, docstrings, leftovers."""

import ast
import re

from files import addons, lines, ours, short

FILE_LINES, METHOD_LINES = 400, 40
MODELS = {"Model", "TransientModel", "AbstractModel"}
TEST_BASES = re.compile(r"(Common|Case|BaseCommon)$")
UNFINISHED = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X)\b|^(<{7}|>{7}) ")
# Machines reach the package registries through their own configuration.
HOSTS = re.compile(
    r"\b(pypi\.org|pythonhosted\.org|registry\.npmjs\.org|unpkg\.com|jsdelivr\.net|cdnjs\.cloudflare\.com"
    r"|(deb|ftp|security|archive|snapshot)\.(\w+\.)?debian\.(org|net)|archive\.ubuntu\.com"
    r"|nightly\.odoo\.com|ghcr\.io|docker\.io|quay\.io)\b"
)
TEXTS = {
    "",
    ".py",
    ".xml",
    ".md",
    ".rst",
    ".toml",
    ".yaml",
    ".yml",
    ".cfg",
    ".js",
    ".scss",
    ".sh",
    ".txt",
    ".lock",
}


def _python():
    for addon in addons():
        for path in ours(".py", under=str(short(addon))):
            if "migrations" not in path.parts:
                yield path


def shape():
    """Python of the addons: files and methods short, every model says what it is."""
    for path in _python():
        text = path.read_text()
        if text.count("\n") > FILE_LINES:
            yield f"{short(path)}:1: {text.count(chr(10))} lines; at most {FILE_LINES}"
        for node in ast.walk(ast.parse(text)):
            if (
                isinstance(node, ast.FunctionDef)
                and node.end_lineno - node.lineno >= METHOD_LINES
            ):
                size = node.end_lineno - node.lineno + 1
                yield f"{short(path)}:{node.lineno}: {node.name} has {size} lines"
            if (
                isinstance(node, ast.ClassDef)
                and _is_model(node)
                and not ast.get_docstring(node)
            ):
                yield f"{short(path)}:{node.lineno}: {node.name} has no docstring"


def _is_model(node):
    return any(
        isinstance(base, ast.Attribute) and base.attr in MODELS for base in node.bases
    )


def test_tags():
    """Tests of the addons: tagged post_install, and loaded."""
    for path in _python():
        if path.parent.name != "tests":
            continue
        tree = ast.parse(path.read_text())
        if path.name.startswith("test_") and not _is_imported(path):
            yield f"{short(path)}:1: not imported in __init__.py: it never runs"
        for node in tree.body:
            has_tests = isinstance(node, ast.ClassDef) and any(
                isinstance(item, ast.FunctionDef) and item.name.startswith("test_")
                for item in node.body
            )
            if has_tests and "post_install" not in " ".join(
                map(ast.unparse, node.decorator_list)
            ):
                yield f"{short(path)}:{node.lineno}: {node.name} is not post_install"


def _is_imported(path):
    package = (path.parent / "__init__.py").read_text()
    return re.search(rf"\b{path.stem}\b", package)


def unfinished():
    """Nothing is left unfinished: no to-do notes, no merge marks."""
    for path in ours(".py", ".xml", ".js", ".scss", "", ".sh"):
        for number, line in lines(path):
            if UNFINISHED.search(line):
                yield f"{short(path)}:{number}: {line.strip()[:80]}"


def hosts():
    """No package registry and no foreign web asset is named."""
    for path in ours():
        if path.suffix in TEXTS and path.name != "LICENSE":
            for number, line in lines(path):
                if found := HOSTS.search(line):
                    yield f"{short(path)}:{number}: names {found[0]}"
