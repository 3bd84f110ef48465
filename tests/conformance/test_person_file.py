"""The readable file that a person takes away follows the JSON Schema that we publish
with it.
"""

import copy

import pytest
from jsonschema import Draft202012Validator, ValidationError


@pytest.fixture(scope="module")
def schema(demo_json):
    return demo_json("person-file.schema.json")


@pytest.fixture(scope="module")
def person(demo_json):
    return demo_json("person-file.json")


def test_schema_is_a_schema(schema):
    Draft202012Validator.check_schema(schema)
    assert schema.get("required"), "a schema that requires nothing proves nothing"


def test_file_is_accepted(schema, person):
    Draft202012Validator(schema).validate(person)


def test_file_without_a_required_part_is_refused(schema, person):
    for part in schema["required"]:
        broken = copy.deepcopy(person)
        broken.pop(part)
        with pytest.raises(ValidationError, match=part):
            Draft202012Validator(schema).validate(broken)


def test_file_with_a_part_of_the_wrong_kind_is_refused(schema, person):
    for part in schema["required"]:
        with pytest.raises(ValidationError):
            Draft202012Validator(schema).validate({**person, part: [[]]})


def test_no_technical_secret_leaves(person, demo_file):
    text = demo_file("person-file.json").read_text(encoding="utf-8")
    for word in ("qr_token", "access_token", "ess:", "res.partner", "partner_id"):
        assert word not in text, f"{word} has no place in the person's own file"
