from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .ess_enrolment_stage import ACTIVE_BUCKETS, ENDED_BUCKETS, OPEN_BUCKETS


class EssEnrolment(models.Model):
    """One stay of one person in one programme: asked, waited, entered, paused, ended.

    Created by a worker (or asked by the person). Several stays in a programme are
    normal; only one may be active at a time, which the database guards. Nothing is
    overwritten: a new stay is a new record.
    """

    _name = "ess.enrolment"
    _description = "Enrolment"
    _order = "date_request desc, id desc"
    _check_company_auto = True
    _rec_name = "beneficiary_id"
    _rec_names_search = ["beneficiary_id", "programme_id"]

    # === FIELDS
    beneficiary_id = fields.Many2one(
        "ess.beneficiary",
        string="Person",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    programme_id = fields.Many2one(
        "ess.programme", required=True, index=True, ondelete="restrict"
    )
    cohort_id = fields.Many2one(
        "ess.cohort",
        string="Group",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        domain="[('programme_id', '=', programme_id)]",
    )
    # Stored: scope key of the row, read by the company rule and by figures.
    company_id = fields.Many2one(
        related="programme_id.company_id", store=True, precompute=True, index=True
    )
    # path
    stage_id = fields.Many2one(
        "ess.enrolment.stage",
        required=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self.env["ess.enrolment.stage"]._get_first("applied"),
        group_expand="_read_group_stage_ids",
    )
    # Stored: the partial unique index, the rules and every figure read it. Fixed once
    # the stage is used.
    bucket = fields.Selection(
        string="Category",
        related="stage_id.bucket",
        store=True,
        precompute=True,
        index=True,
    )
    date_request = fields.Date(
        string="Requested on", required=True, default=fields.Date.context_today
    )
    date_start = fields.Date(string="Entered on")
    date_end = fields.Date(string="Ended on")
    exit_reason_id = fields.Many2one(
        "ess.exit.reason", string="Exit reason", ondelete="restrict"
    )
    # Stored: grouped by figures.
    exit_class = fields.Selection(
        related="exit_reason_id.exit_class", store=True, precompute=True
    )
    refusal_reason_id = fields.Many2one(
        "ess.refusal.reason", string="Why not admitted", ondelete="restrict"
    )
    # content
    goal_ids = fields.Many2many(
        "ess.goal",
        "ess_enrolment_goal_rel",
        "enrolment_id",
        "goal_id",
        string="Goals",
        groups="ess_beneficiary.group_beneficiary_officer,ess_beneficiary.group_beneficiary_dpo",
        domain="[('beneficiary_id', '=', beneficiary_id)]",
        help="The person's own goals that this programme serves.",
    )
    properties = fields.Properties(
        "Questions of the programme",
        definition="programme_id.enrolment_properties_definition",
    )

    # === CONSTRAINTS
    _active_uniq = models.UniqueIndex(
        "(beneficiary_id, programme_id) WHERE bucket IN ('enrolled', 'paused')",
        "This person is already in this programme. Open the stay in progress instead "
        "of starting another one.",
    )
    _dates_order = models.Constraint(
        "CHECK (date_end >= date_start)",
        "A stay cannot end before it starts. Check its two dates.",
    )
    _start_needed = models.Constraint(
        "CHECK (bucket NOT IN ('enrolled', 'paused', 'completed', 'left') OR "
        "date_start IS NOT NULL)",
        "Say on which day the person entered the programme.",
    )
    _end_needed = models.Constraint(
        "CHECK ((bucket IN ('completed', 'left')) = (date_end IS NOT NULL))",
        "A stay that has ended has an end date, and a stay that goes on has none.",
    )
    _left_needs_reason = models.Constraint(
        "CHECK (bucket <> 'left' OR exit_reason_id IS NOT NULL)",
        "Say why the person leaves: choose an exit reason.",
    )
    _programme_bucket_idx = models.Index("(programme_id, bucket)")

    # === COMPUTE
    @api.depends("beneficiary_id", "programme_id")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_display_name(self):
        for enrolment in self:
            names = [
                enrolment.beneficiary_id.display_name,
                enrolment.programme_id.display_name,
            ]
            enrolment.display_name = " · ".join(name for name in names if name)

    @api.model
    def _read_group_stage_ids(self, stages, domain):
        # One column for each stage, whatever the filters: there are a dozen of them.
        return stages.search([])  # pylint: disable=no-search-all

    @api.constrains("cohort_id", "programme_id")
    def _check_cohort(self):
        for enrolment in self:
            if (
                enrolment.cohort_id
                and enrolment.cohort_id.programme_id != enrolment.programme_id
            ):
                raise ValidationError(
                    self.env._(
                        "The group “%(cohort)s” belongs to another programme. Choose a "
                        "group of “%(programme)s”.",
                        cohort=enrolment.cohort_id.name,
                        programme=enrolment.programme_id.name,
                    )
                )

    @api.constrains("date_start", "date_end", "programme_id")
    def _check_inside_programme(self):
        for enrolment in self:
            programme = enrolment.programme_id
            first, last = enrolment.date_start, enrolment.date_end
            if (first and programme.date_from and first < programme.date_from) or (
                programme.date_to
                and max(first or programme.date_to, last or programme.date_to)
                > programme.date_to
            ):
                raise ValidationError(
                    self.env._(
                        "The dates of the stay go outside those of the programme "
                        "“%(programme)s” (%(first)s to %(last)s).",
                        programme=programme.name,
                        first=programme.date_from or "…",
                        last=programme.date_to or "…",
                    )
                )

    @api.constrains("refusal_reason_id", "programme_id")
    def _check_unconditional(self):
        for enrolment in self:
            if (
                enrolment.refusal_reason_id.is_paper_related
                and enrolment.programme_id.is_unconditional
            ):
                raise ValidationError(
                    self.env._(
                        "“%(programme)s” is open without conditions: nobody is turned "
                        "away for a missing paper. Choose another reason.",
                        programme=enrolment.programme_id.name,
                    )
                )

    # === CRUD
    @api.model_create_multi
    def create(self, vals_list):
        """Create stays; entering and ending dates follow from the stage when they are
        not given.
        """
        self._check_files_readable(vals_list)
        # the unique index must see the stays that have just ended
        self.flush_model(["bucket"])
        stages = self.env["ess.enrolment.stage"].browse(
            {vals["stage_id"] for vals in vals_list if vals.get("stage_id")}
        )
        buckets = {stage.id: stage.bucket for stage in stages}
        # sudo: its time zone, whatever else the user may read of it
        programmes = self.env["ess.programme"].sudo()
        for vals in vals_list:
            bucket = buckets.get(vals.get("stage_id"))
            today = programmes.browse(vals.get("programme_id"))._today()
            if bucket in ACTIVE_BUCKETS + ENDED_BUCKETS and not vals.get("date_start"):
                vals["date_start"] = today
            if bucket in ENDED_BUCKETS and not vals.get("date_end"):
                vals["date_end"] = today
        return super().create(vals_list)

    def write(self, vals):
        """Change stays; dates follow from the stage as in :meth:`create`."""
        self._check_files_readable([vals])
        if vals.keys() & {"stage_id", "programme_id"}:
            # a stay taken up again, or moved, would open the file to its team
            self.beneficiary_id.check_access("read")
        if not vals.get("stage_id"):
            return super().write(vals)
        bucket = self.env["ess.enrolment.stage"].browse(vals["stage_id"]).bucket
        for enrolment, own_vals in self._prepare_dates(bucket, vals):
            super(EssEnrolment, enrolment).write(own_vals)
        return True

    # === BUSINESS
    def _prepare_dates(self, bucket, vals):
        """Split a change of stage into groups of stays that take the same values.

        Entering today, ending today, and forgetting the end when a stay is taken up
        again, unless ``vals`` says otherwise.

        :param str bucket: category of the new stage.
        :return: pairs of (ess.enrolment recordset, values).
        """
        today = self.programme_id._today()
        end_vals = {}
        if bucket in ENDED_BUCKETS:
            end_vals = {"date_end": today}
        elif bucket in OPEN_BUCKETS:
            end_vals = {
                "date_end": False,
                "exit_reason_id": False,
                "refusal_reason_id": False,
            }
        needs_start = bucket in ACTIVE_BUCKETS + ENDED_BUCKETS
        without_start = self.filtered(
            lambda enrolment: needs_start and not enrolment.date_start
        )
        for enrolments, start_vals in (
            (without_start, {"date_start": today}),
            (self - without_start, {}),
        ):
            if enrolments:
                yield enrolments, {**end_vals, **start_vals, **vals}

    @api.model
    def _check_files_readable(self, vals_list):
        """Refuse to enrol someone whose file the user cannot open yet: an enrolment
        gives its team the file.
        """
        ids = {
            vals["beneficiary_id"] for vals in vals_list if vals.get("beneficiary_id")
        }
        self.env["ess.beneficiary"].browse(ids).check_access("read")

    def _prepare_readable(self):
        """Return this stay as the person reads it in the readable file.

        :rtype: dict
        """
        self.ensure_one()
        return {
            "programme": self.programme_id.name,
            "group": self.cohort_id.name or None,
            "stage": self.stage_id.name,
            "date_request": self.date_request.isoformat(),
            "date_start": self.date_start and self.date_start.isoformat() or None,
            "date_end": self.date_end and self.date_end.isoformat() or None,
            "exit_reason": self.exit_reason_id.name or None,
            "refusal_reason": self.refusal_reason_id.name or None,
            # sudo: these goals belong to the file that is being read, which was checked
            # before.
            "goals": self.sudo().goal_ids.mapped("words"),
        }
