"""Workbooks and PDF that we send out open with outside readers and hold what they
promise.
"""

import csv
import re

import openpyxl
import pypdf
import pytest
from conftest import DEMO

PDF_WORDS = {
    "funder-report.pdf": [
        "Maison des Deux Ponts",
        "Veilleuse",
        "Prévu",
        "Réalisé",
        "%",
    ],
    "cerfa-15059.pdf": [
        "15059*02",
        "Maison des Deux Ponts",
        "TOTAL DES CHARGES",
        "Charges directes",
        "Charges indirectes",
        "Réalisé",
        "présidente",
        "Pièces",
    ],
    "cards.pdf": ["N°", "D"],
}
# a service's name on a card would tell a passer-by who is being helped
CARD_SILENT_ABOUT = ["Veilleuse", "Tandem", "Cap Métiers", "Étal", "maraude", "115"]
FORMULA_START = ("=", "+", "-", "@", "\t", "\r")
AGGREGATE = re.compile(r"^=[A-Z0-9().,:;$!' _/*+\-<>=\"]+$", re.IGNORECASE)


def pdf_text(path):
    """Text of all pages, with line breaks as spaces."""
    pages = pypdf.PdfReader(path).pages
    assert len(pages) > 0
    return " ".join(" ".join(page.extract_text().split()) for page in pages)


def cells(path, data_only=False):
    workbook = openpyxl.load_workbook(path, data_only=data_only)
    for sheet in workbook.worksheets:
        for row in sheet.iter_rows():
            yield from (cell for cell in row if cell.value is not None)


@pytest.mark.parametrize("name", PDF_WORDS)
def test_pdf_opens_and_holds_its_words(demo_file, name):
    text = pdf_text(demo_file(name))
    for word in PDF_WORDS[name]:
        assert word.lower() in text.lower(), f"{name}: {word!r} not found"


def test_card_does_not_tell_who_helps(demo_file):
    text = pdf_text(demo_file("cards.pdf")).lower()
    for word in CARD_SILENT_ABOUT:
        assert word.lower() not in text, f"cards.pdf names {word!r}"


def test_workbook_opens_and_has_live_totals(demo_file):
    path = demo_file("funder-report.xlsx")
    workbook = openpyxl.load_workbook(path)
    assert workbook.sheetnames
    formulas = [cell for cell in cells(path) if cell.data_type == "f"]
    assert formulas, "totals of the workbook are not live formulas"
    for cell in formulas:
        assert AGGREGATE.match(str(cell.value)), cell.value
        assert "http" not in str(cell.value).lower()


def live_sum(sheet, formula):
    """What a SUM of plain cells and of other sums gives, recomputed here."""
    total = 0
    for area in formula.removeprefix("=SUM(").removesuffix(")").split(","):
        cells_of_area = sheet[area] if ":" in area else ((sheet[area],),)
        for (cell,) in cells_of_area:
            total += cell.value if isinstance(cell.value, int | float) else 0
    return round(total, 2)


def test_workbook_totals_tie_with_the_summary(demo_file, demo_json):
    """The expenses counted in the ledger are the live total without the surplus."""
    path = demo_file("funder-report.xlsx")
    formulas = [cell for cell in cells(path) if cell.data_type == "f"]
    totals = {
        live_sum(cell.parent, cell.value)
        for cell in formulas
        if cell.value.startswith("=SUM(")
    }
    labels = [
        cell
        for cell in cells(path)
        if str(cell.value).startswith("Excédent prévisionnel")
    ]
    amounts = [label.offset(column=2).value for label in labels]
    surplus = [amount for amount in amounts if isinstance(amount, (int, float))]
    reports = demo_json("summary.json")["details"]["reports"]
    charges = {report["name"]: report["charges"] for report in reports.values()}
    found = {round(total - sum(surplus), 2) for total in totals}
    assert set(charges.values()) & found, f"none of {charges} is a total"


def test_totals_are_right_without_recomputing(demo_file):
    """Previews and phones show the value kept beside a formula: it must be the sum."""
    path = demo_file("funder-report.xlsx")
    kept = openpyxl.load_workbook(path, data_only=True)
    for cell in cells(path):
        if cell.data_type == "f" and cell.value.startswith("=SUM("):
            shown = kept[cell.parent.title][cell.coordinate].value or 0
            assert abs(shown - live_sum(cell.parent, cell.value)) < 0.01, cell


def test_both_sides_of_every_check_tie(demo_json):
    """The demo counts each of its figures by two ways."""
    checks = demo_json("summary.json")["checks"]
    assert len(checks) >= 5
    assert not [check for check in checks if not check["ties"]]


def test_user_text_never_starts_a_formula_in_workbooks(demo_file):
    for path in sorted(DEMO.glob("*.xlsx")):
        for cell in cells(path):
            if cell.data_type != "f" and isinstance(cell.value, str):
                assert not cell.value.startswith(FORMULA_START) or cell.quotePrefix, (
                    f"{path.name} {cell.coordinate}: {cell.value!r}"
                )


def test_user_text_never_starts_a_formula_in_csv():
    for path in sorted(DEMO.glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as stream:
            for number, row in enumerate(csv.reader(stream), 1):
                for value in row:
                    negative = re.fullmatch(r"-\d+([.,]\d+)?", value)
                    assert negative or not value.startswith(FORMULA_START), (
                        f"{path.name} line {number}: {value!r}"
                    )


def test_summary_counts_the_story(demo_json):
    """Volumes of the demo association: plus or minus ten per cent is believable."""
    counts = demo_json("summary.json").get("counts", {})
    assert counts, "summary.json has no part 'counts'"
    floors = {
        "files": 250,
        "programmes": 5,
        "presences": 3000,
        "volunteers": 40,
        "entries": 150,
    }
    for name, floor in floors.items():
        assert counts.get(name, 0) >= floor, f"{name}: {counts.get(name)}"
    assert len(demo_json("summary.json")["details"]["grants"]) >= 3
