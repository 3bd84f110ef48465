from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import LockError, UserError
from odoo.tools import format_date

from .ess_year_end_line import STEPS

SEQUENCE = {step: index for index, (step, _label) in enumerate(STEPS)}
# What only the buttons write: they say what the ledger holds.
COMPUTED_FIELDS = {"state", "message"}


class EssYearEnd(models.Model):
    """The year end of grants of one company: proposals, draft entries, annexes.

    Opened by the accountant once a year. The assistant reads the ledger and proposes,
    per grant and in this order, award lowered or income accrued, deferred income,
    dedicated funds, investment grants, then contributions in kind. It makes drafts;
    asking again proposes only what is missing, and drafts can be thrown away.
    """

    _name = "ess.year.end"
    _description = "Year end of grants"
    _order = "date_to desc"
    _check_company_auto = True

    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date_from = fields.Date(
        compute="_compute_date_from",
        store=True,  # searched by contributions in kind
        string="From",
    )
    date_to = fields.Date(
        string="Year ends on",
        required=True,
        default=lambda self: self._default_date_to(),
    )
    records_in_kind = fields.Boolean(
        string="Records contributions in kind",
        default=True,
        help="Associations record them in class 8, or say in the annex why not.",
    )
    no_in_kind_reason = fields.Char(string="Why they are not recorded")
    line_ids = fields.One2many(
        "ess.year.end.line", "year_end_id", string="Entries", readonly=True
    )
    sheet_ids = fields.One2many(
        "ess.year.end.sheet", "year_end_id", string="Grants", readonly=True
    )
    fund_sheet_ids = fields.One2many(
        comodel_name="ess.year.end.sheet",
        inverse_name="year_end_id",
        string="Dedicated funds",
        domain=[("fund_code", "!=", False)],
        readonly=True,
    )
    state = fields.Selection(
        [
            ("open", "To prepare"),
            ("proposed", "Proposed"),
            ("drafted", "Draft entries"),
            ("posted", "Posted"),
        ],
        required=True,
        readonly=True,
        default="open",
        copy=False,
    )
    message = fields.Char(readonly=True, copy=False)

    _year_uniq = models.Constraint(
        "UNIQUE(company_id, date_to)", "This year end exists already: open that one."
    )
    _reason_given = models.Constraint(
        "CHECK(records_in_kind OR no_in_kind_reason IS NOT NULL)",
        "Say why contributions in kind are not recorded.",
    )

    @api.model
    def _default_date_to(self):
        """Last day of the year that ended last."""
        today = fields.Date.context_today(self)
        dates = self.env.company.compute_fiscalyear_dates(today)
        return dates["date_from"] - relativedelta(days=1)

    # === COMPUTE
    @api.depends("date_to", "company_id")
    def _compute_date_from(self):
        for closing in self:
            company, day = closing.company_id, closing.date_to
            closing.date_from = (
                company.compute_fiscalyear_dates(day)["date_from"]
                if company and day
                else False
            )

    @api.depends("date_to")
    def _compute_display_name(self):
        for closing in self:
            closing.display_name = self.env._(
                "Year end %(date)s",
                date=format_date(self.env, closing.date_to) if closing.date_to else "",
            )

    @api.constrains("date_to", "company_id")
    def _check_date_to(self):
        for closing in self:
            dates = closing.company_id.compute_fiscalyear_dates(closing.date_to)
            if dates["date_to"] != closing.date_to:
                raise UserError(
                    self.env._(
                        "%(date)s is not the last day of a financial year: the year of "
                        "“%(company)s” ends on %(end)s.",
                        date=format_date(self.env, closing.date_to),
                        company=closing.company_id.name,
                        end=format_date(self.env, dates["date_to"]),
                    )
                )

    # === CRUD
    @api.model_create_multi
    def create(self, vals_list):
        """A year end starts empty, whatever is asked."""
        self._check_not_forged(
            {name: vals[name] for name in vals if vals[name] not in (False, "open")}
            for vals in vals_list
        )
        return super().create(vals_list)

    def write(self, vals):
        """The state follows the entries; the year stays once entries are proposed."""
        self.check_access("write")  # before any answer about the year
        self._check_not_forged([vals])
        if {"date_to", "company_id"} & vals.keys() and self.line_ids:
            raise UserError(
                self.env._(
                    "Entries are proposed for this year end: throw them away before "
                    "you change its year or company."
                )
            )
        return super().write(vals)

    def _check_not_forged(self, vals_list):
        """Refuse values that only the buttons give.

        :raises UserError: for anybody but the buttons themselves
        """
        if not self.env.su and any(COMPUTED_FIELDS & vals.keys() for vals in vals_list):
            raise UserError(
                self.env._(
                    "The state of a year end follows its entries: use its buttons."
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_entries(self):
        if any(self.line_ids.mapped("move_id")):
            raise UserError(
                self.env._("Throw the draft entries away, or reverse them, first.")
            )

    # === ACTIONS
    def action_propose(self):
        """Read the ledger and propose what is missing; nothing is booked."""
        for closing in self:
            closing._lock()
            closing._propose()
        return True

    def action_make_entries(self):
        """Make the draft entries, all or none."""
        for closing in self:
            closing._lock()
            closing._propose()
            closing._make_entries()
            closing._refresh_sheets()
        return True

    def action_discard(self):
        """Throw the draft entries away; what is posted stays."""
        for closing in self:
            closing._lock()
            lines = closing.line_ids.filtered(lambda line: line.state != "posted")
            moves = lines.move_id + lines.reset_move_id
            moves.filtered(lambda move: move.state == "draft").unlink()
            lines.sudo().unlink()  # sudo: proposals belong to the buttons
            closing._refresh_state()
            closing._refresh_sheets()
        return True

    def action_post(self):
        """Post the draft entries, those of the first day of next year included."""
        for closing in self:
            closing._lock()
            moves = closing.line_ids.move_id + closing.line_ids.reset_move_id
            drafts = moves.filtered(lambda move: move.state == "draft")
            if not drafts:
                raise UserError(self.env._("There is no draft entry to post."))
            drafts.action_post()
            closing._refresh_state()
            closing._refresh_sheets()
        return True

    def action_reverse(self):
        """Take the posted entries back by reverse entries of the same days."""
        for closing in self:
            closing._lock()
            moves = closing.line_ids.move_id + closing.line_ids.reset_move_id
            posted = moves.filtered(lambda move: move.state == "posted")
            for move in posted:
                self.env["account.move"]._ess_check_open(closing.company_id, move.date)
            posted._reverse_moves([{"date": move.date} for move in posted], cancel=True)
            (moves - posted).unlink()
            closing.line_ids.sudo().unlink()  # sudo: proposals belong to the buttons
            closing._refresh_state()
            closing._refresh_sheets()
        return True

    def action_open_entries(self):
        """Open the entries of this year end."""
        moves = self.line_ids.move_id + self.line_ids.reset_move_id
        return moves._ess_get_window_action()

    # === BUSINESS
    def _lock(self):
        """One accountant closes at a time, and only who may write here.

        :raises UserError: when another one does
        """
        self.ensure_one()
        self.check_access("write")  # proposals are written by superuser code
        try:
            self.lock_for_update()
        except LockError as error:
            raise UserError(
                self.env._(
                    "Somebody else is preparing this year end. Wait a moment, then "
                    "open it again."
                )
            ) from error

    def _propose(self):
        """Replace the proposals by those that the ledger asks for now."""
        self.ensure_one()
        if self.state == "posted" and not self.line_ids:
            return
        # sudo: nobody writes proposals by hand, only the buttons; `_lock` asks for the
        # right to write on the year end
        closing = self.sudo()
        closing.line_ids.filtered(lambda line: not line.move_id).unlink()
        values = self._prepare_grant_lines() + self._prepare_in_kind_lines()
        closing.line_ids.create(
            [
                line | {"year_end_id": self.id, "sequence": SEQUENCE[line["step"]]}
                for line in values
            ]
        )
        closing.message = (
            False if values else self.env._("Nothing to book: the ledger is complete.")
        )
        self._refresh_state()
        self._refresh_sheets()

    def _refresh_state(self):
        """The state follows the entries."""
        states = set(self.line_ids.mapped("state"))
        # sudo: nobody else writes the state
        self.sudo().state = next(
            (
                state
                for found, state in (
                    ("proposed", "proposed"),
                    ("draft", "drafted"),
                    ("posted", "posted"),
                )
                if found in states
            ),
            "open",
        )
