from odoo import models


class ResCompany(models.Model):
    """Each company has one action for what no funded action bears: *Structure*."""

    _inherit = "res.company"

    def _get_structure_action(self):
        """The *Structure* action of the company, made when it is missing.

        :rtype: ess.funding.action
        """
        self.ensure_one()
        # sudo: the action is shipped with the company, whoever needs it first
        actions = self.env["ess.funding.action"].sudo().with_company(self)
        domain = [("company_id", "=", self.id), ("is_structure", "=", True)]
        action = actions.with_context(active_test=False).search(domain, limit=1)
        if not action:
            action = actions.create(
                {
                    "name": self.env._("Structure"),
                    "company_id": self.id,
                    "is_structure": True,
                }
            )
        return action.sudo(False)
