from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.ess_beneficiary.tools.allocation import own_cursor_call

WAITING = "ess_programmes.allocate"


class EssProgramme(models.Model):
    """How people get a place in the programme, and what is kept of their situation."""

    _inherit = "ess.programme"

    admission = fields.Selection(
        [
            ("team", "The team decides on each request"),
            ("order", "In order of arrival"),
        ],
        required=True,
        default="team",
        help="In order of arrival, each request gets a place at once when there is "
        "one, or else waits; a place that is freed goes to the first of the waiting "
        "list.",
    )
    # Not for people: two simultaneous entries both write it, so that one of them sees
    # the other (a count alone oversells).
    places_tick = fields.Integer(default=0, copy=False, readonly=True)
    free_count = fields.Integer(string="Free places", compute="_compute_free_count")
    has_snapshots = fields.Boolean(
        string="Keep situations at entry, exit and six months after",
        compute="_compute_has_snapshots",
        store=True,
        readonly=False,
        precompute=True,
        help="A copy of the person's situations on these three days, which later "
        "changes do not alter. ESF+ and several funders ask for it.",
    )

    # === COMPUTE
    @api.depends("capacity", "enrolment_ids.bucket")
    def _compute_free_count(self):
        # sudo: only a number of places, which must count everyone.
        groups = (
            self.env["ess.enrolment"]
            .sudo()
            ._read_group(
                [
                    ("programme_id", "in", self.ids),
                    ("bucket", "in", ("enrolled", "paused")),
                ],
                ["programme_id"],
                ["__count"],
            )
        )
        taken = {programme.id: count for programme, count in groups}
        for programme in self:
            programme.free_count = max(
                programme.capacity - taken.get(programme._origin.id, 0), 0
            )

    @api.depends("kind", "is_unconditional")
    def _compute_has_snapshots(self):
        for programme in self:
            programme.has_snapshots = (
                programme.kind
                in ("support", "course", "mentoring", "insertion", "accommodation")
                and not programme.is_unconditional
            )

    # === CRUD
    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & {"capacity", "admission", "date_to"}:
            self._give_places_left()
        return result

    # === BUSINESS
    def _lock_places(self):
        """Hold the counters of these programmes until the end of the transaction, and
        write them.

        Two statements: locking and writing in one deadlocks in READ COMMITTED.
        """
        self._hold_places()
        self.env.cr.execute(
            SQL(
                "UPDATE ess_programme SET places_tick = COALESCE(places_tick, 0) + 1 "
                "WHERE id IN %s",
                tuple(self.ids),
            )
        )

    def _hold_places(self):
        """Wait for the turn of this transaction to give places."""
        self.env.cr.execute(
            SQL(
                "SELECT FROM ess_programme WHERE id IN %s ORDER BY id "
                "FOR NO KEY UPDATE",
                tuple(self.ids),
            )
        )

    def _give_places_left(self):
        """Give the places that have just been freed or added, where they go in order
        of arrival.
        """
        self.filtered(
            lambda programme: programme.admission == "order"
        )._allocate_after_commit()

    def _allocate_after_commit(self, requests=None):
        """Allocate the places of these programmes once, after the commit.

        :param requests: the ess.enrolment that call for it: nothing to do when the
            allocation of another request has settled them; None when places were
            freed.
        """
        if not self:
            return
        # {programme id: ids of requests, or None}
        waiting = self.env.cr.postcommit.data.setdefault(WAITING, {})
        is_planned = bool(waiting)
        for programme in self:
            known = waiting.get(programme.id, ())
            waiting[programme.id] = (
                None if requests is None or known is None else {*known, *requests.ids}
            )
        if is_planned:
            return

        def allocate(env):
            # sudo: the whole list is put in order, also requests of people whom this
            # user may not see; nothing of them is returned.
            asked, stays = dict(waiting), env["ess.enrolment"].sudo()
            waiting.clear()
            settled = None
            if None not in asked.values():
                settled = stays.browse(set().union(*asked.values()))
            stays._allocate(env["ess.programme"].browse(sorted(asked)), settled)

        own_cursor_call(self.env, allocate)
