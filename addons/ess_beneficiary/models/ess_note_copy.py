from odoo import models
from odoo.tools import format_date


class EssNote(models.Model):
    """What of a note goes into the copy that the person may ask for."""

    _inherit = "ess.note"

    def _mask_for_copy(self, text):
        """Return a text of the note without the passages left out of the copy.

        Fails closed: a passage that is not found leaves the whole text out.

        :param str text: present or former text of the note
        :return: None when the whole text is left out
        :rtype: str | None
        """
        self.ensure_one()
        # sudo: what is left out does not depend on who makes the copy
        for exclusion in self.sudo().exclusion_ids:
            text = exclusion._hide(text)
            if text is None:
                return None
        return text

    def _get_left_out_reasons(self, readable):
        """Say why the note, or passages of it, are not in a copy.

        :param bool readable: whether the maker of the copy may read the note
        :return: one reason a line left out, none when the note is in whole
        :rtype: list of str
        """
        self.ensure_one()
        if not self.active:
            return [self.env._("Set aside by its author: written by mistake.")]
        if self.exclusion_ids:
            return [exclusion._get_reason() for exclusion in self.exclusion_ids]
        if self.visibility == "shared" and not self._is_released():
            return [
                self.env._(
                    "Being reread by its author. You can read it from %(date)s.",
                    date=format_date(self.env, self.date_release),
                )
            ]
        if not readable:
            return [
                self.env._(
                    "Read by the follow-up team only: the officer asks its author for "
                    "the copy of this line."
                )
            ]
        return []
