"""Checks of the addons as Odoo 19 reads them: words, manifests, XML, translations.

Several words of older versions break in silence (accepted at install, ignored or wrong
at run time), and no published tool sees them: the reason for `old_words`, `old_calls`.
"""

import ast
import fnmatch
import re
import xml.etree.ElementTree as ET

from files import ROOMS, ROOT, addons, lines, ours, short

# pattern, in files of which suffix, what to write in Odoo 19
OLD_WORDS = [
    (r"_sql_constraints\b", ".py", "accepted, never enforced: models.Constraint"),
    (r"def name_get\b", ".py", "never called: _compute_display_name"),
    (r"def _name_search\b", ".py", "never called: _search_display_name"),
    (r"def toggle_active\b", ".py", "never called: override write or action_archive"),
    (r"\bgroup_operator\s*=", ".py", "aggregator="),
    (r"\b(auto_join|track_visibility)\s*=", ".py", "bypass_search_access, tracking"),
    (r"type=['\"]json['\"]", ".py", "type='jsonrpc'"),
    (r"\bodoo\.osv\b", ".py", "odoo.fields.Domain"),
    (
        r"\bself\._(cr|uid|context)\b",
        ".py",
        "self.env.cr, self.env.uid, self.env.context",
    ),
    (r"\.read_group\(", ".py", "_read_group or formatted_read_group"),
    (r"\bcheck_access_(rights|rule)\b", ".py", "check_access, has_access"),
    (r"\b_check_recursion\b", ".py", "_has_cycle"),
    (r"\blazy_property\b", ".py", "functools.cached_property"),
    (r"\bapi\.returns\b|from odoo import registry\b", ".py", "gone"),
    (r"\bgroups_id\b", ".py .xml .csv", "group_ids"),
    (r"\bnumbercall\b|\bdoall\b", ".xml", "gone from ir.cron"),
    (r"<tree\b|</tree>", ".xml", "<list>"),
    (
        r"view_mode['\"]?>[^<]*\btree\b|['\"]view_mode['\"]:\s*['\"][^'\"]*tree",
        ".py .xml",
        "list",
    ),
    (r"kanban-box", ".xml", '<t t-name="card">'),
    (r"oe_chatter", ".xml", "<chatter/>"),
    (
        r"\battrs\s*=\s*['\"]\s*\{|\bstates\s*=\s*['\"]\w+(,\w+)*['\"]\s*/?>",
        ".xml",
        "invisible=, readonly=, required=",
    ),
    (r"\bt-(esc|raw)\s*=", ".xml", "t-out"),
    (r"id=['\"][^'\"]*_view_tree['\"]", ".xml", "_view_list"),
    (r"<data\b", ".xml", '<odoo noupdate="1">, without <data>'),
    (
        r"(invisible|readonly|required)=['\"][^'\"]*\b(true|false)\b",
        ".xml",
        "True, False",
    ),
]
MANIFEST_KEYS = set(
    "name version summary author license website category depends data demo assets"
    " external_dependencies application auto_install sequence contributors maintainer"
    " pre_init_hook post_init_hook uninstall_hook post_load".split()
)
LOADED = ("security", "views", "wizard", "report", "data", "demo")


def _files(*suffixes):
    return [
        path for addon in addons() for path in ours(*suffixes, under=str(short(addon)))
    ]


def old_words():
    """No words of older Odoo versions."""
    for path in _files(".py", ".xml", ".csv"):
        words = [word for word in OLD_WORDS if path.suffix in word[1].split()]
        text = path.read_text()
        words = [word for word in words if re.search(word[0], text, re.M)]
        for number, line in lines(path) if words else ():
            for pattern, _suffixes, instead in words:
                if re.search(pattern, line):
                    yield f"{short(path)}:{number}: {line.strip()[:60]} → {instead}"


