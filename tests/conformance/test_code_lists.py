"""The codes we ship are exactly the codes of the standard: nothing missing, nothing
invented.
"""

import pytest
from conftest import ROOT

DATA = ROOT / "addons" / "ess_beneficiary" / "data"
LISTS = {
    "public": "codelist_Public.csv",
    "theme": "codelist_Thematique.csv",
    "service_type": "codelist_TypeService.csv",
    "fee": "codelist_Frais.csv",
    "reception_mode": "codelist_ModeAccueil.csv",
    "mobilisation": "codelist_ModeMobilisation.csv",
    "mobilising_person": "codelist_PersonneMobilisatrice.csv",
    "network": "codelist_ReseauPorteur.csv",
    "category": "codelist_Categorie.csv",
}


@pytest.fixture(scope="module")
def shipped(read_csv):
    rows = []
    for path in sorted(DATA.glob("ess.code*.csv")):
        rows += read_csv(path)
    assert rows, f"no ess.code*.csv in {DATA}"
    return rows


@pytest.mark.parametrize("scheme", LISTS)
def test_codes_are_those_of_the_standard(shipped, standard, read_csv, scheme):
    ours = [row["code"] for row in shipped if row["scheme"] == scheme]
    theirs = {
        row["value"] for row in read_csv(standard("data-inclusion") / LISTS[scheme])
    }
    assert len(ours) == len(set(ours)), "a code is shipped twice"
    assert set(ours) == theirs


def test_no_scheme_of_our_own(shipped):
    assert {row["scheme"] for row in shipped} == set(LISTS)


def test_every_code_has_a_name(shipped):
    assert not [row["code"] for row in shipped if not row["name"].strip()]


def test_themes_hang_on_their_category(shipped):
    categories = {row["id"] for row in shipped if row["scheme"] == "category"}
    for row in shipped:
        if row["scheme"] == "theme":
            assert row["parent_id:id"] in categories, row["code"]
