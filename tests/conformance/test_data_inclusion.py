"""Structures and services pass the data·inclusion validator, broken copies do not."""

import copy
import re

import pytest
from data_inclusion.schema import v1
from pydantic import ValidationError

FILES = {"structures.json": v1.Structure, "services.json": v1.Service}
# what the standard asks of every record
REQUIRED = {
    "structures.json": ["source", "id", "nom", "date_maj"],
    "services.json": [
        "source",
        "structure_id",
        "id",
        "nom",
        "description",
        "date_maj",
    ],
}
# a value that the standard forbids, field by field
WRONG = {
    "structures.json": {
        "nom": "",
        "date_maj": "hier",
        "siret": "123",
        "code_insee": "99",
        "courriel": "sans arobase",
    },
    "services.json": {
        "publics": ["tous-publics", "jeunes"],
        "thematiques": ["theme--inconnu"],
        "type": "soupe",
        "frais": "un-peu",
    },
}


@pytest.mark.parametrize("name", FILES)
def test_every_record_is_accepted(demo_json, name):
    records = demo_json(name)
    assert records, f"{name} is empty"
    for record in records:
        FILES[name](**record)


@pytest.mark.parametrize(
    ("name", "field"), [(name, field) for name in FILES for field in REQUIRED[name]]
)
def test_copy_without_a_required_field_is_refused(demo_json, name, field):
    broken = copy.deepcopy(demo_json(name)[0])
    broken.pop(field)
    with pytest.raises(ValidationError, match=field):
        FILES[name](**broken)


@pytest.mark.parametrize(
    ("name", "field"), [(name, field) for name in FILES for field in WRONG[name]]
)
def test_copy_with_a_wrong_value_is_refused(demo_json, name, field):
    broken = copy.deepcopy(demo_json(name)[0])
    broken[field] = WRONG[name][field]
    with pytest.raises(ValidationError):
        FILES[name](**broken)


@pytest.mark.parametrize("name", FILES)
def test_keys_are_known_to_the_standard(demo_json, name):
    """The validator lets unknown keys pass: a misspelt key would be lost in silence."""
    known = set(FILES[name].model_fields)
    for record in demo_json(name):
        assert set(record) <= known, set(record) - known


def test_telephones_are_international(demo_json):
    for name in FILES:
        for record in demo_json(name):
            telephone = record.get("telephone")
            assert not telephone or re.fullmatch(r"\+\d{8,15}", telephone), telephone


def test_services_belong_to_the_structures(demo_json):
    structures = {record["id"] for record in demo_json("structures.json")}
    services = demo_json("services.json")
    assert {record["structure_id"] for record in services} <= structures
    ids = [record["id"] for record in services]
    assert len(ids) == len(set(ids))


def test_ids_are_source_and_local_id(demo_json):
    for name in FILES:
        for record in demo_json(name):
            source, separator, local = record["id"].partition("--")
            assert separator and local, record["id"]
            assert source == record["source"], record["id"]


def test_five_programmes_are_published(demo_json):
    names = " ".join(record["nom"] for record in demo_json("services.json"))
    for programme in ("Veilleuse", "Étal", "Mots d", "Tandem", "Cap Métiers"):
        assert programme in names
