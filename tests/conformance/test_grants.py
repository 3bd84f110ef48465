"""Grants in outside standards: the SCDL table schema and the 360Giving JSON schema.

Each checker is first shown the standard's own valid and broken samples, then our files,
then broken copies of our files.
"""

import copy
import csv
import io
import json
import re
from datetime import date

import jsonschema
import pytest

SCHEMA = "scdl-subventions/schema-2.1.0.json"
GIVING = "360giving/360-giving-bundled.json"
# RFC 3339; a date alone is the other form that the standard takes
DATE_TIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(Z|[+-]\d{2}:\d{2})")
# a value that the standard forbids, column by column
WRONG = {
    "nomAttribuant": "",
    "idAttribuant": "99999991500014",
    "dateConvention": "hier",
    "idBeneficiaire": "123",
    "rnaBeneficiaire": "872099999",
    "objet": "x" * 257,
    "montant": "beaucoup",
    "nature": "argent",
    "conditionsVersement": "",
    "datesPeriodeVersement": "en mars",
    "notificationUE": "peut-être",
    "pourcentageSubvention": "100",
}


def luhn(digits):
    """Whether the key of a SIRET number is right."""
    total = 0
    for place, sign in enumerate(reversed(digits)):
        digit = int(sign) * (2 if place % 2 else 1)
        total += digit - 9 if digit > 9 else digit
    return total % 10 == 0


def type_error(field, text):
    """Whether a text is not of the type of its column (Table Schema)."""
    try:
        if field["type"] == "number":
            float(text)
        elif field["type"] == "date":
            date.fromisoformat(text)
        elif field["type"] == "boolean":
            return text not in field["trueValues"] + field["falseValues"]
    except ValueError:
        return True
    return False


def breaks(field, text):
    """Whether a cell breaks its column: type and constraints of Table Schema."""
    rules = field.get("constraints", {})
    if not text:
        return bool(rules.get("required"))
    return (
        type_error(field, text)
        or ("pattern" in rules and not re.fullmatch(rules["pattern"], text))
        or len(text) > rules.get("maxLength", len(text))
        or ("enum" in rules and text not in rules["enum"])
        or ("minimum" in rules and float(text) < rules["minimum"])
        or ("maximum" in rules and float(text) > rules["maximum"])
    )


def wrong_columns(schema, row):
    """Columns of a row that break the schema, its custom checks included."""
    wrong = {
        field["name"]
        for field in schema["fields"]
        if breaks(field, row.get(field["name"]) or "")
    }
    for check in schema["custom_checks"]:
        names = check["params"]
        if check["name"] == "french-siret-value":
            text = row.get(names["column"]) or ""
            if text and not (re.fullmatch(r"\d{14}", text) and luhn(text)):
                wrong.add(names["column"])
        else:
            assert check["name"] == "one-of-required"
            if not (row.get(names["column1"]) or row.get(names["column2"])):
                wrong.add(names["column1"])
    return wrong


@pytest.fixture
def schema(standard):
    return json.loads(standard(SCHEMA).read_text(encoding="utf-8"))


@pytest.fixture
def giving(standard):
    schema = json.loads(standard(GIVING).read_text(encoding="utf-8"))
    checker = jsonschema.FormatChecker()
    checker.checks("date-time")(lambda text: bool(DATE_TIME.fullmatch(str(text))))
    return jsonschema.Draft202012Validator(schema, format_checker=checker)


def test_checker_takes_and_refuses_the_samples_of_the_standard(
    schema, standard, read_csv
):
    for row in read_csv(standard("scdl-subventions/sample_ok.csv")):
        assert not wrong_columns(schema, row), row
    broken = read_csv(standard("scdl-subventions/sample_bad.csv"))
    assert any(wrong_columns(schema, row) for row in broken)


def test_subventions_are_accepted(schema, demo_file, read_csv):
    path = demo_file("subventions.csv")
    rows = read_csv(path)
    assert len(rows) == 3
    names = [field["name"] for field in schema["fields"]]
    header = next(csv.reader(io.StringIO(path.read_text(encoding="utf-8"))))
    assert header == names
    for row in rows:
        assert not wrong_columns(schema, row), row


@pytest.mark.parametrize("column", WRONG)
def test_broken_copy_of_subventions_is_refused(schema, demo_file, read_csv, column):
    row = {**read_csv(demo_file("subventions.csv"))[0], column: WRONG[column]}
    assert wrong_columns(schema, row) == {column}


def test_360giving_checker_takes_and_refuses_samples(giving, standard):
    for name, is_valid in (("ok", True), ("bad", False)):
        text = standard(f"360giving/samples/{name}.json").read_text(encoding="utf-8")
        assert giving.is_valid(json.loads(text)) is is_valid


def test_360giving_is_accepted(giving, demo_json):
    package = demo_json("grants-360giving.json")
    assert len(package["grants"]) == 3
    giving.validate(package)


@pytest.mark.parametrize("key", ["id", "title", "currency", "amountAwarded"])
def test_360giving_without_a_required_key_is_refused(giving, demo_json, key):
    package = copy.deepcopy(demo_json("grants-360giving.json"))
    package["grants"][0].pop(key)
    assert not giving.is_valid(package)


def test_360giving_with_a_wrong_value_is_refused(giving, demo_json):
    package = copy.deepcopy(demo_json("grants-360giving.json"))
    package["grants"][0]["amountAwarded"] = "beaucoup"
    assert not giving.is_valid(package)
