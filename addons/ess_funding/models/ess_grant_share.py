from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import formatLang


class EssGrantShare(models.Model):
    """The part of a grant that goes to one action, in euros.

    Entered by the fundraiser from the agreement. The shares of a grant never exceed
    its amount; what is left is not allotted yet.
    """

    _name = "ess.grant.share"
    _description = "Share of a grant for an action"
    _order = "grant_id, id"
    _check_company_auto = True

    grant_id = fields.Many2one(
        comodel_name="ess.grant",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    action_id = fields.Many2one(
        comodel_name="ess.funding.action",
        string="Funded action",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    company_id = fields.Many2one(
        related="grant_id.company_id",
        store=True,
        index=True,  # stored for the company rule
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount = fields.Monetary(required=True)
    funder_id = fields.Many2one(related="grant_id.funder_id")
    state = fields.Selection(related="grant_id.state")
    note = fields.Char(help="What this part of the grant is for, in a few words.")

    _unique_action = models.Constraint(
        "UNIQUE(grant_id, action_id)",
        "This action already has a share of the grant: change that one.",
    )
    _positive = models.Constraint(
        "CHECK(amount >= 0)", "The share of an action cannot be negative."
    )

    @api.depends("grant_id.name", "action_id.name")
    def _compute_display_name(self):
        for share in self:
            share.display_name = f"{share.grant_id.name} → {share.action_id.name}"

    @api.constrains("amount", "grant_id")
    def _check_amount(self):
        """The shares of a grant add up to its amount at most."""
        for grant in self.grant_id:
            shared = sum(grant.share_ids.mapped("amount"))
            if grant.currency_id.compare_amounts(shared, grant.amount) > 0:
                raise ValidationError(
                    self.env._(
                        "The actions get %(shared)s of “%(grant)s”, which is "
                        "%(amount)s. Lower a share or correct the amount.",
                        shared=formatLang(
                            self.env, shared, currency_obj=grant.currency_id
                        ),
                        amount=formatLang(
                            self.env, grant.amount, currency_obj=grant.currency_id
                        ),
                        grant=grant.name,
                    )
                )

    @api.constrains("amount", "grant_id", "action_id")
    def _check_resources(self):
        """Grants never give more than the action costs."""
        self.action_id._check_resources()
