from odoo import api, fields, models
from odoo.exceptions import UserError


class EssFundingTwin(models.AbstractModel):
    """What has an analytic account of its own: funded actions and grants.

    The account is made with the record, follows its name and company, and is what
    accountants choose on their lines. Nobody has to create it by hand.
    """

    _name = "ess.funding.twin"
    _description = "Record with an analytic account of its own"

    analytic_account_id = fields.Many2one(
        comodel_name="account.analytic.account",
        string="Analytic account",
        check_company=True,
        copy=False,
        readonly=True,
        index=True,
        ondelete="restrict",
        help="Made with the record. Choose it on bills and entries to charge costs.",
    )

    @api.model
    def _twin_role(self):
        """Plan of the account: "action" or "grant". Override in each model."""
        raise NotImplementedError

    def _prepare_twin_values(self):
        """Values of the analytic account that follow the record."""
        self.ensure_one()
        return {"name": self.name, "company_id": self.company_id.id}

    @api.model_create_multi
    def create(self, vals_list):
        """Make the analytic account of each new record."""
        records = super().create(vals_list)
        plan = self.env["account.analytic.plan"]._ess_plan(self._twin_role())
        missing = records.filtered(lambda record: not record.analytic_account_id)
        # sudo: the account is the record's own twin; whoever may create the one needs
        # no right on accounting to get the other.
        accounts = self.env["account.analytic.account"].sudo()
        accounts = accounts.create(
            [record._prepare_twin_values() | {"plan_id": plan.id} for record in missing]
        )
        for record, account in zip(missing, accounts, strict=True):
            record.analytic_account_id = account.sudo(False)
        return records

    def write(self, vals):
        """Let the analytic account follow the name and the archived state."""
        result = super().write(vals)
        langs = [code for code, _name in self.env["res.lang"].get_installed()]
        for record in self:
            # sudo: same reason as in create
            account = record.analytic_account_id.sudo()
            if "name" in vals:
                account.update_field_translations(
                    "name", dict.fromkeys(langs, record.name)
                )
            if "active" in vals:
                account.active = record.active
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_charged(self):
        # sudo: a cost that the person may not read still forbids deletion
        accounts = self.analytic_account_id.sudo()
        lines = self.env["account.move.line"].sudo()
        for account in accounts:
            if lines.search_count(
                [("analytic_distribution", "in", account.ids)], limit=1
            ):
                raise UserError(
                    self.env._(
                        "Costs or income are linked to “%(name)s”. Archive it instead "
                        "of deleting it, or remove it from those lines first.",
                        name=account.name,
                    )
                )

    def unlink(self):
        """The analytic account goes with its record."""
        accounts = self.analytic_account_id.sudo()  # sudo: as in create
        result = super().unlink()
        accounts.unlink()
        return result
