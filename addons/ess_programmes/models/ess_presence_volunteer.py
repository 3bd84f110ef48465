from odoo import api, fields, models

from .ess_volunteer import TIME_KINDS

#: what decides whether a volunteer may be there
ASSIGNMENT = {"volunteer_id", "session_id", "state"}


class EssPresence(models.Model):
    """What a line says when it is that of a volunteer, or of a group that comes with
    one.
    """

    _inherit = "ess.presence"

    # Plain columns, filled when the line is made: later changes of the volunteer do
    # not rewrite what was given.
    time_kind = fields.Selection(
        TIME_KINDS,
        string="Whose time",
        help="Accounts, certificates and the citizen's engagement account count own "
        "time and time lent by an employer apart.",
    )
    mission_type_id = fields.Many2one(
        "ess.mission.type", string="Mission", ondelete="restrict"
    )
    group_size = fields.Integer(
        string="How many came",
        help="For a group: how many people, counted once in every total. The minutes "
        "of the line are those of all of them.",
    )

    need_id = fields.Many2one(
        "ess.session.need",
        string="Shift",
        index="btree_not_null",
        ondelete="set null",
        help="The place that this volunteer holds.",
    )
    # Not for people: which reminder has gone out.
    reminder = fields.Selection(
        [("before", "Before"), ("after", "After")], readonly=True, copy=False
    )

    _group_positive = models.Constraint(
        "CHECK (COALESCE(group_size, 0) >= 0)",
        "The number of people of a group cannot be negative.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Create lines; say whose time it is, and keep out who lacks a paper."""
        lines = super().create([self._fill_volunteer(vals) for vals in vals_list])
        lines.filtered("volunteer_id")._check_assignment()
        return lines

    def write(self, vals):
        """As in :meth:`create`."""
        result = super().write(vals)
        if vals.keys() & ASSIGNMENT:
            self.filtered("volunteer_id")._check_assignment()
        return result

    @api.model
    def _fill_volunteer(self, vals):
        """Return the values of a line with what its volunteer and session say."""
        if not vals.get("volunteer_id"):
            return vals
        # sudo: whose time it is; the line itself follows the rights of the user
        volunteer = self.env["ess.volunteer"].sudo().browse(vals["volunteer_id"])
        session = self.env["ess.session"].sudo().browse(vals.get("session_id"))
        needs = session.need_ids
        need = next((need for need in needs if need.missing), needs[:1])
        return {
            "time_kind": volunteer.exists() and volunteer._get_time_kind(),
            "mission_type_id": (need or session).mission_type_id.id,
            "need_id": need.id,
            **vals,
        }

    def _check_assignment(self):
        """Check the papers of who will come; what is over is a fact and stays one."""
        now = fields.Datetime.now()
        # sudo: whether a paper is good; the message names the paper, not its number
        lines = self.sudo().filtered(
            lambda line: (
                line.session_id.date_end >= now
                and line.session_id.state != "cancelled"
                and (line.is_present or line.state == "expected")
            )
        )
        for session, its_lines in lines.grouped("session_id").items():
            its_lines.volunteer_id._check_papers(session)
