from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .ess_beneficiary_protected import PROTECTION_FIELDS


class EssBeneficiary(models.Model):
    """What a file knows of those that were merged with it."""

    _inherit = "ess.beneficiary"
    _rec_names_search = [
        *("ref", "last_name", "first_name", "birth_name", "pseudonym"),
        "former_refs",
    ]

    merged_into_id = fields.Many2one(
        comodel_name="ess.beneficiary",
        string="Merged with",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="The file that holds everything of this person now.",
    )
    # stored for the search by a former number
    former_refs = fields.Char(
        string="Former file numbers",
        readonly=True,
        copy=False,
        help="Numbers of the files merged with this one: they still find it.",
    )

    # Few files have any; a plain one would hold an entry for each file without.
    _former_refs_idx = models.Index(
        "USING gin (former_refs gin_trgm_ops) WHERE former_refs IS NOT NULL"
    )

    @api.depends(
        "merged_into_id.followup_ids.user_id",
        "merged_into_id.followup_ids.date_from",
        "merged_into_id.followup_ids.date_to",
    )
    def _compute_team(self):
        """Show a merged file to those who follow the one it is merged with."""
        super()._compute_team()
        today = fields.Date.today()
        for beneficiary in self.filtered("merged_into_id"):
            # sudo: who follows the kept file decides who reads the merged one
            followups = beneficiary.merged_into_id.sudo().followup_ids
            beneficiary.team_user_ids = followups.filtered(
                lambda followup: followup.user_id and followup._is_active_on(today)
            ).user_id

    @api.model
    def _cron_refresh_teams(self):
        """Close merged files too, on the day when a follow-up ends."""
        super()._cron_refresh_teams()
        merged = self.with_context(active_test=False).search(
            [("merged_into_id", "!=", False)]
        )
        self.env.add_to_compute(self._fields["team_user_ids"], merged)

    def _get_my_files_queries(self, to_fill=False):
        """Read the files merged with one's own, without filling them in."""
        queries = super()._get_my_files_queries(to_fill)
        if to_fill:
            return queries
        self.flush_model(["merged_into_id"])
        # Own files are looked up once, then those merged with them: a list of ids for
        # each of both, asked apart, costs twice as much.
        return [
            SQL(
                "(WITH mine AS MATERIALIZED (%s) SELECT beneficiary_id FROM mine"
                " UNION ALL SELECT id FROM ess_beneficiary"
                " WHERE merged_into_id IS NOT NULL"
                " AND merged_into_id IN (SELECT beneficiary_id FROM mine))",
                SQL(" UNION ALL ").join(queries),
            )
        ]

    def _follow_merges(self):
        """Return the files that these lead to: the kept ones of merged ones.

        :rtype: recordset of ess.beneficiary
        """
        files = self
        # as many turns as merges after merges: one, most of the time
        while merged := files.filtered("merged_into_id"):
            files = (files - merged) | merged.merged_into_id
        return files

    def _with_merged(self):
        """Return these files and those merged with them, by however many merges.

        For what a merge leaves where it was, as the lines of the access log, which no
        one may change. Read as superuser: a merged file is its kept file's.

        :rtype: recordset of ess.beneficiary
        """
        self.env["ess.beneficiary"].flush_model(["merged_into_id"])
        rows = self.env.execute_query(
            SQL(
                """
                WITH RECURSIVE united AS (
                    SELECT id FROM ess_beneficiary WHERE id = ANY(%s)
                    UNION
                    SELECT file.id FROM ess_beneficiary file
                    JOIN united ON file.merged_into_id = united.id
                )
                SELECT id FROM united
                """,
                [id_ for id_ in self._origin._ids if id_],
            )
        )
        return self.browse(row[0] for row in rows)

    # === CRUD

    def write(self, vals):
        """Protect the files merged with these along with them, and end it with them.

        They bear the same names, and would go on being found by everybody.
        """
        result = super().write(vals)
        if "is_protected" in vals:
            # sudo: files of the same person, whoever may read them
            merged = self.sudo()._with_merged() - self.sudo()
            if merged:
                merged.write(
                    {name: vals[name] for name in vals if name in PROTECTION_FIELDS}
                )
        return result

    # === ACTIONS

    def action_merge(self):
        """Compare two files side by side, then merge them.

        :return: action that opens the comparison
        :rtype: dict
        """
        if len(self) != 2:
            raise UserError(
                self.env._("Select exactly two files: they are shown side by side.")
            )
        return self.env["ess.beneficiary.merge"]._open(*self.sorted("id"))

    def action_open_merges(self):
        """List the merges of this file."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "ess_beneficiary.ess_merge_action"
        )
        return dict(
            action,
            domain=[
                "|",
                ("beneficiary_id", "=", self.id),
                ("merged_id", "=", self.id),
            ],
            context={},
        )
