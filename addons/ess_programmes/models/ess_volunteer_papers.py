from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date

from .ess_volunteer import VOLUNTEER_GROUP


class EssVolunteer(models.Model):
    """The papers that a volunteer has shown, and the sessions that they open."""

    _inherit = "ess.volunteer"

    paper_ids = fields.One2many(
        "ess.volunteer.paper", "volunteer_id", string="Papers", groups=VOLUNTEER_GROUP
    )
    missing_papers = fields.Char(
        compute="_compute_missing_papers",
        groups=VOLUNTEER_GROUP,
        help="Papers that every mission needs and that are missing or expired.",
    )

    @api.depends("paper_ids.date_expiry", "paper_ids.active")
    def _compute_missing_papers(self):
        asked = self.env["ess.paper.type"].search([("needed_for", "=", "all")])
        today = fields.Date.today()
        for volunteer in self:
            lacking = asked.filtered(
                lambda paper, volunteer=volunteer: (
                    not volunteer._has_paper(paper, today)
                )
            )
            volunteer.missing_papers = ", ".join(lacking.mapped("name"))

    def _has_paper(self, paper_type, day):
        """Tell whether the volunteer has shown this paper, and it is still good."""
        self.ensure_one()
        return any(
            paper.type_id == paper_type
            and (not paper.date_expiry or paper.date_expiry >= day)
            for paper in self.paper_ids
        )

    def _check_papers(self, session):
        """Refuse a session that these volunteers' papers do not open.

        For sessions with minors, each needed paper blocks; elsewhere, those that say
        so.

        :param session: one ess.session.
        :raises ValidationError: who lacks which paper, or since when it is expired
        """
        papers = self.env["ess.paper.type"].search([("needed_for", "!=", "none")])
        needs = papers._get_needs(session)
        if not session.has_minors:
            needs = needs.filtered("is_blocking")
        for volunteer in self:
            for paper_type in needs:
                if not volunteer._has_paper(paper_type, session.day):
                    volunteer._refuse(session, paper_type)

    def _refuse(self, session, paper_type):
        shown = self.paper_ids.filtered(lambda paper: paper.type_id == paper_type)
        if shown:
            raise ValidationError(
                self.env._(
                    "%(name)s cannot come to “%(session)s”: “%(paper)s” is good until "
                    "%(date)s. Ask for a new one, then note it on the volunteer.",
                    name=self.partner_id.name,
                    session=session.display_name,
                    paper=paper_type.name,
                    date=format_date(self.env, max(shown.mapped("date_expiry"))),
                )
            )
        raise ValidationError(
            self.env._(
                "%(name)s cannot come to “%(session)s”: “%(paper)s” has not been "
                "shown. Ask for it, then note it on the volunteer.",
                name=self.partner_id.name,
                session=session.display_name,
                paper=paper_type.name,
            )
        )
