from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..tools.days import local_day

SESSION_KINDS = [
    ('workshop', "Workshop"),
    ('course', "Class"),
    ('appointment', "Appointment"),
    ('phone', "Call"),
    ('home_visit', "Home visit"),
    ('drop_in', "Drop-in"),
    ('distribution', "Distribution"),
    ('round', "Outreach round"),
    ('outing', "Outing"),
    ('info', "Information meeting"),
    ('mentoring', "Mentoring meeting"),
    ('mission', "Volunteer mission"),
    ('team', "Team meeting"),
]
#: Kinds where people come and go: the length of the session is not the time that each person spent there.
PASSING_KINDS = ('drop_in', 'distribution', 'round')
SHEET_GROUPS = 'ess_programmes.group_programmes_officer,ess_programmes.group_volunteers_officer'


class EssSession(models.Model):
    """Anything that happens at a time and a place: workshop, appointment, distribution, round, mission.

    Created by the team of its programme; its attendance sheet is its presences. Planned, then done once the sheet is
    complete, or cancelled. Its day is counted in the programme's time zone.
    """

    _name = 'ess.session'
    _description = "Session"
    _inherit = ['barcodes.barcode_events_mixin']
    _order = 'date_start desc, id desc'
    _check_company_auto = True

    # === FIELDS
    name = fields.Char(string="Title", compute='_compute_name', store=True, readonly=False, precompute=True)
    programme_id = fields.Many2one('ess.programme', required=True, index=True, ondelete='restrict')
    cohort_id = fields.Many2one(
        'ess.cohort', string="Group", ondelete='restrict', check_company=True, index='btree_not_null',
        domain="[('programme_id', '=', programme_id)]",
        help="When the session is for one group only, its people alone are expected.")
    kind = fields.Selection(
        SESSION_KINDS, compute='_compute_kind', store=True, readonly=False, precompute=True, required=True)
    state = fields.Selection(
        [('planned', "Planned"), ('done', "Done"), ('cancelled', "Cancelled")], required=True, default='planned', index=True, copy=False)
    # Stored: scope key of the row, read by the company rule and by figures.
    company_id = fields.Many2one(related='programme_id.company_id', store=True, precompute=True, index=True)
    # time and place
    date_start = fields.Datetime(string="Starts", required=True, index=True, default=lambda self: self._default_date_start())
    date_end = fields.Datetime(
        string="Ends", compute='_compute_date_end', store=True, readonly=False, precompute=True, required=True)
    # Stored: searched and grouped by lists and figures.
    day = fields.Date(
        compute='_compute_day', store=True, precompute=True, index=True,
        help="Day of the session in the programme's time zone. A night round belongs to the day on which it starts.")
    place = fields.Char()
    territory_id = fields.Many2one('ess.territory', index='btree_not_null', ondelete='restrict', check_company=True)
    capacity = fields.Integer(string="Places", help="0 means no limit.")
    # team
    user_id = fields.Many2one('res.users', string="Led by", index=True, default=lambda self: self.env.user)
    team_user_ids = fields.Many2many(
        'res.users', 'ess_session_team_rel', 'session_id', 'user_id', string="Team",
        help="Those who hold this session: they see its sheet even when they are not in the programme's team.")
    note = fields.Text(
        groups=SHEET_GROUPS, help="About the session itself. What concerns one person goes into that person's file.")
    # sheet
    presence_ids = fields.One2many('ess.presence', 'session_id', string="All presences", groups=SHEET_GROUPS)
    person_presence_ids = fields.One2many(
        'ess.presence', 'session_id', string="People", domain=[('volunteer_id', '=', False)], groups=SHEET_GROUPS)
    volunteer_presence_ids = fields.One2many(
        'ess.presence', 'session_id', string="Volunteers", domain=[('volunteer_id', '!=', False)], groups=SHEET_GROUPS)
    expected_count = fields.Integer(compute='_compute_presence_counts', string="To tick", groups=SHEET_GROUPS)
    present_count = fields.Integer(compute='_compute_presence_counts', string="Present", groups=SHEET_GROUPS)
    absent_count = fields.Integer(compute='_compute_presence_counts', string="Absent or excused", groups=SHEET_GROUPS)
    is_late_sheet = fields.Boolean(
        compute='_compute_is_late_sheet', search='_search_is_late_sheet', string="Sheet to complete",
        help="The session is over and its sheet is not closed.")
    add_beneficiary_id = fields.Many2one('ess.beneficiary', string="Add a person", store=False, groups=SHEET_GROUPS)
    add_volunteer_id = fields.Many2one('ess.volunteer', string="Add a volunteer", store=False, groups=SHEET_GROUPS)

    # === CONSTRAINTS
    _dates_order = models.Constraint('CHECK (date_end > date_start)', "A session ends after it starts. Check its two times.")
    _capacity_positive = models.Constraint('CHECK (capacity >= 0)', "The number of places cannot be negative.")
    _programme_day_idx = models.Index('(programme_id, day)')

    def _default_date_start(self):
        return fields.Datetime.now().replace(minute=0, second=0, microsecond=0)

    # === COMPUTE
    @api.depends('programme_id')
    def _compute_kind(self):
        for session in self:
            session.kind = session.programme_id._get_default_session_kind() if session.programme_id else (session.kind or 'workshop')

    @api.depends('kind', 'programme_id')
    def _compute_name(self):
        labels = dict(self._fields['kind']._description_selection(self.env))
        for session in self:
            session.name = f"{labels.get(session.kind, '')} · {session.programme_id.name or ''}".strip(' ·')

    @api.depends('name', 'day')
    @api.depends_context('lang')
    def _compute_display_name(self):
        for session in self:
            session.display_name = ' · '.join(filter(None, (session.name, session.day and format_date(self.env, session.day))))

    @api.depends('date_start')
    def _compute_date_end(self):
        for session in self:
            if session.date_start and (not session.date_end or session.date_end <= session.date_start):
                session.date_end = session.date_start + timedelta(hours=2)

    @api.depends('date_start', 'programme_id.tz', 'programme_id.day_start_hour')
    def _compute_day(self):
        for session in self:
            programme = session.programme_id
            session.day = session.date_start and local_day(session.date_start, programme.tz or 'UTC', programme.day_start_hour)

    @api.depends('presence_ids.state')
    def _compute_presence_counts(self):
        groups = self.env['ess.presence']._read_group([('session_id', 'in', self.ids)], ['session_id', 'state'], ['__count', 'people_count:sum'])
        counts = {}
        for session, state, count, people in groups:
            counts.setdefault(session.id, {})[state] = (count, people)
        for session in self:
            own = counts.get(session._origin.id, {})
            session.expected_count = own.get('expected', (0, 0))[0]
            session.present_count = sum(people for count, people in own.values())
            session.absent_count = own.get('absent', (0, 0))[0] + own.get('excused', (0, 0))[0]

    @api.depends('state', 'date_end')
    def _compute_is_late_sheet(self):
        now = fields.Datetime.now()
        for session in self:
            session.is_late_sheet = session.state == 'planned' and bool(session.date_end) and session.date_end < now

    def _search_is_late_sheet(self, operator, value):
        if operator != 'in':
            return NotImplemented
        return [('state', '=', 'planned'), ('date_end', '<', fields.Datetime.now())]

    # === ONCHANGE
    @api.onchange('add_beneficiary_id')
    def _onchange_add_beneficiary_id(self):
        if self.add_beneficiary_id:
            self._tick_line('beneficiary_id', self.add_beneficiary_id)
            self.add_beneficiary_id = False

    @api.onchange('add_volunteer_id')
    def _onchange_add_volunteer_id(self):
        if self.add_volunteer_id:
            self._tick_line('volunteer_id', self.add_volunteer_id)
            self.add_volunteer_id = False

    def on_barcode_scanned(self, barcode):
        """Tick the holder of a card in the form (name fixed by the barcodes mixin)."""
        person = self.env['ess.beneficiary']._get_by_qr_token(barcode)
        if not person:
            return {'warning': {'title': self.env._("Card not recognised"), 'message': self._get_unknown_card_message()}}
        self._tick_line('beneficiary_id', person, source='qr')
        return None

    # === CRUD
    @api.model_create_multi
    def create(self, vals_list):
        """Create sessions; who leads is always in the team, which the record rules read."""
        sessions = super().create(vals_list)
        sessions._add_lead_to_team()
        return sessions

    def write(self, vals):
        result = super().write(vals)
        if 'user_id' in vals or 'team_user_ids' in vals:
            self._add_lead_to_team()
        return result

    # === ACTIONS
    def action_add_enrolled(self):
        """Put everyone in progress in the programme (or the group) on the sheet, as expected."""
        self._check_planned()
        vals_list = [vals for session in self for vals in session._prepare_expected_presences()]
        self.env['ess.presence'].create(vals_list)

    def action_all_present(self):
        """Tick everyone who is still expected as present."""
        self._check_planned()
        self.presence_ids.filtered(lambda presence: presence.state == 'expected').write({'state': 'present'})

    def action_rest_absent(self):
        """Tick everyone who is still expected as absent."""
        self._check_planned()
        self.presence_ids.filtered(lambda presence: presence.state == 'expected').write({'state': 'absent'})

    def action_add_anonymous(self):
        """Count one more person without a name."""
        self._check_planned()
        for session in self:
            line = session.presence_ids.filtered(lambda presence: presence.headcount and presence.is_present)[:1]
            if line:
                line.headcount += 1
            else:
                self.env['ess.presence'].create({'session_id': session.id, 'headcount': 1, 'state': 'present'})

    def action_close(self):
        """Close the sheet: the session has been held and everyone expected has an answer.

        :raises UserError: when the session has not started, or someone is still expected.
        """
        self._check_planned()
        now = fields.Datetime.now()
        if self.filtered(lambda session: session.date_start > now):
            raise UserError(self.env._("This session has not started yet. Close its sheet once it has been held."))
        # sudo: only counts, so that a sheet is not closed over lines that the user may not see.
        waiting = self.env['ess.presence'].sudo().search_count([('session_id', 'in', self.ids), ('state', '=', 'expected')])
        if waiting:
            raise UserError(self.env._(
                "%(count)s people are still expected. Tick them, or use “The others are absent”.", count=waiting))
        self.state = 'done'

    def action_reopen(self):
        """Open the sheet again to correct it."""
        self.state = 'planned'

    def action_cancel(self):
        """Cancel these sessions. Those who were expected are told apart from absences.

        :raises UserError: when someone has been there.
        """
        if self.presence_ids.filtered('is_present'):
            raise UserError(self.env._("Someone is marked present: this session has been held. Correct the sheet first."))
        self.presence_ids.filtered(lambda presence: presence.state == 'expected').write({'state': 'cancelled'})
        self.state = 'cancelled'

    def action_check_in(self, token):
        """Tick the holder of a card as present, from a kiosk or a phone. Scanning twice changes nothing.

        :param str token: what the card's code holds.
        :return: ``{'status': 'ok' | 'unknown', 'message': text for the screen}``; the message never says a name.
        :rtype: dict
        :raises UserError: when the sheet is closed or the session cancelled.
        """
        self.ensure_one()
        self._check_planned()
        person = self.env['ess.beneficiary']._get_by_qr_token(token)
        if not person:
            return {'status': 'unknown', 'message': self._get_unknown_card_message()}
        self.env['ess.presence']._check_in(self, person)
        return {'status': 'ok', 'message': self.env._("Welcome! You are on the list.")}

    def action_open_sheet(self):
        """Open this session's sheet."""
        self.ensure_one()
        return {'type': 'ir.actions.act_window', 'res_model': 'ess.session', 'res_id': self.id, 'view_mode': 'form'}

    # === BUSINESS
    def _add_lead_to_team(self):
        for session in self:
            if missing := session.user_id.filtered('active') - session.team_user_ids:
                session.team_user_ids |= missing

    def _check_planned(self):
        if closed := self.filtered(lambda session: session.state != 'planned'):
            raise UserError(self.env._(
                "The sheet of “%(name)s” is closed. Open it again to change it.", name=closed[0].display_name))

    def _get_unknown_card_message(self):
        # The same words for an unknown card, a renewed card, and a file that this user may not know of.
        return self.env._("This card is not recognised here. You can still welcome the person: count them without a name.")

    def _get_minutes(self, is_volunteer):
        """Return the minutes that one presence lasts by default.

        :param bool is_volunteer: volunteers stay for the whole session, people may only pass by.
        :rtype: int
        """
        self.ensure_one()
        if self.kind in PASSING_KINDS and not is_volunteer:
            return 0
        return round((self.date_end - self.date_start).total_seconds() / 60)

    def _prepare_expected_presences(self):
        """Return the values of the presences that are expected and not yet on the sheet.

        :rtype: list[dict]
        """
        self.ensure_one()
        domain = [
            ('programme_id', '=', self.programme_id.id), ('bucket', '=', 'enrolled'), ('date_start', '<=', self.day),
        ]
        if self.cohort_id:
            domain.append(('cohort_id', '=', self.cohort_id.id))
        people = self.env['ess.enrolment'].search(domain).beneficiary_id - self.presence_ids.beneficiary_id
        # By displayed name: a person whose file the user cannot read is known, and sorted, by reference only.
        people = people.sorted(lambda person: person.display_name.casefold())
        return [{'session_id': self.id, 'beneficiary_id': person.id, 'state': 'expected'} for person in people]

    def _tick_line(self, field_name, who, source='grid'):
        """Tick someone in the form being edited: an existing line becomes present, or a new line is added."""
        lines = self.person_presence_ids if field_name == 'beneficiary_id' else self.volunteer_presence_ids
        line = lines.filtered(lambda presence: presence[field_name]._origin.id == who._origin.id)
        if line:
            line.update({'state': 'present', 'source': source})
            return
        new = self.env['ess.presence'].new({field_name: who.id, 'state': 'present', 'source': source})
        if field_name == 'beneficiary_id':
            self.person_presence_ids += new
        else:
            self.volunteer_presence_ids += new
