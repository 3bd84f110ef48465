import ast
import re

from odoo.modules import Manifest
from odoo.tests import BaseCase, tagged

from .static import (
    ROOMS,
    added_fields,
    model_classes,
    own_models,
    room_files,
    room_path,
    upper_rooms,
)


def words(names, before=r"\b", after=r"\b"):
    """Pattern of any of these words, between these two marks."""
    return re.compile(f"{before}({'|'.join(names)}){after}")


@tagged("post_install", "-at_install", "ess")
class TestRooms(BaseCase):
    """Each room stands on the rooms below it and never names one above."""

    def _mentions(self, room, pattern):
        """Places in a room's sources that match a pattern: ``['file:line: text']``."""
        found = []
        for path in room_files(room):
            for number, line in enumerate(
                path.read_text(encoding="utf-8").splitlines(), 1
            ):
                if pattern.search(line):
                    found.append(f"{path.name}:{number}: {line.strip()[:100]}")
        return found

    def test_depends_point_down(self):
        for room in ROOMS:
            depends = Manifest.for_addon(room)["depends"]
            self.assertFalse(set(depends) & set(upper_rooms(room)), room)
            self.assertEqual(
                depends, sorted(depends), f"{room}: depends are not sorted"
            )

    def test_no_room_names_an_upper_module(self):
        for room in ROOMS[:-1]:
            pattern = words(upper_rooms(room))
            self.assertFalse(self._mentions(room, pattern), room)

    def test_no_room_names_an_upper_model(self):
        for room in ROOMS[:-1]:
            models = set().union(*(own_models(upper) for upper in upper_rooms(room)))
            pattern = words(sorted(map(re.escape, models)), "[\"']", "[\"']")
            self.assertFalse(self._mentions(room, pattern), room)

    def test_no_room_names_a_field_from_above(self):
        for room in ROOMS[:-1]:
            names = set()
            for upper in upper_rooms(room):
                names.update(added_fields(upper))
            if names:
                pattern = words(sorted(names))
                self.assertFalse(self._mentions(room, pattern), room)

    def test_every_model_says_what_it_is(self):
        silent = [
            f"{room}: {path.name}: {node.name}"
            for room in ROOMS
            for path, node, _name, _inherit in model_classes(room)
            if not ast.get_docstring(node)
        ]
        self.assertFalse(silent, "model classes without a docstring")

    def test_one_new_model_per_file(self):
        for room in ROOMS:
            seen = {}
            for path, _node, name, inherit in model_classes(room):
                if name and name not in inherit:
                    seen.setdefault(path, []).append(name)
            crowded = {
                path.name: names for path, names in seen.items() if len(names) > 1
            }
            self.assertFalse(crowded, room)

    def test_every_room_has_its_papers(self):
        for room in ROOMS:
            for name in ("README.rst", "i18n/fr.po", f"i18n/{room}.pot"):
                self.assertTrue((room_path(room) / name).is_file(), f"{room}/{name}")
