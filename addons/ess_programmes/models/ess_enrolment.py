from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .ess_enrolment_stage import ACTIVE_BUCKETS, ENDED_BUCKETS, OPEN_BUCKETS


class EssEnrolment(models.Model):
    """One stay of one person in one programme: asked, waited, entered, paused, ended.

    Created by a worker (or asked by the person). Several stays in a programme are normal; only one may be active at
    a time, which the database guards. Nothing is overwritten: a new stay is a new record.
    """

    _name = 'ess.enrolment'
    _description = "Enrolment"
    _order = 'date_request desc, id desc'
    _check_company_auto = True
    _rec_name = 'beneficiary_id'
    _rec_names_search = ['beneficiary_id', 'programme_id']

    # === FIELDS
    beneficiary_id = fields.Many2one(
        'ess.beneficiary', string="Person", required=True, index=True, ondelete='restrict', check_company=True)
    programme_id = fields.Many2one('ess.programme', required=True, index=True, ondelete='restrict')
    cohort_id = fields.Many2one(
        'ess.cohort', string="Group", index='btree_not_null', ondelete='restrict', check_company=True,
        domain="[('programme_id', '=', programme_id)]")
    # Stored: scope key of the row, read by the company rule and by figures.
    company_id = fields.Many2one(related='programme_id.company_id', store=True, precompute=True, index=True)
    # path
    stage_id = fields.Many2one(
        'ess.enrolment.stage', required=True, index=True, ondelete='restrict',
        default=lambda self: self.env['ess.enrolment.stage']._get_first('applied'), group_expand='_read_group_stage_ids')
    # Stored: the partial unique index, the rules and every figure read it. Fixed once the stage is used.
    bucket = fields.Selection(string="Category", related='stage_id.bucket', store=True, precompute=True, index=True)
    date_request = fields.Date(string="Requested on", required=True, default=fields.Date.context_today)
    date_start = fields.Date(string="Entered on")
    date_end = fields.Date(string="Ended on")
    exit_reason_id = fields.Many2one('ess.exit.reason', string="Exit reason", ondelete='restrict')
    # Stored: grouped by figures.
    exit_class = fields.Selection(related='exit_reason_id.exit_class', store=True, precompute=True)
    refusal_reason_id = fields.Many2one('ess.refusal.reason', string="Why not admitted", ondelete='restrict')
    # content
    goal_ids = fields.Many2many(
        'ess.goal', 'ess_enrolment_goal_rel', 'enrolment_id', 'goal_id', string="Goals",
        groups='ess_beneficiary.group_beneficiary_officer,ess_beneficiary.group_beneficiary_dpo',
        domain="[('beneficiary_id', '=', beneficiary_id)]",
        help="The person's own goals that this programme serves.")
    properties = fields.Properties("Questions of the programme", definition='programme_id.enrolment_properties_definition')

    # === CONSTRAINTS
    _active_uniq = models.UniqueIndex(
        "(beneficiary_id, programme_id) WHERE bucket IN ('enrolled', 'paused')",
        "This person is already in this programme. Open the stay in progress instead of starting another one.")
    _dates_order = models.Constraint('CHECK (date_end >= date_start)', "A stay cannot end before it starts. Check its two dates.")
    _start_needed = models.Constraint(
        "CHECK (bucket NOT IN ('enrolled', 'paused', 'completed', 'left') OR date_start IS NOT NULL)",
        "Say on which day the person entered the programme.")
    _end_needed = models.Constraint(
        "CHECK ((bucket IN ('completed', 'left')) = (date_end IS NOT NULL))",
        "A stay that has ended has an end date, and a stay that goes on has none.")
    _left_needs_reason = models.Constraint(
        "CHECK (bucket <> 'left' OR exit_reason_id IS NOT NULL)",
        "Say why the person leaves: choose an exit reason.")
    _programme_bucket_idx = models.Index('(programme_id, bucket)')

    # === COMPUTE
    @api.depends('beneficiary_id', 'programme_id')
    @api.depends_context('uid', 'allowed_company_ids')
    def _compute_display_name(self):
        for enrolment in self:
            names = [enrolment.beneficiary_id.display_name, enrolment.programme_id.display_name]
            enrolment.display_name = ' · '.join(name for name in names if name)

    @api.model
    def _read_group_stage_ids(self, stages, domain):
        return stages.search([])

    @api.constrains('cohort_id', 'programme_id')
    def _check_cohort(self):
        for enrolment in self:
            if enrolment.cohort_id and enrolment.cohort_id.programme_id != enrolment.programme_id:
                raise ValidationError(self.env._(
                    "The group “%(cohort)s” belongs to another programme. Choose a group of “%(programme)s”.",
                    cohort=enrolment.cohort_id.name, programme=enrolment.programme_id.name))

    @api.constrains('date_start', 'date_end', 'programme_id')
    def _check_inside_programme(self):
        for enrolment in self:
            programme = enrolment.programme_id
            first, last = enrolment.date_start, enrolment.date_end
            if (first and programme.date_from and first < programme.date_from) or (
                    programme.date_to and max(first or programme.date_to, last or programme.date_to) > programme.date_to):
                raise ValidationError(self.env._(
                    "The dates of the stay go outside those of the programme “%(programme)s” (%(first)s to %(last)s).",
                    programme=programme.name, first=programme.date_from or '…', last=programme.date_to or '…'))

    @api.constrains('refusal_reason_id', 'programme_id')
    def _check_unconditional(self):
        for enrolment in self:
            if enrolment.refusal_reason_id.is_paper_related and enrolment.programme_id.is_unconditional:
                raise ValidationError(self.env._(
                    "“%(programme)s” is open without conditions: nobody is turned away for a missing paper. Choose another reason.",
                    programme=enrolment.programme_id.name))

    # === CRUD
    @api.model_create_multi
    def create(self, vals_list):
        """Create stays; entering and ending dates follow from the stage when they are not given."""
        self._check_files_readable(vals_list)
        stages = self.env['ess.enrolment.stage'].browse({vals['stage_id'] for vals in vals_list if vals.get('stage_id')})
        buckets = {stage.id: stage.bucket for stage in stages}
        today = fields.Date.context_today(self)
        for vals in vals_list:
            bucket = buckets.get(vals.get('stage_id'))
            if bucket in ACTIVE_BUCKETS + ENDED_BUCKETS and not vals.get('date_start'):
                vals['date_start'] = today
            if bucket in ENDED_BUCKETS and not vals.get('date_end'):
                vals['date_end'] = today
        return super().create(vals_list)

    def write(self, vals):
        if not vals.get('stage_id'):
            return super().write(vals)
        bucket = self.env['ess.enrolment.stage'].browse(vals['stage_id']).bucket
        for enrolment, own_vals in self._prepare_dates(bucket, vals):
            super(EssEnrolment, enrolment).write(own_vals)
        return True

    # === ACTIONS
    def action_enrol(self):
        """Take these people into the programme today (or on the date already chosen)."""
        self._check_from(('applied', 'waitlisted'), self.env._("Only a request or a person on the waiting list can be taken in."))
        self._check_places()
        self.stage_id = self.env['ess.enrolment.stage']._get_first('enrolled')

    def action_waitlist(self):
        """Put these requests on the waiting list."""
        self._check_from(('applied',), self.env._("Only a request can be put on the waiting list."))
        self.stage_id = self.env['ess.enrolment.stage']._get_first('waitlisted')

    def action_pause(self):
        """Put these stays on hold: the person keeps the place."""
        self._check_from(('enrolled',), self.env._("Only a stay in progress can be put on hold."))
        self.stage_id = self.env['ess.enrolment.stage']._get_first('paused')

    def action_resume(self):
        """Take these stays up again."""
        self._check_from(('paused',), self.env._("Only a stay on hold can be taken up again."))
        self.stage_id = self.env['ess.enrolment.stage']._get_first('enrolled')

    def action_complete(self):
        """Ask for the reason of the end, then complete these stays."""
        self._check_from(ACTIVE_BUCKETS, self.env._("Only a stay in progress or on hold can be completed."))
        return self._open_close_wizard('completed')

    def action_leave(self):
        """Ask why the person leaves before the end, then close these stays."""
        self._check_from(ACTIVE_BUCKETS, self.env._("Only a stay in progress or on hold can be left."))
        return self._open_close_wizard('left')

    def action_refuse(self):
        """Ask why the request is not followed or not accepted, then close it."""
        self._check_from(('applied', 'waitlisted'), self.env._("Only a request or a person on the waiting list can be closed this way."))
        return self._open_close_wizard('refused')

    # === BUSINESS
    def _end(self, bucket, exit_reason, date_end=None):
        """End these stays.

        :param str bucket: 'completed' or 'left'.
        :param exit_reason: one ess.exit.reason (may be empty when completed).
        :param date date_end: last day, today by default.
        """
        self._check_from(ACTIVE_BUCKETS, self.env._("Only a stay in progress or on hold can be ended."))
        if bucket == 'left' and not exit_reason:
            raise UserError(self.env._("Say why the person leaves: choose an exit reason."))
        self.write({
            'stage_id': self.env['ess.enrolment.stage']._get_first(bucket).id,
            'exit_reason_id': exit_reason.id,
            'date_end': date_end or fields.Date.context_today(self),
        })

    def _refuse(self, refusal_reason):
        """Close these requests with a reason, the person's own or the association's.

        :param refusal_reason: one ess.refusal.reason.
        """
        self._check_from(('applied', 'waitlisted'), self.env._("Only a request or a person on the waiting list can be closed this way."))
        if not refusal_reason:
            raise UserError(self.env._("Say why: these reasons are what shows the needs that nobody answers."))
        stages = self.env['ess.enrolment.stage'].search([('bucket', '=', 'refused')])
        code = 'not_followed' if refusal_reason.is_by_person else 'not_accepted'
        stage = stages.filtered(lambda stage: stage.code == code)[:1] or self.env['ess.enrolment.stage']._get_first('refused')
        self.write({'stage_id': stage.id, 'refusal_reason_id': refusal_reason.id})

    def _prepare_dates(self, bucket, vals):
        """Split a change of stage into groups of stays that take the same values.

        Entering today, ending today, and forgetting the end when a stay is taken up again, unless ``vals`` says otherwise.

        :param str bucket: category of the new stage.
        :return: pairs of (ess.enrolment recordset, values).
        """
        today = fields.Date.context_today(self)
        end_vals = {}
        if bucket in ENDED_BUCKETS:
            end_vals = {'date_end': today}
        elif bucket in OPEN_BUCKETS:
            end_vals = {'date_end': False, 'exit_reason_id': False, 'refusal_reason_id': False}
        needs_start = bucket in ACTIVE_BUCKETS + ENDED_BUCKETS
        without_start = self.filtered(lambda enrolment: needs_start and not enrolment.date_start)
        for enrolments, start_vals in ((without_start, {'date_start': today}), (self - without_start, {})):
            if enrolments:
                yield enrolments, {**end_vals, **start_vals, **vals}

    @api.model
    def _check_files_readable(self, vals_list):
        """Refuse to enrol someone whose file the user cannot open yet: an enrolment gives its team the file."""
        ids = {vals['beneficiary_id'] for vals in vals_list if vals.get('beneficiary_id')}
        self.env['ess.beneficiary'].browse(ids).check_access('read')

    def _check_from(self, buckets, message):
        if self.filtered(lambda enrolment: enrolment.bucket not in buckets):
            raise UserError(message)

    def _check_places(self):
        """Refuse politely when the programme or the group is full.

        :raises UserError: with the number of places and what to do.
        """
        for field_name, records in (('programme_id', self.programme_id), ('cohort_id', self.cohort_id)):
            # sudo: only counts, so that a place taken by a person whom the user may not see is not sold twice.
            groups = self.sudo()._read_group(
                [(field_name, 'in', records.ids), ('bucket', 'in', ACTIVE_BUCKETS)], [field_name], ['__count'])
            taken = {holder.id: count for holder, count in groups}
            for holder in records:
                asked = len(self.filtered(lambda enrolment, holder=holder, name=field_name: enrolment[name] == holder))
                if holder.capacity and taken.get(holder.id, 0) + asked > holder.capacity:
                    raise UserError(self.env._(
                        "“%(name)s” is full: %(taken)s of %(capacity)s places are taken. Put the person on the waiting list, or add places.",
                        name=holder.name, taken=taken.get(holder.id, 0), capacity=holder.capacity))

    def _open_close_wizard(self, outcome):
        action = self.env['ir.actions.act_window']._for_xml_id('ess_programmes.ess_enrolment_close_action')
        return dict(action, context={'default_enrolment_ids': self.ids, 'default_outcome': outcome})

    def _prepare_readable(self):
        """Return this stay as the person reads it in the readable file.

        :rtype: dict
        """
        self.ensure_one()
        return {
            'programme': self.programme_id.name,
            'group': self.cohort_id.name or None,
            'stage': self.stage_id.name,
            'date_request': self.date_request.isoformat(),
            'date_start': self.date_start and self.date_start.isoformat() or None,
            'date_end': self.date_end and self.date_end.isoformat() or None,
            'exit_reason': self.exit_reason_id.name or None,
            'refusal_reason': self.refusal_reason_id.name or None,
            # sudo: these goals belong to the file that is being read, which was checked before.
            'goals': self.sudo().goal_ids.mapped('words'),
        }
