"""The papers that the association would send out, written to a folder."""

import io
import json
import zipfile
from pathlib import Path

#: which report is shown
REPORT_OF = "Veille sociale"
CARDS = 12


def run(env, folder, url="", say=print):
    """Write all papers; PDF files need a running server on this database.

    :param env: environment of the superuser
    :param folder: where to write, made when missing
    :param str url: address of the server; by default the one the database knows
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    env = env(context={**env.context, "lang": "fr_FR", "tz": "Europe/Paris"})
    with _Server(env, url):
        for name, write in PAPERS.items():
            content = write(env)
            if isinstance(content, (dict, list)):
                content = json.dumps(content, ensure_ascii=False, indent=2) + "\n"
            if isinstance(content, str):
                content = content.encode()
            (folder / name).write_bytes(content)
            say(f"  {name:<28} {len(content) / 1024:>8.1f} ko")


class _Server:
    """Points printed reports to the running server, then puts things back."""

    def __init__(self, env, url):
        self.params, self.url = env["ir.config_parameter"], url

    def __enter__(self):
        self.before = self.params.get_param("report.url")
        if self.url:
            self.params.set_param("report.url", self.url)
            # wkhtmltopdf fetches its styles by HTTP: another transaction must see the
            # address
            self.params.env.cr.commit()

    def __exit__(self, *error):
        if self.url:
            self.params.set_param("report.url", self.before)


# === PAPERS


def _report(env):
    """Return the report that is shown to funders."""
    return env["ess.funder.report"].search([("grant_id.name", "=", REPORT_OF)], limit=1)


def _report_xlsx(env):
    return _report(env)._get_xlsx()


def _report_pdf(env):
    return _pdf(env, "ess_funding.action_report_funder_report", _report(env))


def _cerfa_pdf(env):
    return _pdf(env, "ess_funding.action_report_cerfa_15059", _report(env))


def _export(env):
    """Return the publication of the three grants."""
    exports = env["ess.grant.export"]
    return exports.create({"grant_ids": exports._default_grants().ids})


def _subventions_csv(env):
    return _export(env)._get_csv()


def _grants_360giving(env):
    return _export(env)._get_json()


def _audit(env):
    """Return the audit file of the grant whose report is shown."""
    grant = _report(env).grant_id
    with env["ess.audit.file"].create({"grant_id": grant.id})._open_zip() as file:
        return file.read()


def _cards(env):
    """Print the cards of some of the people in progress at the food aid."""
    people = (
        env["ess.enrolment"]
        .search(
            [("programme_id.code", "=", "etal"), ("bucket", "=", "enrolled")],
            order="id",
            limit=CARDS,
        )
        .beneficiary_id
    )
    return _pdf(env, "ess_programmes.action_report_beneficiary_card", people)


def _pdf(env, xmlid, records):
    content, kind = (
        env["ir.actions.report"]
        .with_context(force_report_rendering=True)
        ._render_qweb_pdf(xmlid, records.ids)
    )
    if kind != "pdf":
        raise RuntimeError(
            f"{xmlid} gave {kind} instead of PDF: is wkhtmltopdf installed?"
        )
    return content


def _person_copy(env):
    """Return the copy of Naïla's file, a zip, as the coordinator downloads it."""
    person = env["ess.beneficiary"].search(
        [("first_name", "=", "Naïla"), ("last_name", "=", "Benoît")], limit=1
    )
    coordinator = env["res.users"].search([("login", "=", "coordination")])
    own = person.with_user(coordinator).with_context(lang="fr_FR")
    target = io.BytesIO()
    own._write_copy(target)
    return zipfile.ZipFile(target)


def _person_pdf(env):
    return _person_copy(env).read("person-file.pdf")


def _person_json(env):
    return _person_copy(env).read("person-file.json")


def _person_schema(env):
    return _person_copy(env).read("person-file.schema.json")


def _structures(env):
    return env["ess.programme"].search([])._export_data_inclusion()[0]


def _services(env):
    return env["ess.programme"].search([])._export_data_inclusion()[1]


def _summary(env):
    from .build import get_summary

    return get_summary(env)


PAPERS = {
    "funder-report.xlsx": _report_xlsx,
    "funder-report.pdf": _report_pdf,
    "cerfa-15059.pdf": _cerfa_pdf,
    "audit.zip": _audit,
    "subventions.csv": _subventions_csv,
    "grants-360giving.json": _grants_360giving,
    "cards.pdf": _cards,
    "person-file.pdf": _person_pdf,
    "person-file.json": _person_json,
    "person-file.schema.json": _person_schema,
    "structures.json": _structures,
    "services.json": _services,
    "summary.json": _summary,
}
