"""What the static tests share: the rooms, their files and what each room defines, read
without a database.
"""

import ast
from functools import cache
from pathlib import Path

from odoo.modules import Manifest

# in the order in which data flows: a room knows only the rooms before it
ROOMS = ("ess_beneficiary", "ess_programmes", "ess_impact", "ess_funding")
SOURCES = (".py", ".xml", ".csv", ".js", ".scss", ".sql")


def room_path(room):
    """Folder of a room, as a :class:`~pathlib.Path`."""
    return Path(Manifest.for_addon(room).path)


def room_files(room, suffixes=SOURCES):
    """Source files of a room, sorted."""
    return sorted(
        path
        for path in room_path(room).rglob("*")
        if path.suffix in suffixes and "__pycache__" not in path.parts
    )


def upper_rooms(room):
    """Rooms that come after this one."""
    return ROOMS[ROOMS.index(room) + 1 :]


@cache
def model_classes(room):
    """Model classes of a room: ``[(file, class node, _name, _inherit tuple)]``."""
    found = []
    for path in room_files(room, (".py",)):
        if "tests" in path.parts:
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef) and _is_model(node):
                found.append((path, node, *_identity(node)))
    return found


def _is_model(node):
    return any(
        isinstance(base, ast.Attribute)
        and base.attr in ("Model", "TransientModel", "AbstractModel")
        for base in node.bases
    )


def _identity(node):
    """``_name`` and ``_inherit`` as written in the class."""
    values = {}
    for statement in node.body:
        if isinstance(statement, ast.Assign) and isinstance(
            statement.targets[0], ast.Name
        ):
            name = statement.targets[0].id
            if name in ("_name", "_inherit"):
                values[name] = ast.literal_eval(statement.value)
    inherit = values.get("_inherit") or ()
    return values.get("_name"), (inherit,) if isinstance(inherit, str) else tuple(
        inherit
    )


@cache
def own_models(room):
    """Names of the models that a room creates."""
    return {
        name
        for _path, _node, name, inherit in model_classes(room)
        if name and name not in inherit
    }


@cache
def added_fields(room):
    """Fields that a room adds to models of lower rooms: ``{field name: model}``.

    Not those that a lower room has already and that this one completes.
    """
    below = ROOMS[: ROOMS.index(room)]
    lower = set().union(*(own_models(other) for other in below), set())
    known = {pair for other in below for pair in written_fields(other)}
    return {
        field: model
        for model, field in written_fields(room)
        if model in lower and (model, field) not in known
    }


def written_fields(room):
    """Fields that the models of a room write: list of ``(model, field name)``."""
    found = []
    for _path, node, name, inherit in model_classes(room):
        target = name or (inherit[0] if inherit else None)
        for statement in node.body:
            if (
                isinstance(statement, ast.Assign)
                and isinstance(statement.value, ast.Call)
                and isinstance(statement.value.func, ast.Attribute)
                and getattr(statement.value.func.value, "id", "") == "fields"
            ):
                found.append((target, statement.targets[0].id))
    return found
