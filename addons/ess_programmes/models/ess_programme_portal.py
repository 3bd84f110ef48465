from odoo import api, fields, models
from odoo.fields import Domain

from .ess_enrolment_stage import OPEN_BUCKETS


class EssProgramme(models.Model):
    """The programmes that people may ask to join from their own file, on line."""

    _inherit = "ess.programme"

    is_on_portal = fields.Boolean(
        string="Proposed on line",
        help="People who read their file on line may ask to join this programme. Its "
        "name and its description are shown to them.",
    )

    @api.model
    def _get_offered_on_line(self):
        """Return the programmes proposed on line that are not over.

        :rtype: ess.programme recordset
        """
        running = Domain("date_to", "=", False) | Domain("date_to", ">=", self._today())
        return self.search(Domain("is_on_portal", "=", True) & running)

    def _apply_on_line(self, person):
        """Write the request of a person to join this programme, unless one is open.

        A request only says that it was asked, at the time of the server: the team
        decides, or the places go in order of arrival.

        :param person: ess.beneficiary, the file of the person who is logged in.
        """
        self.ensure_one()
        # sudo: one request of the person about their own file, nothing is returned
        stays = self.env["ess.enrolment"].sudo()
        mine = [("beneficiary_id", "=", person.id), ("programme_id", "=", self.id)]
        if not stays.search_count([*mine, ("bucket", "in", OPEN_BUCKETS)], limit=1):
            stays.create(
                {
                    "beneficiary_id": person.id,
                    "programme_id": self.id,
                    "date_request": self._today(),
                }
            )
