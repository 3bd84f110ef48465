from odoo import fields, models


class EssHandover(models.Model):
    """Whose places a handover takes: those held, and those that somebody left."""

    _inherit = "ess.handover"

    def _get_places(self):
        """Return what the worker hands over: the places held, and those left empty.

        Whoever left has ended follow-ups; the people who have had no referent since
        are still theirs to hand over.

        :rtype: recordset of ess.followup
        """
        places = self.env["ess.followup"]
        if not self.user_from_id:
            return places
        mine = [("user_id", "=", self.user_from_id.id)]
        today = fields.Date.today()
        held = places.search(
            [*mine, "|", ("date_to", "=", False), ("date_to", ">=", today)]
        )
        left = places.search(
            [
                *mine,
                ("date_to", "<", today),
                ("end_reason", "=", "staff_left"),
                ("is_referent", "=", True),
                ("beneficiary_id.active", "=", True),
                ("beneficiary_id.referent_id", "=", False),
                ("beneficiary_id", "not in", held.beneficiary_id.ids),
            ],
            order="date_to desc, id desc",
        )
        for last in left.grouped("beneficiary_id").values():
            held += last[:1]
        return held

    def _get_ended_here(self):
        """Return the places that this handover ends, or has ended: not those of
        somebody who had left before.

        :rtype: recordset of ess.followup
        """
        return self.followup_ids.filtered(
            lambda place: not place.date_to or place.date_to >= self.date
        )
