from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .ess_beneficiary import FILE_GROUPS


class EssBeneficiary(models.Model):
    """The people around the person, and the rights that this gives them."""

    _inherit = "ess.beneficiary"

    followup_ids = fields.One2many(
        comodel_name="ess.followup",
        inverse_name="beneficiary_id",
        string="People around",
        groups=FILE_GROUPS,
    )
    # stored for record rules
    team_user_ids = fields.Many2many(
        comodel_name="res.users",
        relation="ess_beneficiary_team_user_rel",
        column1="beneficiary_id",
        column2="user_id",
        string="Follow-up team",
        compute="_compute_team",
        store=True,
        help="Users with a follow-up in force today: they can read the file.",
    )
    # stored for search and group by
    referent_id = fields.Many2one(
        comodel_name="res.users",
        compute="_compute_team",
        store=True,
        index="btree_not_null",
        groups=FILE_GROUPS,
        help="The professional who answers for the follow-up.",
    )

    # The two below are what record rules ask: computed by date, at each question, so
    # that access ends with the day or the hour whether a job ran or not.
    is_mine = fields.Boolean(
        string="My people",
        compute="_compute_is_mine",
        search="_search_is_mine",
        help="Files that you may read because of who you are to the person, not "
        "because you coordinate.",
    )
    is_mine_to_fill = fields.Boolean(
        string="My people, to fill in",
        compute="_compute_is_mine_to_fill",
        search="_search_is_mine_to_fill",
    )

    @api.depends(
        "followup_ids.user_id",
        "followup_ids.date_from",
        "followup_ids.date_to",
        "emergency_ids.user_id",
        "emergency_ids.date_to",
        "team_user_ids",
    )
    @api.depends_context("uid")
    def _compute_is_mine(self):
        mine = self._filter_by_queries(self._get_my_files_queries())
        for beneficiary in self:
            beneficiary.is_mine = beneficiary._origin.id in mine

    @api.depends(
        "followup_ids.user_id",
        "followup_ids.date_from",
        "followup_ids.date_to",
        "team_user_ids",
    )
    @api.depends_context("uid")
    def _compute_is_mine_to_fill(self):
        mine = self._filter_by_queries(self._get_my_files_queries(to_fill=True))
        for beneficiary in self:
            beneficiary.is_mine_to_fill = beneficiary._origin.id in mine

    @api.model
    def _search_is_mine(self, operator, value):
        if operator != "in":
            return NotImplemented
        return self._get_queries_domain(self._get_my_files_queries())

    @api.model
    def _search_is_mine_to_fill(self, operator, value):
        if operator != "in":
            return NotImplemented
        return self._get_queries_domain(self._get_my_files_queries(to_fill=True))

    @api.model
    def _get_my_files_queries(self, to_fill=False):
        """Select the files that the user reads for being close to the person.

        One list of ids joined by UNION ALL, not rules joined by OR: PostgreSQL then
        goes from the few ids to the files instead of looking at every file. Override
        to add a room's own team.

        :param bool to_fill: whether to read and fill in, not only to read
        :return: statements that select ids of files
        :rtype: list of SQL
        """
        self.env["ess.followup"].flush_model(
            ["beneficiary_id", "user_id", "date_from", "date_to"]
        )
        # The clock of the database, read when the question is asked: these words may
        # sit in the cache of a rule for days.
        queries = [
            SQL(
                "SELECT beneficiary_id FROM ess_followup WHERE user_id = %s"
                " AND date_from <= (now() AT TIME ZONE 'UTC')::date"
                " AND (date_to IS NULL"
                " OR date_to >= (now() AT TIME ZONE 'UTC')::date)",
                self.env.uid,
            )
        ]
        if not to_fill:
            queries.append(self.env["ess.emergency.access"]._get_files_query())
        return queries

    @api.model
    def _get_queries_domain(self, queries):
        """Return the files of any of these statements.

        :param list queries: statements that select ids of files
        :rtype: Domain
        """
        return Domain("id", "in", SQL("(%s)", SQL(" UNION ALL ").join(queries)))

    def _filter_by_queries(self, queries):
        """Return the ids of those of these files that the statements select.

        :rtype: set of int
        """
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM unnest(%s::int[]) AS id WHERE id IN (%s)",
                self._origin.ids,
                SQL(" UNION ALL ").join(queries),
            )
        )
        return {row[0] for row in rows}

    @api.depends(
        "followup_ids.user_id",
        "followup_ids.is_referent",
        "followup_ids.date_from",
        "followup_ids.date_to",
    )
    def _compute_team(self):
        """Read all follow-ups of the batch at once; the last referent wins."""
        today = fields.Date.today()
        for beneficiary in self:
            followups = beneficiary.followup_ids.filtered(
                lambda followup: followup.user_id and followup._is_active_on(today)
            )
            # whoever stays comes before whoever leaves, then the last one named
            referents = followups.filtered("is_referent").sorted(
                lambda followup: (not followup.date_to, followup.date_from)
            )
            beneficiary.team_user_ids = followups.user_id
            beneficiary.referent_id = referents[-1:].user_id

    @api.model
    def _cron_refresh_teams(self):
        """Open and close access for the follow-ups that start or end.

        Looks at the follow-ups whose team differs from the stored one: those that
        ended before today or start today or earlier, whatever day the job missed.
        """
        self.env["ess.followup"]._end_for_lost_users()
        today = fields.Date.today()
        starting = self.env["ess.followup"].search(
            [("date_from", "=", today), ("user_id", "!=", False)]
        )
        ended = self.env["ess.followup"].search(
            [("date_to", "<", today), ("user_id", "!=", False)]
        )
        late = ended.filtered(
            lambda followup: followup.user_id in followup.beneficiary_id.team_user_ids
        )
        beneficiaries = (starting | late).beneficiary_id
        for name in ("team_user_ids", "referent_id"):
            self.env.add_to_compute(self._fields[name], beneficiaries)

    def _start_followups(self, facts_list):
        """Give new files their team: the one they bring, or their creator.

        A worker who opens a file becomes its referent, so that they can read it
        back. Nothing happens for reception and with ``no_followup`` in context
        (imports).

        :param list facts_list: values to write later, one dict per file;
            ``followup_ids`` is taken out
        """
        # sudo: the user is not in the team yet, and fills in the team of the files
        # that he or she has just created, of no other.
        files = self.sudo()
        user = self.env.user
        starts = (
            not self.env.context.get("no_followup")
            and not user._is_superuser()
            and user.has_group("ess_beneficiary.group_beneficiary_officer")
        )
        creators = []
        for beneficiary, facts in zip(files, facts_list, strict=False):
            followups = facts.pop("followup_ids", None)
            if followups:
                beneficiary.followup_ids = followups
            elif starts:
                creators.append(
                    {
                        "beneficiary_id": beneficiary.id,
                        "user_id": user.id,
                        "role": "referent",
                        "is_referent": True,
                    }
                )
        self.env["ess.followup"].sudo().create(creators)
