from odoo import api, fields, models
from odoo.exceptions import UserError


class EssHouseholdMove(models.TransientModel):
    """Someone leaves a household: who, when, why; alone or together.

    Those who leave may start a household of their own. Nothing links the two: a couple
    who separates is two households that do not know each other.
    """

    _name = "ess.household.move"
    _description = "Someone leaves the household"

    household_id = fields.Many2one(
        comodel_name="ess.household", required=True, readonly=True
    )
    present_ids = fields.Many2many(
        comodel_name="ess.household.member", compute="_compute_present_ids"
    )
    member_ids = fields.Many2many(
        comodel_name="ess.household.member",
        relation="ess_household_move_member_rel",
        string="Who leaves",
        domain="[('id', 'in', present_ids)]",
    )
    date_to = fields.Date(
        string="Last day in the household",
        required=True,
        default=fields.Date.context_today,
    )
    end_reason = fields.Selection(
        selection=lambda self: self.env["ess.household.member"]
        ._fields["end_reason"]
        ._description_selection(self.env),
        string="Why",
        required=True,
        default="moved",
    )
    is_together = fields.Boolean(
        string="They live together from then on",
        help="A new household starts the day after, with those who leave.",
    )

    @api.depends("household_id")
    @api.depends_context("uid")
    def _compute_present_ids(self):
        for wizard in self:
            wizard.present_ids = wizard.household_id._get_composition()

    def action_move(self):
        """Close the dates of those who leave, and start their new household.

        :rtype: dict
        """
        self.ensure_one()
        leaving = self.member_ids
        if not leaving:
            raise UserError(self.env._("Choose who leaves the household."))
        if leaving.filtered(lambda member: member.date_from > self.date_to):
            raise UserError(self.env._("Nobody leaves before they came."))
        # read first: once everybody has left, the user sees the household no more
        company = self.household_id.company_id
        leaving._leave(self.date_to, self.end_reason)
        if self.is_together:
            household = self.env["ess.household"].create({"company_id": company.id})
            start = fields.Date.add(self.date_to, days=1)
            for member in leaving:
                member.beneficiary_id._enter_household(household, member.role, start)
        if self.env.context.get("ess_from_household") and not (
            self.household_id.has_access("read")
        ):
            return self.env["ir.actions.act_window"]._for_xml_id(
                "ess_beneficiary.ess_household_action"
            ) | {"target": "main"}
        return {"type": "ir.actions.client", "tag": "soft_reload"}
