from dateutil.relativedelta import relativedelta

from odoo import fields, models
from odoo.fields import Command

RESULTS = [
    ("same", "Known"),
    ("different", "Another amount"),
    ("missing", "Missing"),
    ("wrong", "Unreadable"),
]


class EssGrantImportLine(models.TransientModel):
    """One published row that names the association, and the grant it speaks of.

    Made by the reading of the file; the fundraiser ticks the missing ones to keep.
    """

    _name = "ess.grant.import.line"
    _description = "Published grant"
    _order = "row"

    import_id = fields.Many2one(
        comodel_name="ess.grant.import",
        string="File read",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="import_id.company_id")
    currency_id = fields.Many2one(related="company_id.currency_id")
    row = fields.Integer()
    result = fields.Selection(RESULTS, required=True)
    is_wanted = fields.Boolean(string="Create")
    funder_name = fields.Char(string="Funder")
    funder_siret = fields.Char(string="SIRET number")
    funder_id = fields.Many2one(comodel_name="res.partner", string="Known funder")
    grant_id = fields.Many2one(comodel_name="ess.grant")
    known_amount = fields.Monetary(related="grant_id.amount", string="Amount here")
    name = fields.Char(string="Purpose")
    ref = fields.Char(string="Decision")
    amount = fields.Monetary(string="Published amount")
    date = fields.Date(string="Agreement day")
    date_from = fields.Date(string="From")
    date_to = fields.Date(string="To")

    def _create_grants(self):
        """Grants in preparation, with their funders when those are unknown.

        :rtype: ess.grant
        """
        funders = {}
        values = []
        for line in self:
            funder = line.funder_id or funders.get(line.funder_siret)
            if not funder:
                funder = line._create_funder()
                funders[line.funder_siret] = funder
            values.append(line._prepare_grant(funder))
        return self.env["ess.grant"].create(values)

    def _create_funder(self):
        """The public body that the row names."""
        # sudo: a fundraiser may have no right on contacts; the public body is named in
        # the file that they read
        partners = self.env["res.partner"].sudo()
        return partners.create(
            {
                "name": self.funder_name,
                "is_company": True,
                "company_registry": self.funder_siret,
            }
        ).sudo(False)

    def _prepare_grant(self, funder):
        """Values of the grant; its period is the year after the agreement at least."""
        first = min(day for day in (self.date, self.date_from) if day)
        last = self.date_to or first
        last = max(last, first + relativedelta(years=1, days=-1))
        return {
            "name": self.name,
            "ref": self.ref,
            "funder_id": funder.id,
            "company_id": self.company_id.id,
            "amount": self.amount,
            "date_notified": self.date,
            "date_from": first,
            "date_to": last,
            "share_ids": [Command.clear()],
        }
