from odoo import models


class EssSession(models.Model):
    """What people ask during a session."""

    _inherit = "ess.session"

    def action_new_request(self, beneficiary_id=False):
        """Note what someone asks at this session: a person, or somebody unnamed.

        :param int beneficiary_id: the person, or nothing
        :rtype: dict
        """
        self.ensure_one()
        who = {"default_headcount": 1}
        if isinstance(beneficiary_id, int) and beneficiary_id > 0:
            who = {"default_beneficiary_id": beneficiary_id}
        return self.env["ess.request"]._get_quick_action(
            default_session_id=self.id, **who
        )
