from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

AHEAD = timedelta(days=60)
SHOWN = 40
#: how far back a volunteer finds the sessions that they may enter
BACK = timedelta(days=21)


class EssVolunteer(models.Model):
    """What a volunteer's own pages show.

    A volunteer's login has no right on any model: these methods run as superuser, on
    the records of the caller's own contact, and return plain values: a day, a place, a
    role, a number. No name of anybody else, no title that a worker typed.
    """

    _inherit = "ess.volunteer"

    @api.model
    def _get_own(self):
        """Return the current volunteer records of whoever is logged in, as superuser.

        :rtype: ess.volunteer
        """
        # sudo: the records of the user's own contact, and no others
        partner = self.env.user.sudo().partner_id
        return self.sudo().search(
            [("partner_id", "=", partner.id), ("is_current", "=", True)]
        )

    def _get_own_shifts(self):
        """Return where these volunteers are expected, and where they wait.

        :rtype: list of dict
        """
        signups = self.env["ess.signup"].search(
            [
                ("volunteer_id", "in", self.ids),
                ("state", "in", ("asked", "waiting")),
                ("session_id.date_end", ">", fields.Datetime.now()),
            ]
        )
        lines = self.env["ess.presence"].search(
            [
                ("volunteer_id", "in", self.ids),
                ("state", "=", "expected"),
                ("session_id.state", "=", "planned"),
                ("session_id.date_end", ">", fields.Datetime.now()),
            ]
        )
        shifts = [
            {**self._show(line.session_id, line.mission_type_id), "state": "expected"}
            for line in lines
        ] + [
            {
                **self._show(signup.session_id, signup.need_id.mission_type_id),
                "state": "waiting",
            }
            for signup in signups
        ]
        return sorted(shifts, key=lambda shift: shift["start"])

    def _get_open_shifts(self):
        """Return the shifts that these volunteers may sign up for: those of their
        territories first, then the next ones.

        :rtype: list of dict
        """
        now = fields.Datetime.now()
        mine = [shift["session_id"] for shift in self._get_own_shifts()]
        needs = self.env["ess.session.need"].search(
            Domain("company_id", "in", self.company_id.ids)
            & Domain("session_id.state", "=", "planned")
            & Domain("session_id.date_start", ">", now)
            & Domain("session_id.date_start", "<", now + AHEAD)
            & Domain("session_id", "not in", mine),
        )
        near = self.territory_ids
        shown = [
            {
                **self._show(need.session_id, need.mission_type_id),
                "need_id": need.id,
                "missing": need.missing,
                "is_near": need.session_id.territory_id in near,
            }
            for need in needs
        ]
        shown.sort(key=lambda shift: (not shift["is_near"], shift["start"]))
        return shown[:SHOWN]

    @api.model
    def _show(self, session, mission_type):
        """Return what may be said of a session to a volunteer, or to everyone."""
        kinds = dict(session._fields["kind"]._description_selection(self.env))
        return {
            "session_id": session.id,
            "what": mission_type.name or kinds[session.kind],
            "programme": session.programme_id.name,
            "association": session.company_id.name,
            "place": session.place or session.territory_id.name or "",
            "start": session.date_start,
            "end": session.date_end,
            "tz": session.programme_id.tz or "UTC",
        }

    def _get_lines_to_confirm(self):
        """Return the shifts that are over and that nobody has ticked yet."""
        lines = self.env["ess.presence"].search(
            [
                ("volunteer_id", "in", self.ids),
                ("state", "=", "expected"),
                ("session_id.state", "=", "planned"),
                ("session_id.date_end", "<=", fields.Datetime.now()),
                ("session_id.date_end", ">", fields.Datetime.now() - BACK),
            ]
        )
        return [
            {**self._show(line.session_id, line.mission_type_id), "line_id": line.id}
            for line in lines
        ]

    def _get_programmes_to_enter(self):
        """Return the programmes where these volunteers come, as ``[(id, name)]``: those
        of their last year first chosen, all open ones when they are new.
        """
        programmes = self.env["ess.presence"]._read_group(
            [("volunteer_id", "in", self.ids), ("is_present", "=", True)],
            ["programme_id"],
            order="__count desc",
            aggregates=["__count"],
        )
        known = [programme for programme, _count in programmes]
        if not known:
            known = self.env["ess.programme"].search(
                [("company_id", "in", self.company_id.ids)], limit=8
            )
        return [(programme.id, programme.name) for programme in known[:8]]

    def _get_declared(self):
        """Return what these volunteers entered lately, newest first."""
        lines = self.env["ess.volunteer.hours"].search(
            [("volunteer_id", "in", self.ids)], limit=20
        )
        states = dict(lines._fields["state"]._description_selection(self.env))
        return [
            {
                "day": line.day,
                "programme": line.programme_id.name,
                "minutes": line.minutes,
                "state": line.state,
                "state_name": states[line.state],
                "refusal": line.refusal or "",
            }
            for line in lines
        ]

    def _get_shown_papers(self):
        """Return the papers of these volunteers, and those that are missing."""
        return {
            "papers": [
                {
                    "name": paper.type_id.name,
                    "shown": paper.date_shown,
                    "expiry": paper.date_expiry,
                    "is_over": bool(
                        paper.date_expiry and paper.date_expiry < fields.Date.today()
                    ),
                }
                for paper in self.paper_ids
            ],
            "missing": ", ".join(filter(None, self.mapped("missing_papers"))),
        }

    @api.model
    def _get_public_missions(self):
        """Return the missions that the associations show to everyone.

        :rtype: list of dict
        """
        # sudo: only sessions that their team has put on the public list; plain values
        needs = (
            self.env["ess.session.need"]
            .sudo()
            .search(
                [
                    ("session_id.is_public", "=", True),
                    ("session_id.kind", "=", "mission"),
                    ("session_id.state", "=", "planned"),
                    ("session_id.date_start", ">", fields.Datetime.now()),
                ],
                limit=SHOWN,
            )
        )
        shown = [
            {
                **self.sudo()._show(need.session_id, need.mission_type_id),
                "missing": need.missing,
            }
            for need in needs
            if need.missing
        ]
        return sorted(shown, key=lambda mission: mission["start"])
