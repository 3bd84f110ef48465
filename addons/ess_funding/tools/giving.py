"""Grants in the 360Giving data standard, version 1.4 (JSON package)."""

LICENCE = "https://www.etalab.gouv.fr/licence-ouverte-open-licence"


def organisation_id(siret="", rna="", local=""):
    """Identifier of an organisation (org-id.guide lists).

    French organisations are known by SIREN; there is no list for RNA numbers.

    >>> organisation_id("21060004500392"), organisation_id(rna="W751234567")
    ('FR-RCS-210600045', '360G-ess-W751234567')
    """
    if siret:
        return f"FR-RCS-{siret[:9]}"
    return f"360G-ess-{rna or local}"


def make_organisation(name, siret="", rna="", local="", **more):
    """An organisation, empty keys left out.

    >>> make_organisation("Ville", "21060004500392", postalCode="")
    {'id': 'FR-RCS-210600045', 'name': 'Ville'}
    """
    record = {"id": organisation_id(siret, rna, local), "name": name}
    record |= {"charityNumber": rna, **more}
    return {key: value for key, value in record.items() if value}


def make_package(grants, title, issued):
    """The file.

    :param list grants: grants of the standard
    :param str issued: day, as 2026-12-31
    :rtype: dict
    """
    return {
        "version": "1.4",
        "title": title,
        "issued": issued,
        "license": LICENCE,
        "grants": grants,
    }
