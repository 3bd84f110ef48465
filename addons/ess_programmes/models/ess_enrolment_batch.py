import logging

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

#: Files looked at between two commits: a few seconds of work, so that a server that
#: stops loses little and a restart goes on from there. Each slice reads once what the
#: conditions ask of other tables: smaller slices cost more.
SLICE = 250_000


class EssEnrolmentBatch(models.Model):
    """Enrolment, in one go, of all those who meet the conditions of a programme.

    Started by a coordinator, who sees first how many people it is about and who they
    are. The server then works through the files by slices, each in one statement and
    one transaction: killed in the middle, it goes on from the last slice. Whoever has
    already had a stay in the programme, in progress, refused or ended, is left alone: a
    batch never undoes what somebody decided. Where places are counted, the people are
    put on the list and the places go to the first.
    """

    _name = "ess.enrolment.batch"
    _description = "Enrolment of all who may join"
    _order = "id desc"
    _rec_name = "programme_id"
    _check_company_auto = True

    # === FIELDS
    programme_id = fields.Many2one(
        "ess.programme", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="programme_id.company_id", store=True, precompute=True, index=True
    )
    cohort_id = fields.Many2one(
        "ess.cohort",
        string="Group",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        domain="[('programme_id', '=', programme_id)]",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Asked by",
        required=True,
        readonly=True,
        index=True,
        default=lambda self: self.env.user,
        ondelete="restrict",
        help="Only people whose file this user may read are enrolled.",
    )
    state = fields.Selection(
        [
            ("draft", "To check"),
            ("running", "In progress"),
            ("done", "Done"),
            ("stopped", "Stopped"),
        ],
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        index=True,
    )
    # People counted when the form is open, with the rights of whoever looks.
    eligible_count = fields.Integer(
        string="People who may join",
        compute="_compute_eligible_count",
        compute_sudo=False,
    )
    enrolled_count = fields.Integer(string="Enrolled", readonly=True, copy=False)
    # The highest id of a file looked at: where a restart goes on.
    last_file = fields.Integer(readonly=True, copy=False)
    end_file = fields.Integer(readonly=True, copy=False)
    percent = fields.Integer(string="Progress", compute="_compute_percent")
    trouble = fields.Char(string="Why it stopped", readonly=True, copy=False)
    enrolment_ids = fields.One2many(
        "ess.enrolment", "batch_id", string="Enrolments", readonly=True
    )

    # === COMPUTE
    @api.depends("programme_id", "state")
    @api.depends_context("uid")
    def _compute_eligible_count(self):
        people = self.env["ess.beneficiary"]
        for batch in self:
            batch.eligible_count = batch.state == "draft" and people.search_count(
                [("may_join_programme_ids", "in", batch.programme_id.ids)]
            )

    @api.depends("last_file", "end_file", "state")
    def _compute_percent(self):
        for batch in self:
            batch.percent = 100 if batch.state == "done" else 0
            if batch.end_file and batch.state != "done":
                batch.percent = 100 * batch.last_file // batch.end_file

    # === CRUD
    @api.model_create_multi
    def create(self, vals_list):
        """Sign the batches."""
        if not self.env.su:
            vals_list = [{**vals, "user_id": self.env.uid} for vals in vals_list]
        return super().create(vals_list)

    def write(self, vals):
        """What a batch is about does not change once it has started."""
        if vals.keys() & {"programme_id", "cohort_id"} and any(
            batch.state != "draft" for batch in self
        ):
            raise UserError(
                self.env._("This enrolment has started. Prepare another one.")
            )
        if not self.env.su:
            vals = {name: vals[name] for name in vals if name != "user_id"}
        return super().write(vals)

    # === ACTIONS
    def action_open_eligible(self):
        """Open the people who would be enrolled."""
        self.ensure_one()
        return self.programme_id.action_open_eligible()

    def action_open_enrolments(self):
        """Open what this batch has enrolled."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "ess_programmes.ess_enrolment_action"
        )
        return dict(action, domain=[("batch_id", "=", self.id)], context={})

    def action_start(self):
        """Let the server enrol these people.

        :raises UserError: when nothing says who may join, or the programme is over.
        """
        for batch in self.filtered(lambda batch: batch.state in ("draft", "stopped")):
            programme = batch.programme_id
            programme._check_has_criteria()
            if programme.date_to and programme.date_to < programme._today():
                raise UserError(
                    self.env._(
                        "“%s” is over. Change its dates before taking people in.",
                        programme.name,
                    )
                )
            # sudo: only the number of the last file, so that the end is known
            files = self.env["ess.beneficiary"].sudo().with_context(active_test=False)
            last = files.search([], order="id desc", limit=1)
            batch.write({"state": "running", "trouble": False, "end_file": last.id})
        # sudo: only asks the server to begin now
        self.env.ref("ess_programmes.ir_cron_enrol").sudo()._trigger()
        return self._open() if len(self) == 1 else None

    def action_stop(self):
        """Stop after the slice in progress; it can be started again."""
        self.filtered(lambda batch: batch.state == "running").state = "stopped"

    # === BUSINESS
    def _open(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

    @api.model
    def _cron_run(self):
        """Go on with the batches in progress, slice by slice, each committed."""
        cron = self.env["ir.cron"]
        running = self.search([("state", "=", "running")], order="id")
        cron._commit_progress(remaining=len(running))
        for batch in running:
            while batch.state == "running":
                batch._run_slice()
                if not cron._commit_progress(0, remaining=1):
                    return
            cron._commit_progress(1)

    def _run_slice(self):
        """Enrol the eligible people of the next slice of files.

        Whoever stops or starts the batch waits for the end of the slice.
        """
        self.ensure_one()
        if not self.try_lock_for_update():
            return
        self.invalidate_recordset(["state"])
        if self.state != "running":
            return
        first, last = self.last_file, min(self.last_file + SLICE, self.end_file)
        user = self.user_id
        try:
            if not user.active:
                raise AccessError(self.env._("The user who asked has left."))
            # with the rights of whoever asked, in the association of the programme
            programme = (
                self.with_user(user)
                .with_context(allowed_company_ids=self.company_id.ids)
                .programme_id
            )
            programme.check_access("read")
            self.env["ess.enrolment"].with_user(user).check_access("create")
            ids = self._insert(programme, first, last)
        except (AccessError, UserError) as error:
            self.write({"state": "stopped", "trouble": str(error)})
            return
        done = last >= self.end_file
        self.write(
            {
                "last_file": last,
                "enrolled_count": self.enrolled_count + len(ids),
                "state": "done" if done else "running",
            }
        )
        _logger.info("Batch %d: %d enrolments up to file %d", self.id, len(ids), last)
        if done and self._is_limited():
            self.programme_id._allocate_after_commit()

    def _is_limited(self):
        return bool(self.programme_id.capacity or self.cohort_id.capacity)

    def _insert(self, programme, first, last):
        """Insert the stays of one slice in one statement.

        :param programme: ess.programme, with the user of the batch.
        :param int first: id of the last file already looked at.
        :param int last: id of the last file of the slice.
        :return: ids of the new ess.enrolment.
        :rtype: list of int
        """
        stays = self.env["ess.enrolment"]
        stays.flush_model()
        people = programme.env["ess.beneficiary"]._search(
            Domain("id", ">", first)
            & Domain("id", "<=", last)
            & Domain("may_join_programme_ids", "in", programme.ids)
        )
        rows = self.env.execute_query(
            SQL(
                INSERT,
                people=people.select(SQL.identifier(people.table, "id")),
                **self._prepare_insert(),
            )
        )
        ids = [row[0] for row in rows]
        if ids and self.programme_id.has_snapshots and not self._is_limited():
            self.env["ess.enrolment.snapshot"]._plan_ids(ids)
        stays.invalidate_model()
        return ids

    def _prepare_insert(self):
        """Return the values that the stays of this batch share."""
        programme, stages = self.programme_id, self.env["ess.enrolment.stage"]
        today = programme._today()
        limited = self._is_limited()
        stage = stages._get_first("applied" if limited else "enrolled")
        start = max(
            filter(None, (today, programme.date_from, self.cohort_id.date_from))
        )
        return {
            "batch": self.id,
            "programme": programme.id,
            "cohort": self.cohort_id.id or None,
            "company": programme.company_id.id,
            "stage": stage.id,
            "bucket": stage.bucket,
            "today": today,
            "start": None if limited else start,
            "awaits": limited,
            "user": self.user_id.id,
        }


#: A stay of any kind keeps its person out: what was decided by hand stands. The order
#: of the files is the order of the list when places are counted.
INSERT = """
INSERT INTO ess_enrolment (beneficiary_id, programme_id, cohort_id, company_id,
    stage_id, bucket, date_request, date_start, requested_at, awaits_place, batch_id,
    create_uid, create_date, write_uid, write_date)
SELECT person.id, %(programme)s, %(cohort)s, %(company)s, %(stage)s, %(bucket)s,
    %(today)s, %(start)s, timezone('UTC', now()), %(awaits)s, %(batch)s, %(user)s,
    timezone('UTC', now()), %(user)s, timezone('UTC', now())
FROM (%(people)s) AS person (id)
WHERE NOT EXISTS (
    SELECT FROM ess_enrolment stay
    WHERE stay.beneficiary_id = person.id AND stay.programme_id = %(programme)s)
ORDER BY person.id
ON CONFLICT DO NOTHING
RETURNING id
"""
