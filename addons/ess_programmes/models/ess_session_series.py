from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..tools.recurrence import MAX_DAYS, iterate_days, public_holidays, to_utc
from .ess_closed_day import SCHOOL_ZONES
from .ess_session import SESSION_KINDS

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday")
WEEKDAYS += ("sunday",)
#: what the sessions of a series take from it
COMMON = ("programme_id", "cohort_id", "kind", "place", "territory_id", "capacity")
COMMON += ("name", "user_id")


class EssSessionSeries(models.Model):
    """Sessions that come back: a class on Tuesdays, a meeting on the last Thursday.

    Planned by a team of its programme, which then edits one session, this one and those
    that follow, or all. Sessions that have been held, or that were changed alone, are
    never touched. Closed days are skipped when the sessions are made.
    """

    _name = "ess.session.series"
    _description = "Series of sessions"
    _order = "date_from desc, id desc"
    _check_company_auto = True

    # === FIELDS
    name = fields.Char(string="Title")
    programme_id = fields.Many2one(
        "ess.programme", required=True, index=True, ondelete="restrict"
    )
    cohort_id = fields.Many2one(
        "ess.cohort",
        string="Group",
        ondelete="restrict",
        check_company=True,
        domain="[('programme_id', '=', programme_id)]",
    )
    kind = fields.Selection(
        SESSION_KINDS,
        string="Kind of session",
        compute="_compute_kind",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    # Stored: scope key of the row, read by the company rule.
    company_id = fields.Many2one(
        related="programme_id.company_id", store=True, precompute=True, index=True
    )
    place = fields.Char()
    territory_id = fields.Many2one(
        "ess.territory", ondelete="restrict", check_company=True
    )
    capacity = fields.Integer(string="Places", help="0 means no limit.")
    user_id = fields.Many2one(
        "res.users", string="Led by", default=lambda self: self.env.user
    )
    # when
    rule = fields.Selection(
        [
            ("weekly", "Every week"),
            ("month_weekday", "A weekday of the month"),
            ("month_last_day", "The last day of the month"),
        ],
        string="Comes back",
        required=True,
        default="weekly",
    )
    interval = fields.Integer(
        string="Every",
        default=1,
        required=True,
        help="Every so many weeks, or months.",
    )
    rank = fields.Selection(
        [("1", "First"), ("2", "Second"), ("3", "Third"), ("4", "Fourth")]
        + [("-1", "Last")],
        string="Which one",
        default="1",
    )
    monday = fields.Boolean()
    tuesday = fields.Boolean()
    wednesday = fields.Boolean()
    thursday = fields.Boolean()
    friday = fields.Boolean()
    saturday = fields.Boolean()
    sunday = fields.Boolean()
    hour_start = fields.Float(string="At", required=True, default=14.0)
    duration = fields.Float(
        string="Duration (hours)", required=True, default=2.0, help="In hours."
    )
    date_from = fields.Date(
        string="First day", required=True, default=fields.Date.context_today
    )
    date_to = fields.Date(string="Last day", required=True, help="Two years at most.")
    skip_public_holidays = fields.Boolean(string="Not on public holidays", default=True)
    school_zone = fields.Selection(
        SCHOOL_ZONES,
        string="Not during the school holidays of",
        help="Empty: also during school holidays.",
    )
    session_ids = fields.One2many("ess.session", "series_id", string="Sessions")
    preview = fields.Char(compute="_compute_preview", string="Sessions to plan")

    # === CONSTRAINTS
    _dates_order = models.Constraint(
        "CHECK (date_to >= date_from)",
        "The series ends before it starts. Check its two dates.",
    )
    _interval_positive = models.Constraint(
        "CHECK (interval BETWEEN 1 AND 12)", "A series comes back every 1 to 12 times."
    )
    _hours_range = models.Constraint(
        "CHECK (hour_start >= 0 AND hour_start < 24 AND duration > 0"
        " AND duration <= 24)",
        "A session starts between 0:00 and 23:59 and lasts up to 24 hours.",
    )

    # === COMPUTE
    @api.depends("programme_id")
    def _compute_kind(self):
        for series in self:
            series.kind = (
                series.programme_id._get_default_session_kind()
                if series.programme_id
                else (series.kind or "workshop")
            )

    @api.depends("name", "programme_id.name")
    def _compute_display_name(self):
        for series in self:
            series.display_name = series.name or series.programme_id.name or ""

    @api.depends(
        "rule",
        "interval",
        "rank",
        "date_from",
        "date_to",
        "school_zone",
        "skip_public_holidays",
        *WEEKDAYS,
    )
    @api.depends_context("lang")
    def _compute_preview(self):
        for series in self:
            days, skipped = series._split_days()
            series.preview = self.env._(
                "%(count)s sessions, %(skipped)s days skipped",
                count=len(days),
                skipped=len(skipped),
            )

    @api.constrains("date_from", "date_to", "rule", *WEEKDAYS)
    def _check_days(self):
        for series in self:
            if (series.date_to - series.date_from).days > MAX_DAYS:
                raise ValidationError(
                    self.env._("A series is planned for two years at most.")
                )
            if series.rule != "month_last_day" and not series._get_weekdays():
                raise ValidationError(
                    self.env._("Choose at least one day of the week.")
                )

    # === ACTIONS
    def action_plan(self):
        """Make the sessions that do not exist yet, from today on.

        :rtype: dict
        """
        self.ensure_one()
        self.check_access("write")
        if not self._plan():
            raise UserError(
                self.env._(
                    "No session to make: they exist already, or all the days are "
                    "closed. Check the days and the dates."
                )
            )
        return self.action_open_sessions()

    def action_open_sessions(self):
        """Open the sessions of this series."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "ess_programmes.ess_session_action"
        )
        return dict(
            action,
            domain=[("series_id", "=", self.id)],
            views=[(False, "list"), (False, "calendar"), (False, "form")],
            context={"ess_session_short_name": True},
        )

    # === BUSINESS
    def _get_weekdays(self):
        """Return the numbers of the weekdays chosen, Monday is 0."""
        return [index for index, name in enumerate(WEEKDAYS) if self[name]]

    def _split_days(self):
        """Return the days of the series, and those that are closed.

        :rtype: tuple(list, list) of date
        """
        self.ensure_one()
        if not (self.date_from and self.date_to):
            return [], []
        found = list(
            iterate_days(
                self.rule,
                self.date_from,
                self.date_to,
                self._get_weekdays(),
                interval=self.interval,
                rank=int(self.rank or 1),
            )
        )
        closed = self._get_closed_days()
        return (
            [day for day in found if day not in closed],
            [day for day in found if day in closed],
        )

    def _get_closed_days(self):
        """Return every day on which this series is not held.

        :rtype: set of date
        """
        closed = set()
        if self.skip_public_holidays:
            for year in range(self.date_from.year, self.date_to.year + 1):
                closed |= public_holidays(year)
        kinds = [("kind", "=", "closing")]
        if self.school_zone:
            school = [
                ("kind", "=", "school"),
                ("zone", "in", (False, self.school_zone)),
            ]
            kinds = ["|", *kinds, "&", *school]
        periods = self.env["ess.closed.day"].search(
            [
                ("date_from", "<=", self.date_to),
                ("date_to", ">=", self.date_from),
                ("company_id", "in", (False, self.programme_id.company_id.id)),
                *kinds,
            ]
        )
        for period in periods:
            length = (period.date_to - period.date_from).days
            closed |= {period.date_from + timedelta(days=n) for n in range(length + 1)}
        return closed

    def _plan(self):
        """Create the missing sessions from today on.

        :return: the new ess.session
        """
        self.ensure_one()
        today = fields.Date.context_today(self)
        # sudo: a session of the series moved elsewhere is not made twice
        known = set(self.sudo().session_ids.mapped("series_day"))
        days = self._split_days()[0]
        return self.env["ess.session"].create(
            [
                self._prepare_session_values(day)
                for day in days
                if day >= today and day not in known
            ]
        )

    def _prepare_session_values(self, day):
        """Return the values of the session of one day."""
        start = to_utc(day, self.hour_start, self.programme_id.tz)
        values = {
            name: self[name].id if self._fields[name].relational else self[name]
            for name in COMMON
        }
        return {
            **values,
            "series_id": self.id,
            "series_day": day,
            "date_start": start,
            "date_end": start + timedelta(hours=self.duration),
            "team_user_ids": [fields.Command.set(self.user_id.ids)],
        }
