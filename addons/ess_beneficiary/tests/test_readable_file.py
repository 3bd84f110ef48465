import json
import re

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged
from odoo.tools import file_open, mute_logger

from .common import EssBeneficiaryCommon

TYPES = {
    "object": dict,
    "array": list,
    "string": str,
    "integer": int,
    "boolean": bool,
    "null": type(None),
}


def schema_errors(data, schema, root=None, path="$"):
    """Check data against the few words of JSON Schema that our schema uses.

    >>> schema_errors({"a": 1}, {"type": "object", "required": ["b"]})
    ['$: b is missing']
    """
    root = root or schema
    if "$ref" in schema:
        schema = root["$defs"][schema["$ref"].rsplit("/", 1)[1]]
    if "anyOf" in schema:
        tries = [schema_errors(data, one, root, path) for one in schema["anyOf"]]
        return [] if [] in tries else tries[0]
    if not _has_type(data, schema):
        return [f"{path}: {type(data).__name__} instead of {schema['type']}"]
    errors = _value_errors(data, schema, path)
    if isinstance(data, list):
        for index, item in enumerate(data):
            errors += schema_errors(item, schema["items"], root, f"{path}[{index}]")
    if isinstance(data, dict):
        errors += _object_errors(data, schema, root, path)
    return errors


def _has_type(data, schema):
    names = schema.get("type", [])
    names = [names] if isinstance(names, str) else names
    return not names or any(
        isinstance(data, TYPES[name]) and (name == "boolean") == isinstance(data, bool)
        for name in names
    )


def _value_errors(data, schema, path):
    errors = []
    if "const" in schema and data != schema["const"]:
        errors.append(f"{path}: not {schema['const']}")
    if isinstance(data, str) and not re.search(schema.get("pattern", ""), data):
        errors.append(f"{path}: does not match")
    if isinstance(data, int) and data < schema.get("minimum", data):
        errors.append(f"{path}: too small")
    return errors


def _object_errors(data, schema, root, path):
    known = schema.get("properties", {})
    errors = [
        f"{path}: {name} is missing"
        for name in schema.get("required", ())
        if name not in data
    ]
    for name, item in data.items():
        if name in known:
            errors += schema_errors(item, known[name], root, f"{path}.{name}")
        elif schema.get("additionalProperties") is False:
            errors.append(f"{path}: {name} is not known")
    return errors


@tagged("post_install", "-at_install", "ess")
class TestReadableFile(HttpCase, EssBeneficiaryCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with file_open("ess_beneficiary/static/person-file.schema.json") as schema:
            cls.schema = json.load(schema)
        cls.company.beneficiary_properties_definition = [
            {"name": "0123456789abcdef", "string": "Bed", "type": "char"}
        ]
        cls.person = cls._make_beneficiary(
            team=cls.worker,
            first_name="Ana",
            birth_date="1990-05-02",
            sex="female",
            phone="0611223344",
            properties={"0123456789abcdef": "12 B"},
        )
        ref = "ess_beneficiary.ess_situation_value_"
        cls.person.sudo().write(
            {
                "life_project_words": "My words",
                "goal_ids": [Command.create({"words": "Home", "progress_person": "2"})],
                "situation_ids": [
                    Command.create({"value_id": cls.env.ref(f"{ref}{code}").id})
                    for code in ("housing_street", "health_cover_to_open")
                ],
            }
        )

    def test_valid_and_complete_for_the_team(self):
        data = self.person.with_user(self.worker)._get_readable_file()
        self.assertEqual(schema_errors(data, self.schema), [])
        self.assertEqual(data["person"]["first_name"], "Ana")
        self.assertEqual(data["person"]["extra_fields"][0]["value"], "12 B")
        self.assertEqual(data["life_projects"][0]["words"], "My words")
        self.assertEqual(data["life_projects"][0]["goals"][0]["mark_of_the_person"], 2)
        self.assertEqual(len(data["situations"]), 2)
        self.assertEqual(data["left_out"], [])
        json.dumps(data)

    def test_household_is_there_without_the_others(self):
        name, phone = self.canary("Name"), "07 98 76 54 32"
        mate = self._make_beneficiary(
            team=self.worker, last_name=name, phone=phone, city=self.canary("City")
        )
        hidden = self._make_beneficiary(team=self.worker, is_protected=True)
        household = self.person._enter_household(self.env["ess.household"])
        mate._enter_household(household, role="adult")
        hidden._enter_household(household, role="child")
        data = self.person.with_user(self.worker)._get_readable_file()
        self.assertEqual(schema_errors(data, self.schema), [])
        [stay] = data["households"]
        self.assertEqual([other["role"]["code"] for other in stay["others"]], ["adult"])
        told = json.dumps(data)
        for secret in (name, name.upper(), phone, mate.ref, mate.city, hidden.ref):
            self.assertNotIn(secret, told)
        stay["others"][0]["name"] = name
        self.assertTrue(schema_errors(data, self.schema))

    def test_empty_file_is_valid(self):
        person = self._make_beneficiary(pseudonym="X")
        self.assertEqual(schema_errors(person._get_readable_file(), self.schema), [])

    def test_broken_file_is_seen(self):
        data = self.person._get_readable_file()
        data["person"]["birth_date"] = "02/05/1990"
        del data["life_projects"][0]["goals"][0]["words"]
        data["situations"] = None
        self.assertEqual(len(schema_errors(data, self.schema)), 3)

    def test_what_is_left_out_is_said(self):
        self.person.message_post(body="A note", message_type="comment")
        data = self.person.with_user(self.coordinator)._get_readable_file()
        self.assertEqual(schema_errors(data, self.schema), [])
        self.assertEqual(
            [(line["section"], line["count"]) for line in data["left_out"]],
            [("situations", 1), ("notes", 1)],
        )

    def test_not_for_others(self):
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models"):
            self.person.with_user(self.worker2)._get_readable_file()

    def test_download(self):
        url = f"/ess/file/{self.person.id}/person-file.json"
        self.authenticate("ess_worker", "ess_worker")
        response = self.url_open(url)
        self.assertEqual(response.status_code, 200)
        self.assertIn("no-store", response.headers["Cache-Control"])
        self.assertIn(
            f"{self.person.ref}.json", response.headers["Content-Disposition"]
        )
        self.assertEqual(schema_errors(response.json(), self.schema), [])

    def test_download_of_others_is_not_found(self):
        url = f"/ess/file/{self.person.id}/person-file.json"
        for login in ("ess_worker2", "ess_reception", "ess_internal_user"):
            self.authenticate(login, login)
            response = self.url_open(url)
            unknown = self.url_open("/ess/file/999999999/person-file.json")
            self.assertEqual(response.status_code, 404, login)
            self.assertEqual(response.text, unknown.text)
