from odoo import api, fields, models
from odoo.fields import Command

KINDS = [
    ("journal", "Journal"),
    ("account", "Account"),
    ("code", "Analytic code"),
]
#: models that take what is settled, in their order
MADE = {
    "account": "account.account",
    "journal": "account.journal",
    "code": "ess.fec.code",
}


class EssFecImportNeed(models.TransientModel):
    """Something that the file names and that is not known here.

    Made by the reading of the file. Accounts and journals are proposed for creation;
    for an analytic code, the accountant says which action or grant it stands for, or
    that it stands for none.
    """

    _name = "ess.fec.import.need"
    _description = "Unknown in the file of the accounting firm"
    _order = "kind desc, code"
    _check_company_auto = True

    import_id = fields.Many2one(
        comodel_name="ess.fec.import",
        string="File read",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="import_id.company_id")
    kind = fields.Selection(KINDS, required=True)
    code = fields.Char(required=True)
    name = fields.Char()
    line_count = fields.Integer(string="Lines")
    account_type = fields.Selection(
        selection=lambda self: self.env["account.account"]
        ._fields["account_type"]
        ._description_selection(self.env),
        string="Type",
        help="That of the account with the closest number, unless you change it.",
    )
    is_wanted = fields.Boolean(string="Create")
    action_id = fields.Many2one(
        comodel_name="ess.funding.action",
        string="Funded action",
        check_company=True,
    )
    grant_id = fields.Many2one(comodel_name="ess.grant", check_company=True)
    is_left_out = fields.Boolean(
        string="Leave out", help="The code stands for no action and no grant."
    )

    @api.onchange("action_id", "grant_id")
    def _onchange_target(self):
        for need in self:
            if need.action_id or need.grant_id:
                need.is_left_out = False

    def _is_settled(self):
        """Does the import know what to do with it?"""
        self.ensure_one()
        if self.kind == "code":
            return bool(self.action_id or self.grant_id or self.is_left_out)
        return self.is_wanted

    def _settle(self):
        """Make the accounts and journals that are ticked, keep the codes.

        With the rights of the accountant: who may not make accounts gets Odoo's words.
        """
        settled = self.filtered(lambda need: need._is_settled())
        by_kind = settled.grouped("kind")
        company = self.import_id.company_id
        for kind, model in MADE.items():
            needs = by_kind.get(kind, self.browse())
            self.env[model].with_company(company).create(
                [getattr(need, f"_prepare_{kind}")(company) for need in needs]
            )
        settled.unlink()

    def _prepare_account(self, company):
        """Values of an account that the firm uses and that is missing here."""
        return {
            "code": self.code,
            "name": self.name or self.code,
            "account_type": self.account_type,
            "company_ids": [Command.set(company.ids)],
        }

    def _prepare_journal(self, company):
        """Values of a journal of the firm: entries come whole, whatever its kind."""
        return {
            "code": self.code,
            "name": self.name or self.code,
            "type": "general",
            "company_id": company.id,
        }

    def _prepare_code(self, company):
        """Values of a code that is kept for the next files."""
        return {
            "name": self.code,
            "company_id": company.id,
            "action_id": self.action_id.id,
            "grant_id": self.grant_id.id,
        }
