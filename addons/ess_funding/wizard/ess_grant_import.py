import base64

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from odoo.addons.ess_programmes.tools.data_inclusion import siret_or_none

from ..tools import scdl

#: rows of other organisations are counted, not kept; more of ours than this is no
#: file of grants
MAX_ROWS = 500


class EssGrantImport(models.TransientModel):
    """A file of grants that a public funder published, read for what concerns us.

    The fundraiser gives the CSV; rows with the SIRET or RNA number of the association
    are matched to its grants, what is missing is proposed. Nothing is written before
    the button.
    """

    _name = "ess.grant.import"
    _description = "Read published grants"
    _check_company_auto = True

    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        default=lambda self: self.env.company,
    )
    file = fields.Binary(string="CSV file", attachment=False)
    file_name = fields.Char()
    line_ids = fields.One2many("ess.grant.import.line", "import_id", readonly=True)
    other_count = fields.Integer(
        string="Rows of other organisations", readonly=True, default=0
    )
    state = fields.Selection(
        [("file", "File to read"), ("read", "File read")], required=True, default="file"
    )

    def action_read(self):
        """Read the file and match its rows.

        :raises UserError: when it is no such file, or the association has no number
        """
        self.ensure_one()
        siret = siret_or_none(self.company_id.company_registry)
        rna = self.company_id.rna_number
        if not siret and not rna:
            raise UserError(
                self.env._(
                    "“%(company)s” has no SIRET or RNA number: enter one in the "
                    "settings of the company, so that its rows are recognised.",
                    company=self.company_id.name,
                )
            )
        rows = self._read_file()
        ours = [
            row
            for row in rows
            if (siret and row["idBeneficiaire"][:9] == siret[:9])
            or (rna and row["rnaBeneficiaire"] == rna)
        ]
        if len(ours) > MAX_ROWS:
            raise UserError(
                self.env._(
                    "%(count)s rows name the association: this is no file of grants.",
                    count=len(ours),
                )
            )
        self.write(
            {
                "state": "read",
                "other_count": len(rows) - len(ours),
                "line_ids": [Command.clear(), *self._prepare_lines(ours)],
            }
        )
        return self._get_window_action()

    def action_create(self):
        """Make the missing grants that are ticked, in preparation.

        :raises UserError: when none is ticked
        """
        self.ensure_one()
        lines = self.line_ids.filtered(
            lambda line: line.is_wanted and line.result == "missing"
        )
        if not lines:
            raise UserError(self.env._("Tick at least one missing grant."))
        grants = lines._create_grants()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "ess_funding.ess_grant_action"
        )
        return action | {"domain": [("id", "in", grants.ids)], "context": {}}

    def _read_file(self):
        """Rows of the file.

        :raises UserError: naming the column that is missing
        """
        if not self.file:
            raise UserError(self.env._("Choose the CSV file of the funder first."))
        try:
            return scdl.read_rows(base64.b64decode(self.file))
        except ValueError as error:
            raise UserError(
                self.env._(
                    "This is no file of published grants (SCDL): the column "
                    "%(column)s is missing.",
                    column=error.args[0],
                )
            ) from error

    def _prepare_lines(self, rows):
        """Commands that make the lines of the rows.

        :rtype: list
        """
        funders = self._get_funders({row["idAttribuant"] for row in rows})
        commands = []
        for row in rows:
            partners = funders.get(row["idAttribuant"], self.env["res.partner"])
            grant = self.env["ess.grant"]._find_published(row, partners)
            commands.append(Command.create(self._prepare_line(row, partners, grant)))
        return commands

    def _prepare_line(self, row, partners, grant):
        """Values of the line of one row.

        :param partners: res.partner with the number of the funder
        :param grant: ess.grant that was found, or empty
        """
        amount = scdl.read_amount(row["montant"])
        day = scdl.read_date(row["dateConvention"])
        result = "missing"
        if amount is None or not day:
            result = "wrong"
        elif grant:
            same = grant.currency_id.compare_amounts(grant.amount, amount) == 0
            result = "same" if same else "different"
        period = scdl.read_period(row["datesPeriodeVersement"]) or (day, day)
        return {
            "row": row["line"],
            "result": result,
            "is_wanted": result == "missing",
            "funder_name": row["nomAttribuant"],
            "funder_siret": row["idAttribuant"],
            "funder_id": partners[:1].id,
            "grant_id": grant.id,
            "name": row["objet"] or row["nomAttribuant"],
            "ref": row["referenceDecision"],
            "amount": amount or 0.0,
            "date": day,
            "date_from": period[0],
            "date_to": period[1],
        }

    @api.model
    def _get_funders(self, sirets):
        """Partners by SIRET, else by SIREN: a town has many establishments.

        :rtype: dict
        """
        partners = self.env["res.partner"].search([("company_registry", "!=", False)])
        by_siret, by_siren = {}, {}
        for partner in partners:
            number = siret_or_none(partner.company_registry)
            if number:
                by_siret.setdefault(number, partner)
                by_siren.setdefault(number[:9], partner)
        empty = self.env["res.partner"]
        return {
            siret: (by_siret.get(siret) or by_siren.get(siret[:9], empty))
            for siret in sirets
        }

    def _get_window_action(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Read published grants"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }
