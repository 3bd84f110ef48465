from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from odoo.addons.ess_beneficiary.tools.allocation import own_cursor_call

ALLOCATE = "ess_programmes.signup"
OPEN_STATES = ("asked", "confirmed", "waiting")


class EssSignup(models.Model):
    """A volunteer, or a group, who asks to come to a session: first asked, first in.

    Made on the portal or by the volunteer manager. It only says that it awaits a place;
    one step, alone in its own transaction after the commit, gives the places in order
    and puts the others on the waiting list (counting, then writing, oversells). Who has
    a place is expected on the sheet. A cancelled one frees the place for the next.
    """

    _name = "ess.signup"
    _description = "Sign-up of a volunteer"
    _order = "requested_at, id"
    _check_company_auto = True

    # === FIELDS
    need_id = fields.Many2one(
        "ess.session.need",
        string="Shift",
        required=True,
        index=True,
        ondelete="cascade",
    )
    # Stored: searched and in the unique index.
    session_id = fields.Many2one(
        related="need_id.session_id", store=True, precompute=True, index=True
    )
    company_id = fields.Many2one(
        related="need_id.company_id", store=True, precompute=True
    )
    volunteer_id = fields.Many2one(
        "ess.volunteer",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    people = fields.Integer(
        string="How many come",
        default=1,
        required=True,
        help="For a group: everyone together, counted once.",
    )
    state = fields.Selection(
        [
            ("asked", "Asked"),
            ("confirmed", "Comes"),
            ("waiting", "On the waiting list"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        readonly=True,
        default="asked",
    )
    requested_at = fields.Datetime(
        string="Asked at",
        required=True,
        readonly=True,
        copy=False,
        default=fields.Datetime.now,
        help="Set by the server: places and the waiting list follow this order.",
    )
    refusal = fields.Char(
        string="Why not", readonly=True, help="What keeps the volunteer out."
    )

    # === CONSTRAINTS
    _people_positive = models.Constraint(
        "CHECK (people > 0)", "Say how many people come: one or more."
    )
    _open_uniq = models.UniqueIndex(
        "(session_id, volunteer_id) WHERE state <> 'cancelled'",
        "This volunteer has already signed up for this session.",
    )
    _need_idx = models.Index("(need_id, requested_at, id) WHERE state <> 'cancelled'")

    @api.depends("volunteer_id.partner_id.name", "session_id")
    def _compute_display_name(self):
        for signup in self:
            signup.display_name = (
                f"{signup.volunteer_id.display_name} · {signup.session_id.display_name}"
            )

    # === CRUD
    @api.model_create_multi
    def create(self, vals_list):
        """Ask for places; the order is that of the server."""
        if not self.env.su:
            vals_list = [
                {
                    key: vals[key]
                    for key in vals
                    if key not in ("requested_at", "state", "refusal")
                }
                for vals in vals_list
            ]
        signups = super().create(vals_list)
        signups._check_open()
        self._allocate_after_commit(signups.need_id, signups)
        return signups

    # === ACTIONS
    def action_cancel(self):
        """Withdraw; the place goes to the first of the waiting list."""
        over = self.filtered(
            lambda signup: signup.session_id.date_end <= fields.Datetime.now()
        )
        if over:
            raise UserError(
                self.env._("This session is over. Correct its sheet instead.")
            )
        self.check_access("write")
        self.sudo()._withdraw()  # sudo: the line of the sheet follows the sign-up

    # === BUSINESS
    def _check_open(self):
        """Refuse a sign-up that cannot be: too late, without the papers, or twice.

        :raises UserError: what to do instead
        """
        now = fields.Datetime.now()
        for signup in self:
            session = signup.session_id
            if session.state != "planned" or session.date_end <= now:
                raise UserError(
                    self.env._(
                        "“%(session)s” is over or cancelled: choose another one.",
                        session=session.display_name,
                    )
                )
            # sudo: whether the papers are good; the message names the paper only
            volunteer = signup.volunteer_id.sudo()
            volunteer._check_papers(session.sudo())
            signup.sudo()._check_counted_once()

    def _check_counted_once(self):
        """A company's group and its own people are not both counted.

        :raises UserError: when the group of the same company already comes
        """
        self.ensure_one()
        company = self.volunteer_id.employer_id
        if not company:
            return
        others = self.session_id.signup_ids.filtered(
            lambda other: (
                other != self
                and other.state != "cancelled"
                and other.volunteer_id.employer_id == company
                and "company_group"
                in (other.volunteer_id.engagement, self.volunteer_id.engagement)
            )
        )
        if others:
            raise UserError(
                self.env._(
                    "The group of %(company)s already counts its people for this "
                    "session. Change the number of the group instead.",
                    company=company.name,
                )
            )

    def _withdraw(self):
        """Cancel these sign-ups, free their places and give them again."""
        self.state = "cancelled"
        self._get_lines().filtered(lambda line: line.state == "expected").write(
            {"state": "excused", "need_id": False}
        )
        self._allocate_after_commit(self.need_id)

    def _get_lines(self):
        """Return the lines of the sheets that these sign-ups made."""
        pairs = {(signup.session_id, signup.volunteer_id) for signup in self}
        lines = self.env["ess.presence"].search(
            [
                ("session_id", "in", self.session_id.ids),
                ("volunteer_id", "in", self.volunteer_id.ids),
            ]
        )
        return lines.filtered(
            lambda line: (line.session_id, line.volunteer_id) in pairs
        )

    @api.model
    def _allocate_after_commit(self, needs, signups=None):
        """Give the places of these shifts once, after the commit.

        :param needs: ess.session.need
        :param signups: the sign-ups that call for it: nothing to do when another
            allocation has settled them
        """
        if not needs:
            return
        waiting = self.env.cr.postcommit.data.setdefault(ALLOCATE, {})
        is_planned = bool(waiting)
        for need in needs:
            known = waiting.get(need.id, ())
            waiting[need.id] = (
                None if signups is None or known is None else {*known, *signups.ids}
            )
        if is_planned:
            return

        def allocate(env):
            # sudo: the whole list is put in order; nothing of it is returned
            asked, all_signups = dict(waiting), env["ess.signup"].sudo()
            waiting.clear()
            settled = None
            if None not in asked.values():
                settled = all_signups.browse(set().union(*asked.values()))
            all_signups._allocate(env["ess.session.need"].browse(asked), settled)

        own_cursor_call(self.env, allocate)

    @api.model
    def _allocate(self, needs, signups=None):
        """Give the free places to those who asked first; the others wait.

        Runs alone in a READ COMMITTED transaction, and may run again: who is settled
        stays so. A group that is too large waits without holding up those behind it.

        :param needs: ess.session.need
        :param signups: when given, nothing is done unless one of them is unsettled
        """
        self.env.cr.execute(
            SQL(
                "SELECT FROM ess_session_need WHERE id IN %s ORDER BY id "
                "FOR NO KEY UPDATE",
                tuple(needs.ids),
            )
        )
        if signups and not signups._is_unsettled():
            return
        taken = needs.sudo()._get_taken()
        asked = self.search(
            [
                ("need_id", "in", needs.ids),
                ("state", "in", ("asked", "waiting")),
                ("session_id.state", "=", "planned"),
                ("session_id.date_end", ">", fields.Datetime.now()),
            ]
        )
        free = {need.id: need.needed - taken.get(need.id, 0) for need in asked.need_id}
        promoted = self.browse()
        for signup in asked:
            if signup.people <= free[signup.need_id.id] and signup._is_allowed():
                free[signup.need_id.id] -= signup.people
                promoted |= signup
        (asked - promoted).filtered(
            lambda signup: signup.state == "asked"
        ).state = "waiting"
        promoted._come()

    def _is_unsettled(self):
        return bool(
            self.env.execute_query(
                SQL(
                    "SELECT FROM ess_signup WHERE id IN %s AND state = 'asked' LIMIT 1",
                    tuple(self.ids),
                )
            )
        )

    def _is_allowed(self):
        """Tell whether the papers are still good; who lacks one is told and let go."""
        self.ensure_one()
        try:
            self.volunteer_id._check_papers(self.session_id)
        except ValidationError as error:
            self.write({"state": "cancelled", "refusal": error.args[0]})
            return False
        return True

    def _come(self):
        """Put those who have a place on the sheet."""
        known = {
            (line.session_id.id, line.volunteer_id.id): line
            for line in self._get_lines()
        }
        vals_list = []
        for signup in self:
            size = signup.people if signup.people > 1 else 0
            vals = {"need_id": signup.need_id.id, "state": "expected"}
            line = known.get((signup.session_id.id, signup.volunteer_id.id))
            if line:
                line.write(vals | {"group_size": size})
                continue
            vals_list.append(
                {
                    **vals,
                    "session_id": signup.session_id.id,
                    "volunteer_id": signup.volunteer_id.id,
                    "mission_type_id": signup.need_id.mission_type_id.id,
                    "group_size": size,
                    "source": "portal",
                }
            )
        self.env["ess.presence"].create(vals_list)
        late = self.filtered(lambda signup: signup.state == "waiting")
        self.state = "confirmed"
        late.volunteer_id._tell_each("place", {s.volunteer_id: s for s in late})

    @api.model
    def _cron_allocate(self):
        """Settle sign-ups whose turn was lost: a server stopped after their commit."""
        for [need] in self._read_group([("state", "=", "asked")], ["need_id"]):
            own_cursor_call(
                self.env,
                lambda env, need=need: env["ess.signup"]._allocate(need.with_env(env)),
            )
