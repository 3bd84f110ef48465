from odoo import models


class EssDocument(models.Model):
    """Which documents go into the copy that the person may ask for."""

    _inherit = "ess.document"

    def _is_in_copy(self):
        """Tell whether the copy of the file, a packet or the portal may carry it.

        To be asked by whatever takes documents out of the file.

        :rtype: bool
        """
        self.ensure_one()
        # sudo: what is left out does not depend on who makes the copy
        return not self.never_leaves and not self.sudo().exclusion_ids

    def _get_left_out_reason(self, readable):
        """Say why the document is not in a copy; never what it is.

        A parent may be the one who reads the copy: the line of a child-protection
        report looks like any other line left out for the rights of others.

        :param bool readable: whether the maker of the copy may read the document
        :return: False when the document is in the copy
        :rtype: str | bool
        """
        self.ensure_one()
        exclusion = self.exclusion_ids[:1]
        if exclusion:
            return exclusion._get_reason()
        if self.never_leaves:
            reasons = self.env["ess.copy.exclusion"]._fields["reason"]
            return dict(reasons._description_selection(self.env))["others"]
        if not self.active and not readable:
            return self.env._("Set aside: replaced by a more recent document.")
        if not readable:
            return self.env._(
                "Read by the follow-up team only: ask your referent for a copy."
            )
        return False
