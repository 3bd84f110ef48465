from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.ess_beneficiary.tools.allocation import own_cursor_call

from .ess_enrolment_stage import ACTIVE_BUCKETS

WAITING_BUCKETS = ("applied", "waitlisted")
PLACE_FIELDS = {"stage_id", "programme_id", "cohort_id"}


class EssEnrolment(models.Model):
    """Who gets a place: oldest request first, and never more people than places.

    Counting, then writing oversells in Odoo's transactions. So a request only says
    that it awaits a place; one statement, alone in its own transaction after commit,
    gives places to the oldest requests and puts the others on the waiting list. What a
    worker decides by hand (take in, wait, refuse, pause) takes the request out of that
    batch. A card dragged to “in progress” by two people at once is stopped by the
    counter of the programme, which both must write.
    """

    _inherit = "ess.enrolment"

    # === FIELDS
    # Set by the server: the order of the waiting list.
    requested_at = fields.Datetime(
        string="Request received at",
        required=True,
        readonly=True,
        copy=False,
        default=fields.Datetime.now,
        help="Set by the server: the waiting list follows this order.",
    )
    awaits_place = fields.Boolean(
        string="Next free place",
        readonly=True,
        copy=False,
        help="The next free place goes to this request, in order of arrival.",
    )
    waiting_reason = fields.Selection(
        [
            ("programme", "The programme is full"),
            ("cohort", "The group is full"),
            ("team", "Decision of the team"),
        ],
        string="Why waiting",
        readonly=True,
        copy=False,
    )
    waiting_rank = fields.Integer(
        string="Rank",
        compute="_compute_waiting_rank",
        help="Rank on the waiting list of the group, or of the programme.",
    )
    snapshot_ids = fields.One2many(
        "ess.enrolment.snapshot",
        "enrolment_id",
        string="Snapshots",
        groups="ess_beneficiary.group_beneficiary_officer,"
        "ess_beneficiary.group_beneficiary_dpo",
    )

    # === CONSTRAINTS
    _awaits_place_idx = models.Index(
        "(programme_id, requested_at, id) WHERE awaits_place"
    )
    _waiting_idx = models.Index(
        "(programme_id, cohort_id, requested_at, id) WHERE bucket = 'waitlisted'"
    )

    def _init_column(self, column_name):
        """On a base that has enrolments already, keep the order of their requests."""
        if column_name != "requested_at":
            return super()._init_column(column_name)
        self.env.cr.execute(
            "UPDATE ess_enrolment SET requested_at = COALESCE(date_request, create_date"
            ", now() AT TIME ZONE 'UTC') WHERE requested_at IS NULL"
        )
        return None

    # === COMPUTE
    @api.depends("bucket", "requested_at", "programme_id", "cohort_id")
    def _compute_waiting_rank(self):
        """Number the waiting lists in one statement.

        Everyone who waits is counted, also those whom the user may not see: only a
        rank leaves this method.
        """
        self.waiting_rank = 0
        waiting = self.filtered(lambda enrolment: enrolment.bucket == "waitlisted")
        if not waiting._origin:
            return
        self.flush_model(["bucket", "requested_at", "programme_id", "cohort_id"])
        ranks = dict(
            self.env.execute_query(
                SQL(
                    """SELECT id, rank FROM (
                        SELECT id, row_number() OVER (
                            PARTITION BY programme_id, cohort_id
                            ORDER BY requested_at, id) AS rank
                        FROM ess_enrolment
                        WHERE bucket = 'waitlisted' AND programme_id IN %s) ranked
                    WHERE id IN %s""",
                    tuple(waiting.programme_id._origin.ids),
                    tuple(waiting._origin.ids),
                )
            )
        )
        for enrolment in waiting:
            enrolment.waiting_rank = ranks.get(enrolment._origin.id, 0)

    # === CRUD
    @api.model_create_multi
    def create(self, vals_list):
        """Create stays; the time of a request is the server's, and a stay that begins
        at once needs a free place.
        """
        if not self.env.su:
            vals_list = [
                {key: vals[key] for key in vals if key != "requested_at"}
                for vals in vals_list
            ]
        enrolments = super().create(vals_list)
        in_order = enrolments.filtered(
            lambda enrolment: enrolment.bucket == "applied"
            and enrolment.programme_id.admission == "order"
        )
        # a condition that is not met: the team decides, not the order of arrival
        in_order -= in_order._get_refused()
        if in_order:
            in_order.awaits_place = True
            in_order.programme_id._allocate_after_commit(in_order)
        enrolments.filtered(lambda stay: stay._get_place())._after_entering()
        # sudo: snapshots are planned by the server, never written by hand
        self.env["ess.enrolment.snapshot"].sudo()._plan(enrolments)
        return enrolments

    def write(self, vals):
        """Change stays; a decision by hand takes the request out of the batch, and the
        places left are given again.
        """
        if "requested_at" in vals and not self.env.su:
            vals = {key: vals[key] for key in vals if key != "requested_at"}
        if not vals.keys() & (PLACE_FIELDS | {"date_start", "date_end"}):
            return super().write(vals)
        if vals.get("stage_id"):
            vals = {**self._prepare_decision(vals["stage_id"]), **vals}
        places = {enrolment: enrolment._get_place() for enrolment in self}
        programmes = self.programme_id
        if self._may_take_places(vals):
            # before the stays themselves: the allocation locks in the same order
            self._lock_limited()
        result = super().write(vals)
        if vals.keys() & PLACE_FIELDS:
            self.filtered(
                lambda stay: stay._get_place() not in (None, places[stay])
            )._after_entering()
            (programmes | self.programme_id)._give_places_left()
        # sudo: snapshots are planned by the server, never written by hand
        self.env["ess.enrolment.snapshot"].sudo()._plan(self)
        return result

    # === BUSINESS
    def _get_place(self):
        """Return the (programme, group) where this stay holds a place, or None."""
        self.ensure_one()
        if self.bucket in ACTIVE_BUCKETS:
            return self.programme_id, self.cohort_id
        return None

    def _prepare_decision(self, stage_id):
        """Return what a change of stage by hand says of the waiting list."""
        bucket = self.env["ess.enrolment.stage"].browse(stage_id).bucket
        return {
            "awaits_place": False,
            "waiting_reason": "team" if bucket == "waitlisted" else False,
        }

    def _may_take_places(self, vals):
        """Tell whether these values may give a place to a stay that had none."""
        if vals.get("stage_id"):
            stage = self.env["ess.enrolment.stage"].browse(vals["stage_id"])
            return stage.bucket in ACTIVE_BUCKETS
        return bool(vals.keys() & {"programme_id", "cohort_id"})

    def _lock_limited(self):
        """Hold the counters of the programmes where these stays take a place.

        :return: the stays whose places are counted.
        """
        limited = self.filtered(lambda enrolment: enrolment._is_limited())
        if limited:
            limited.programme_id._lock_places()
        return limited

    def _is_limited(self):
        """Tell whether places are counted where this stay is asked."""
        self.ensure_one()
        return bool(self.programme_id.capacity or self.cohort_id.capacity)

    def _after_entering(self):
        """Check that the stays just written have a place.

        Writing the counter of the programme makes two simultaneous entries conflict:
        Odoo runs the second again, which then sees the first.

        :raises UserError: with the number of places and what to do.
        """
        limited = self._lock_limited()
        for field_name in ("programme_id", "cohort_id"):
            limited._check_places(field_name)

    def _check_places(self, field_name):
        holders = self[field_name].filtered("capacity")
        # sudo: only counts, so that a place taken by a person whom the user may not see
        # is not given twice.
        groups = (
            self.env["ess.enrolment"]
            .sudo()
            ._read_group(
                [(field_name, "in", holders.ids), ("bucket", "in", ACTIVE_BUCKETS)],
                [field_name],
                ["__count"],
            )
        )
        for holder, taken in groups:
            if taken > holder.sudo().capacity:
                asked = len(self.filtered_domain([(field_name, "=", holder.id)]))
                raise UserError(
                    self.env._(
                        "“%(name)s” is full: %(taken)s of %(capacity)s places are "
                        "taken. Put the person on the waiting list, or add places.",
                        name=holder.name,
                        taken=taken - asked,
                        capacity=holder.capacity,
                    )
                )

    @api.model
    def _allocate(self, programmes, requests=None):
        """Give the free places to the oldest requests, put the others on the waiting
        list.

        Runs alone in a READ COMMITTED transaction (see ``own_cursor_call``). Safe to
        run again: nothing is given twice, and only requests that still await a place
        are touched, so that a refusal or a pause decided meanwhile stands.

        :param programmes: ess.programme recordset.
        :param requests: when given, nothing is done unless one of them still awaits
            an answer: whoever came just before has given all places.
        :return: the stays that have entered.
        :rtype: ess.enrolment recordset
        """
        if not programmes or (requests and not requests._is_unsettled()):
            return self.browse()
        programmes._hold_places()
        if requests and not requests._is_unsettled():
            return self.browse()
        programmes._lock_places()
        stages = self.env["ess.enrolment.stage"]
        rows = self.env.execute_query(
            SQL(
                ALLOCATE,
                now=fields.Datetime.now(),
                programmes=tuple(programmes.ids),
                entered=stages._get_first("enrolled").id,
                waiting=stages._get_first("waitlisted").id,
                user=self.env.uid,
            )
        )
        changed = self.browse([row[0] for row in rows])
        changed.invalidate_recordset()
        changed.modified(["bucket", "date_start"])
        entered = self.browse([row[0] for row in rows if row[1] == "enrolled"])
        self.env["ess.enrolment.snapshot"]._plan(entered)
        return entered

    def _is_unsettled(self):
        """Tell whether one of these requests has not been allocated yet."""
        return bool(
            self.env.execute_query(
                SQL(
                    "SELECT FROM ess_enrolment WHERE id IN %s AND awaits_place "
                    "AND bucket = 'applied' LIMIT 1",
                    tuple(self.ids),
                )
            )
        )

    @api.model
    def _cron_allocate(self):
        """Allocate the requests whose turn was lost: a server stopped between the
        commit of a request and its allocation.
        """
        groups = self._read_group(
            [("awaits_place", "=", True), ("bucket", "in", WAITING_BUCKETS)],
            ["programme_id"],
        )
        for [programme] in groups:
            own_cursor_call(
                self.env,
                lambda env, programme=programme: env["ess.enrolment"]._allocate(
                    programme.with_env(env)
                ),
            )