def old_calls():
    """No methods written as in older Odoo versions (create, search, unlink)."""
    for path in _files(".py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef):
                for problem in _old_method(node):
                    yield f"{short(path)}:{node.lineno}: {problem}"


def _old_method(node):
    names = [argument.arg for argument in node.args.args]
    decorators = " ".join(map(ast.unparse, node.decorator_list))
    if (
        node.name == "create"
        and names[:1] == ["self"]
        and "model_create_multi" not in decorators
    ):
        yield "create receives a list in Odoo 19: @api.model_create_multi"
    if node.name.startswith("_search_") and "operator" in names:
        for item in ast.walk(node):
            is_test = (
                isinstance(item, ast.Compare) and ast.unparse(item.left) == "operator"
            )
            if is_test and any(
                re.search(r"'(!?=)'", ast.unparse(value)) for value in item.comparators
            ):
                yield f"{node.name}: '=' arrives as 'in': test operator != 'in'"


def xml_files():
    """XML is well-formed, with `id` before `model` and no id twice."""
    for path in _files(".xml"):
        try:
            tree = ET.parse(path)
        except ET.ParseError as error:
            yield f"{short(path)}:{error.position[0]}: {error}"
            continue
        seen = set()
        for record in tree.getroot().iter("record"):
            if list(record.attrib)[:1] != ["id"]:
                yield f"{short(path)}:1: record {record.get('id')}: write id first"
            if record.get("id") in seen:
                yield f"{short(path)}:1: the id {record.get('id')} is there twice"
            seen.add(record.get("id"))


def manifests():
    """Manifests: known keys, sorted dependencies, every file listed and there."""
    for addon in addons():
        where = short(addon / "__manifest__.py")
        manifest = ast.literal_eval((addon / "__manifest__.py").read_text())
        for key in manifest.keys() - MANIFEST_KEYS:
            yield f"{where}:1: unknown key {key}"
        if manifest["depends"] != sorted(manifest["depends"]):
            yield f"{where}:1: depends is not sorted"
        if not str(manifest["version"]).startswith("19.0."):
            yield f"{where}:1: version {manifest['version']} is not of Odoo 19.0"
        yield from _listed(addon, manifest, where)


def _listed(addon, manifest, where):
    listed = [*manifest.get("data", []), *manifest.get("demo", [])]
    for name in listed:
        if not (addon / name).is_file():
            yield f"{where}:1: lists {name}, which does not exist"
    names = [
        str(path.relative_to(addon))
        for path in ours(".xml", ".csv", ".sql", under=str(short(addon)))
    ]
    for name in names:
        if (
            name.split("/")[0] in LOADED
            and name not in listed
            and not _read_otherwise(addon, name)
        ):
            yield f"{where}:1: {name} is not listed: it is never loaded"
    patterns = [
        item for bundle in manifest.get("assets", {}).values() for item in bundle
    ]
    patterns = [
        item[-1] if isinstance(item, (tuple, list)) else item for item in patterns
    ]
    for path in ours(".js", ".scss", under=str(short(addon / "static"))):
        name = f"{addon.name}/{path.relative_to(addon)}"
        if not any(
            fnmatch.fnmatch(name, pattern.replace("**/", "*")) for pattern in patterns
        ):
            yield f"{where}:1: {name} is in no asset bundle"


def _read_otherwise(addon, name):
    """Files that code opens by name (its file name stands in a Python file)."""
    if name == "data/neutralize.sql":
        return True
    # the chart-template loader of account builds this path itself, from the name of
    # the model: no file name is written anywhere, and a manifest that listed the file
    # would load it as plain records, without a company
    if name.startswith("data/template/") and name.endswith(".csv"):
        return True
    stem = name.split("/")[-1]
    return any(
        stem in path.read_text() for path in ours(".py", under=str(short(addon)))
    )


def rooms():
    """No room names a model, field or id of a room above it."""
    for index, room in enumerate(ROOMS):
        above = (
            re.compile(rf"\b({'|'.join(ROOMS[index + 1 :])})\b")
            if ROOMS[index + 1 :]
            else None
        )
        for path in ours(".py", ".xml", ".csv", ".js", under=f"addons/{room}"):
            for number, line in lines(path):
                if above and above.search(line):
                    yield f"{short(path)}:{number}: names a room above: {line.strip()}"


def translations():
    """French is complete: every addon has fr.po, and no message in it is empty."""
    for room in ROOMS:
        addon = ROOT / "addons" / room
        if not (addon / "__manifest__.py").exists():
            continue
        if not (addon / "i18n" / "fr.po").exists():
            yield f"{short(addon)}: no i18n/fr.po"
            continue
        template = _messages(addon / "i18n" / f"{room}.pot")
        french = _messages(addon / "i18n" / "fr.po")
        if template is None:
            yield f"{short(addon)}: no i18n/{room}.pot"
            template = french
        for message in sorted(template):
            if not french.get(message):
                yield f"addons/{room}/i18n/fr.po: without French: {message[:70]!r}"


def _messages(path):
    """{message: translation} of a .po or .pot file, or None when there is none."""
    if not path.exists():
        return None
    import polib

    return {
        entry.msgid: entry.msgstr
        for entry in polib.pofile(str(path))
        if not entry.obsolete and "fuzzy" not in entry.flags
    }
