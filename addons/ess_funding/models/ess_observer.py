from odoo import api, fields, models


class EssObserver(models.Model):
    """A public body that follows programmes without paying for them: the State.

    Entered by the officer when it is agreed; its contacts read the suppressed figures
    of these programmes on line, and ask questions. Archived when it is over.
    """

    _name = "ess.observer"
    _description = "Public observer"
    _inherit = ["ess.funder.space"]
    _order = "partner_id, id"
    _check_company_auto = True

    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Public body",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    programme_ids = fields.Many2many(
        comodel_name="ess.programme", string="Programmes", check_company=True
    )
    indicator_ids = fields.Many2many(
        comodel_name="ess.indicator", string="Figures to show"
    )
    reason = fields.Char(
        string="By which text",
        help="Agreement, decree or letter that says what the body follows.",
    )

    @api.depends("partner_id")
    def _compute_display_name(self):
        for observer in self:
            # sudo: the name of the body, whose contact may not open its sheet
            observer.display_name = observer.sudo().partner_id.name

    def _get_space_fields(self):
        return super()._get_space_fields() | {"partner_id", "company_id", "active"}

    def _get_space_values(self):
        """What the page of an observer shows.

        :rtype: dict
        """
        self.ensure_one()
        # sudo: names of the programmes that it follows, and which figures
        observer = self.sudo()
        period = self._get_space_period()
        return {
            "actions": [],
            "programmes": observer.programme_ids.mapped("name"),
            "period": period,
            "figures": self._get_space_figures(
                observer.programme_ids, observer.indicator_ids, period
            ),
        }

    def action_invite(self):
        """Choose the contact of the body who reads its space."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "ess_funding.ess_funder_invite_action"
        )
        return action | {"context": {"default_partner_id": self.partner_id.id}}
