from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.days import local_datetime
from ..tools.recurrence import to_utc

CHANGED = ("place", "user_id", "capacity")


class EssSessionSeriesChange(models.TransientModel):
    """Asks how far a change of a session goes: this one, those that follow, or all.

    Sessions that have been held or have someone on their sheet keep what happened;
    those that were changed alone stay as they are.
    """

    _name = "ess.session.series.change"
    _description = "Change of a series"

    session_id = fields.Many2one("ess.session", required=True)
    scope = fields.Selection(
        [
            ("one", "This session only"),
            ("following", "This session and those that follow"),
            ("all", "All sessions to come"),
        ],
        string="How far",
        required=True,
        default="following",
    )
    hour_start = fields.Float(
        string="At",
        compute="_compute_from_session",
        store=True,
        readonly=False,
        precompute=True,
    )
    duration = fields.Float(
        string="Duration (hours)",
        compute="_compute_from_session",
        store=True,
        readonly=False,
        precompute=True,
    )
    day_shift = fields.Integer(
        string="Move by (days)", help="-1: the day before; 7: a week later."
    )
    place = fields.Char(
        compute="_compute_from_session", store=True, readonly=False, precompute=True
    )
    user_id = fields.Many2one(
        "res.users",
        string="Led by",
        compute="_compute_from_session",
        store=True,
        readonly=False,
        precompute=True,
    )
    capacity = fields.Integer(
        string="Places",
        compute="_compute_from_session",
        store=True,
        readonly=False,
        precompute=True,
    )
    count_text = fields.Char(compute="_compute_count_text", string="Concerned")

    _hours_range = models.Constraint(
        "CHECK (hour_start >= 0 AND hour_start < 24 AND duration > 0"
        " AND duration <= 24 AND day_shift BETWEEN -31 AND 31)",
        "A session starts between 0:00 and 23:59, lasts up to 24 hours and moves by 31 "
        "days at most.",
    )

    @api.depends("session_id")
    def _compute_from_session(self):
        for change in self:
            session = change.session_id
            if not session:
                continue
            local = local_datetime(session.date_start, session.programme_id.tz)
            length = session.date_end - session.date_start
            change.update(
                {
                    "hour_start": local.hour + local.minute / 60,
                    "duration": length.total_seconds() / 3600,
                    **{name: session[name] for name in CHANGED},
                }
            )

    @api.depends("session_id", "scope")
    @api.depends_context("lang")
    def _compute_count_text(self):
        for change in self:
            change.count_text = self.env._(
                "%s sessions", len(change._get_sessions()) if change.session_id else 0
            )

    # === ACTIONS
    def action_apply(self):
        """Change the sessions.

        :raises UserError: when none can be changed
        """
        self.ensure_one()
        sessions = self._get_sessions_or_tell()
        for session in sessions:
            session.write(self._prepare_values(session))
        if self.scope == "one":
            sessions.is_series_exception = True
        else:
            self._change_series()
        return {"type": "ir.actions.act_window_close"}

    def action_cancel_sessions(self):
        """Cancel the sessions, and plan no more of them.

        :raises UserError: when none can be cancelled
        """
        self.ensure_one()
        sessions = self._get_sessions_or_tell()
        sessions.action_cancel()
        series = self.session_id.series_id
        if series and self.scope != "one":
            first = min(sessions.mapped("series_day"))
            series.date_to = max(first - timedelta(days=1), series.date_from)
        return {"type": "ir.actions.act_window_close"}

    # === BUSINESS
    def _get_sessions(self):
        """Return the sessions that the change concerns.

        :rtype: ess.session recordset
        """
        session = self.session_id
        if self.scope == "one" or not session.series_id:
            return session.filtered(lambda one: one.state == "planned")
        domain = [
            ("series_id", "=", session.series_id.id),
            ("state", "=", "planned"),
            ("is_series_exception", "=", False),
            ("date_start", ">", fields.Datetime.now()),
        ]
        if self.scope == "following":
            domain.append(("series_day", ">=", session.series_day))
        found = self.env["ess.session"].search(domain, order="date_start")
        # sudo: a sheet that is used stays, whoever is on it; nobody is told who
        used = (
            self.env["ess.presence"]
            .sudo()
            ._read_group(
                [("session_id", "in", found.ids), ("state", "!=", "expected")],
                ["session_id"],
            )
        )
        return found - self.env["ess.session"].browse([line.id for (line,) in used])

    def _get_sessions_or_tell(self):
        sessions = self._get_sessions()
        if not sessions:
            raise UserError(
                self.env._(
                    "No session to change: they have been held, or their sheets are "
                    "in use. Sessions changed alone are changed one by one."
                )
            )
        return sessions

    def _prepare_values(self, session):
        tz = session.programme_id.tz
        day = local_datetime(session.date_start, tz).date()
        start = to_utc(day + timedelta(days=self.day_shift), self.hour_start, tz)
        return {
            "date_start": start,
            "date_end": start + timedelta(hours=self.duration),
            "place": self.place,
            "user_id": self.user_id.id,
            "capacity": self.capacity,
        }

    def _change_series(self):
        """Let sessions planned later follow; “this and following” splits the series."""
        series = self.session_id.series_id
        if not series:
            return
        if self.scope == "following" and self.session_id.series_day > series.date_from:
            series = self._split(series)
        series.write(
            {
                "hour_start": self.hour_start,
                "duration": self.duration,
                **{
                    name: self[name].id if name == "user_id" else self[name]
                    for name in CHANGED
                },
            }
        )

    def _split(self, series):
        """Return a new series that starts at this session; the former one stops."""
        day = self.session_id.series_day
        following = series.session_ids.filtered(
            lambda one: one.series_day and one.series_day >= day
        )
        new = series.copy({"date_from": day})
        series.date_to = day - timedelta(days=1)
        following.series_id = new
        return new
