from odoo import models
from odoo.exceptions import UserError


class EssSession(models.Model):
    """An appointment: its sheet is written with the note of the interview."""

    _inherit = "ess.session"

    def action_new_interview(self, beneficiary_id=False):
        """Enter the interview held at this session.

        :param int beneficiary_id: the person, or nothing: the first one still expected
        :raises UserError: when nobody is on the sheet
        :rtype: dict
        """
        self.ensure_one()
        self._check_planned()
        people = self.presence_ids.filtered("beneficiary_id").sorted(
            lambda line: (line.state != "expected", line.id)
        )
        person = beneficiary_id or people[:1].beneficiary_id.id
        if not person:
            raise UserError(
                self.env._("Nobody is on the sheet yet: add the person first.")
            )
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "ess_programmes.ess_interview_action"
        )
        context = {"default_beneficiary_id": int(person), "ess_session_id": self.id}
        return dict(action, context=context)