#: One statement: places left, requests in order, then who enters and who waits. A group
#: that is full does not hold up a programme that is not. The last conditions are
#: checked again on the row as it is once locked.
ALLOCATE = """
WITH programme AS (
    SELECT p.id, p.capacity, p.date_to,
        timezone(p.tz, timezone('UTC', %(now)s::timestamp))::date AS today,
        p.date_from,
        CASE WHEN p.capacity > 0 THEN p.capacity - (
            SELECT count(*) FROM ess_enrolment taken
            WHERE taken.programme_id = p.id
            AND taken.bucket IN ('enrolled', 'paused')) END AS free
    FROM ess_programme p WHERE p.id IN %(programmes)s
), cohort AS (
    SELECT c.id, c.date_from,
        CASE WHEN c.capacity > 0 THEN c.capacity - (
            SELECT count(*) FROM ess_enrolment taken
            WHERE taken.cohort_id = c.id
            AND taken.bucket IN ('enrolled', 'paused')) END AS free
    FROM ess_cohort c WHERE c.programme_id IN %(programmes)s
), request AS (
    SELECT DISTINCT ON (e.programme_id, e.beneficiary_id)
        e.id, e.programme_id, e.cohort_id, e.requested_at,
        COALESCE(e.date_start, GREATEST(p.today, p.date_from, c.date_from)) AS start,
        p.free AS programme_free, c.free AS cohort_free
    FROM ess_enrolment e
    JOIN programme p ON p.id = e.programme_id
    LEFT JOIN cohort c ON c.id = e.cohort_id
    WHERE e.awaits_place AND e.bucket IN ('applied', 'waitlisted')
    AND (p.date_to IS NULL OR p.today <= p.date_to)
    AND NOT EXISTS (
        SELECT FROM ess_enrolment stay
        WHERE stay.beneficiary_id = e.beneficiary_id
        AND stay.programme_id = e.programme_id
        AND stay.bucket IN ('enrolled', 'paused'))
    ORDER BY e.programme_id, e.beneficiary_id, e.requested_at, e.id
), in_cohort AS (
    SELECT *, COALESCE(row_number() OVER (
        PARTITION BY programme_id, cohort_id ORDER BY requested_at, id)
        <= cohort_free, TRUE) AS fits
    FROM request
), in_programme AS (
    SELECT *, fits AND COALESCE(row_number() OVER (
        PARTITION BY programme_id, fits ORDER BY requested_at, id)
        <= programme_free, TRUE) AS enters
    FROM in_cohort
)
UPDATE ess_enrolment e
SET stage_id = CASE WHEN r.enters THEN %(entered)s ELSE %(waiting)s END,
    bucket = CASE WHEN r.enters THEN 'enrolled' ELSE 'waitlisted' END,
    date_start = CASE WHEN r.enters THEN r.start ELSE e.date_start END,
    waiting_reason = CASE WHEN r.enters THEN NULL
        WHEN r.fits THEN 'programme' ELSE 'cohort' END,
    awaits_place = NOT r.enters AND p.admission = 'order',
    write_uid = %(user)s, write_date = timezone('UTC', clock_timestamp())
FROM in_programme r JOIN ess_programme p ON p.id = r.programme_id
WHERE e.id = r.id AND e.awaits_place AND e.bucket IN ('applied', 'waitlisted')
AND (r.enters OR e.bucket = 'applied' OR p.admission <> 'order'
    OR e.waiting_reason IS DISTINCT FROM
        CASE WHEN r.fits THEN 'programme' ELSE 'cohort' END)
RETURNING e.id, e.bucket
"""
