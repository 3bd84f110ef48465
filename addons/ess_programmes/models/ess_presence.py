from psycopg2.errors import UniqueViolation

from odoo import api, fields, models

PRESENT_STATES = ("present", "late", "left_early")


class EssPresence(models.Model):
    """Who was there: one person, or one volunteer, or a number of people without names,
    at one session.

    Written where it happens, by whoever does the work. Attendance sheets, funders'
    lists and volunteer hours are views of it. The table is lean (no chatter, no counter
    kept on a parent) since a federation holds millions.
    """

    _name = "ess.presence"
    _description = "Presence"
    _order = "day desc, id"
    _check_company_auto = True

    # === FIELDS
    session_id = fields.Many2one(
        "ess.session", required=True, index=True, ondelete="restrict"
    )
    beneficiary_id = fields.Many2one(
        "ess.beneficiary",
        string="Person",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    volunteer_id = fields.Many2one(
        "ess.volunteer", index="btree_not_null", ondelete="restrict", check_company=True
    )
    headcount = fields.Integer(
        string="Without a name",
        help="Number of people whose name is not known or not asked.",
    )
    # Stored: copies of the session's own, so that rules, lists and figures read one
    # table.
    programme_id = fields.Many2one(
        related="session_id.programme_id", store=True, precompute=True
    )
    company_id = fields.Many2one(
        related="session_id.company_id", store=True, precompute=True
    )
    day = fields.Date(related="session_id.day", store=True, precompute=True)
    kind = fields.Selection(related="session_id.kind", store=True, precompute=True)
    # what happened
    state = fields.Selection(
        [
            ("expected", "Expected"),
            ("present", "Present"),
            ("late", "Late"),
            ("left_early", "Left early"),
            ("excused", "Excused"),
            ("absent", "Absent"),
            ("cancelled", "Cancelled by us"),
        ],
        compute="_compute_state",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    # Stored: searched and summed by figures.
    is_present = fields.Boolean(
        string="Was there", compute="_compute_is_present", store=True, precompute=True
    )
    # Stored: summed by figures.
    people_count = fields.Integer(
        string="People",
        compute="_compute_is_present",
        store=True,
        precompute=True,
        help="How many people were there: one for a name, the number of people for a "
        "count, none for an absence.",
    )
    minutes = fields.Integer(
        compute="_compute_minutes", store=True, readonly=False, precompute=True
    )
    quantity = fields.Float(help="How many of the unit were handed out.")
    unit_id = fields.Many2one("ess.unit", ondelete="restrict")
    excuse = fields.Selection(
        [
            ("work", "Work, internship"),
            ("health", "Health"),
            ("child", "Child care"),
            ("transport", "Transport"),
            ("appointment", "Other appointment"),
            ("other", "Other"),
        ],
        help="Only when the person says so.",
    )
    source = fields.Selection(
        [
            ("grid", "Sheet"),
            ("qr", "Card"),
            ("portal", "Portal"),
            ("import", "Import"),
            ("interview", "Interview"),
        ],
        required=True,
        default="grid",
    )
    note = fields.Char(
        help="A word about the session, not about the person's life: that belongs to "
        "the file."
    )
    # Related, not stored: shown on cards of the sheet.
    session_state = fields.Selection(
        related="session_id.state", string="State of the session"
    )
    date_start = fields.Datetime(related="session_id.date_start", string="Time")

    # === CONSTRAINTS
    _one_who = models.Constraint(
        "CHECK (num_nonnulls(beneficiary_id, volunteer_id, NULLIF(headcount, 0)) = 1 "
        "AND COALESCE(headcount, 0) >= 0)",
        "A line of the sheet is for one person, or one volunteer, or a number of "
        "people without names: exactly one of the three.",
    )
    _amounts_positive = models.Constraint(
        "CHECK (COALESCE(minutes, 0) >= 0 AND COALESCE(quantity, 0) >= 0)",
        "Minutes and quantities cannot be negative.",
    )
    _beneficiary_uniq = models.UniqueIndex(
        "(session_id, beneficiary_id) WHERE beneficiary_id IS NOT NULL",
        "This person is already on the sheet.",
    )
    _volunteer_uniq = models.UniqueIndex(
        "(session_id, volunteer_id) WHERE volunteer_id IS NOT NULL",
        "This volunteer is already on the sheet.",
    )
    _programme_day_idx = models.Index("(programme_id, day)")
    _company_day_idx = models.Index("(company_id, day)")

    # === COMPUTE
    @api.depends("beneficiary_id", "volunteer_id", "headcount")
    @api.depends_context("uid", "allowed_company_ids", "lang")
    def _compute_display_name(self):
        for presence in self:
            who = presence.beneficiary_id or presence.volunteer_id
            presence.display_name = (
                who.display_name
                if who
                else self.env._("%(count)s without a name", count=presence.headcount)
            )

    @api.depends("session_id")
    def _compute_state(self):
        now = fields.Datetime.now()
        for presence in self:
            is_future = (
                presence.session_id.date_start and presence.session_id.date_start > now
            )
            presence.state = presence.state or ("expected" if is_future else "present")

    @api.depends("state", "headcount", "group_size")
    def _compute_is_present(self):
        for presence in self:
            presence.is_present = presence.state in PRESENT_STATES
            presence.people_count = (
                (presence.headcount or presence.group_size or 1)
                if presence.is_present
                else 0
            )

    @api.depends("state")
    def _compute_minutes(self):
        for presence in self:
            if presence.state not in PRESENT_STATES:
                presence.minutes = 0
            elif not presence.minutes and presence.session_id:
                presence.minutes = presence.session_id._get_minutes(
                    bool(presence.volunteer_id)
                ) * max(presence.group_size, 1)

    # === CRUD
    @api.model_create_multi
    def create(self, vals_list):
        """Check the people before the database could say who is on the sheet."""
        self._check_people_known(vals_list)
        return super().create(vals_list)

    def write(self, vals):
        """As in :meth:`create`."""
        self._check_people_known([vals])
        return super().write(vals)

    @api.model
    def _check_people_known(self, vals_list):
        """Answer for a file that the user may not know of as for one that never was.

        :raises MissingError: for both
        """
        ids = {
            vals["beneficiary_id"] for vals in vals_list if vals.get("beneficiary_id")
        }
        self.env["ess.beneficiary"].browse(ids)._check_known()

    # === ACTIONS
    def action_present(self):
        """Tick as present."""
        self.write({"state": "present", "excuse": False})

    def action_absent(self):
        """Tick as absent."""
        self.write({"state": "absent", "excuse": False})

    def action_excused(self):
        """Tick as excused."""
        self.write({"state": "excused"})

    # === BUSINESS
    @api.model
    def _check_in(self, session, person):
        """Make a person present at a session, once, whatever the number of scans.

        :param session: one ess.session.
        :param person: one ess.beneficiary.
        """
        line = self.search(
            [("session_id", "=", session.id), ("beneficiary_id", "=", person.id)]
        )
        if line:
            if not line.is_present:
                line.write({"state": "present", "source": "qr"})
            return
        try:
            with self.env.cr.savepoint():
                self.create(
                    {
                        "session_id": session.id,
                        "beneficiary_id": person.id,
                        "state": "present",
                        "source": "qr",
                    }
                )
        except UniqueViolation:
            # Another kiosk has just written the same line: the person is on the list,
            # which is all that was asked.
            return

    def _prepare_readable(self):
        """Return this presence as the person reads it in the readable file.

        :rtype: dict
        """
        self.ensure_one()
        session = self.session_id.with_context(ess_session_short_name=True)
        return {
            "date": self.day and self.day.isoformat(),
            "programme": self.programme_id.name,
            "session": session.display_name,
            "place": session.place or None,
            "state": dict(self._fields["state"]._description_selection(self.env))[
                self.state
            ],
            "minutes": self.minutes or None,
            "quantity": self.quantity or None,
            "unit": self.unit_id.name or None,
        }
