from odoo import models

from .ess_presence import PRESENT_STATES


class EssPresence(models.Model):
    """How a line of the sheet is named on paper."""

    _inherit = "ess.presence"

    def _get_signature_name(self):
        """Return the name on the paper sheet: first name and initial, unless the
        programme's funder asks for more or the file cannot be read.

        :rtype: str
        """
        self.ensure_one()
        # sudo: which names to print; the file is read with the user's rights below
        mode = self.sudo().programme_id.sheet_names
        person = self.beneficiary_id
        if mode == "reference" or not person.sudo(False).has_access("read"):
            # sudo: the number stands for whoever cannot be named
            return person.sudo().ref
        if mode == "full" or not person.first_name:
            return person.display_name
        initial = (person.last_name or "").strip()[:1]
        return f"{person.first_name} {initial}." if initial else person.first_name

    def _get_signature_state(self):
        """Return what is known already of this line, or nothing.

        :rtype: str
        """
        self.ensure_one()
        if self.state in ("expected", *PRESENT_STATES):
            return ""
        return dict(self._fields["state"]._description_selection(self.env))[self.state]
