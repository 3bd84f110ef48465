from odoo import models


class EssGrant(models.Model):
    """The grant as its funder reads it on line."""

    _name = "ess.grant"
    _inherit = ["ess.grant", "ess.funder.space"]

    def _get_space_fields(self):
        return super()._get_space_fields() | {
            "name",
            "ref",
            "state",
            "funder_id",
            "company_id",
            "currency_id",
            "date_from",
            "date_to",
            "amount",
        }

    def _get_space_values(self):
        """What the page of a grant shows beside its own fields.

        :rtype: dict
        """
        self.ensure_one()
        # sudo: names of what the agreement pays for, and the figures it asks for
        grant = self.sudo()
        programmes = grant.action_ids.programme_ids
        period = self._get_space_period(grant.date_from, grant.date_to)
        return {
            "actions": grant.action_ids.mapped("name"),
            "programmes": programmes.mapped("name"),
            "period": period,
            "figures": self._get_space_figures(programmes, grant.indicator_ids, period),
        }


class EssGrantInstalment(models.Model):
    """The instalment as the funder reads it on line."""

    _name = "ess.grant.instalment"
    _inherit = ["ess.grant.instalment", "ess.funder.space"]

    def _get_space_fields(self):
        return super()._get_space_fields() | {
            "grant_id",
            "kind",
            "company_id",
            "currency_id",
            "date_due",
            "amount",
            "condition",
            "date_received",
            "amount_received",
        }
