from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ..tools.batches import chunks

# Pairs merged by one series of statements: a bounded memory, whatever the number.
MERGE_BATCH = 1_000


class EssMerge(models.Model):
    """Two files found to be one person, made one.

    Made by the person who decides about duplicates, from the screen that shows both
    files side by side. Everything that hung on the merged file hangs on the kept one
    from then on; the merged file stays, archived, and leads to the kept one. What
    the merge changed, row by row, is kept until it is undone: undoing restores both.
    """

    _name = "ess.merge"
    _description = "Merge of two files"
    _inherit = "ess.beneficiary.fact"
    _order = "id desc"
    _rec_name = "merged_ref"

    beneficiary_id = fields.Many2one(string="Kept file", readonly=True)
    merged_id = fields.Many2one(
        comodel_name="ess.beneficiary",
        string="Merged file",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    # stored: what everybody may search for, whoever reads the files
    merged_ref = fields.Char(string="Former file no.", readonly=True, index="trigram")
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Merged by",
        required=True,
        readonly=True,
        ondelete="restrict",
        default=lambda self: self.env.user,
    )
    date = fields.Datetime(
        string="Merged on", required=True, readonly=True, default=fields.Datetime.now
    )
    state = fields.Selection(
        selection=[("done", "Merged"), ("undone", "Undone")],
        required=True,
        readonly=True,
        default="done",
    )
    choices = fields.Json(
        readonly=True, help="For each value that differed, whose was kept."
    )
    row_count = fields.Integer(
        string="Facts moved", readonly=True, help="Everything that changed file."
    )
    summary = fields.Text(string="What was done", readonly=True)
    undone_by_id = fields.Many2one(
        comodel_name="res.users",
        string="Undone by",
        readonly=True,
        ondelete="restrict",
    )
    date_undone = fields.Datetime(string="Undone on", readonly=True)

    _two_files = models.Constraint(
        "CHECK (beneficiary_id <> merged_id)", "Choose two different files."
    )
    _merged_uniq = models.UniqueIndex(
        "(merged_id) WHERE state = 'done'", "This file is merged already."
    )

    # === ACTIONS

    def action_undo(self):
        """Take the merges back: both files become again what they were.

        :raises UserError: saying what happened since that cannot be separated
        """
        notes = [merge._undo() for merge in self.sorted("id", reverse=True)]
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "sticky": any(notes),
                "message": "\n".join(
                    [self.env._("The merge is undone: both files are back."), *notes]
                ).strip(),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def action_open_kept(self):
        """Open the kept file."""
        self.ensure_one()
        return self.beneficiary_id.action_open_file()

    def action_open_merged(self):
        """Open the merged file, as it is archived."""
        self.ensure_one()
        return self.merged_id.action_open_file()

    # === BUSINESS

    @api.model
    def _merge_files(self, pairs):
        """Merge files two by two, all by the same number of statements.

        The caller's rights are checked first, on each pair. A file that is in several
        pairs is merged in several turns, oldest pair first.

        :param list pairs: ``(kept file, merged file, choices)``: two records of
            ess.beneficiary and a dict ``{field: "kept" or "merged"}``; a field without
            a choice keeps the value of the kept file, or takes that of the merged one
            when the kept one has none
        :return: one ess.merge for each pair
        :raises UserError: when a pair cannot be merged, with the reason
        """
        merges = self.browse()
        waiting = list(pairs)
        while waiting:
            turn, waiting = self._take_turn(waiting)
            for part in chunks(turn, MERGE_BATCH):
                merges |= self._merge_part(part)
        return merges

    @api.model
    def _take_turn(self, pairs):
        """Split pairs in those that share no file and those for the next turn.

        A pair that waits follows its files: merged away meanwhile, they lead on.
        """
        turn, waiting, seen, leads = [], [], set(), {}
        for kept, merged, choices in pairs:
            if kept.id in seen or merged.id in seen:
                waiting.append((kept, merged, choices))
                continue
            seen |= {kept.id, merged.id}
            leads[merged.id] = kept
            turn.append((kept, merged, choices))
        followed = [
            (leads.get(kept.id, kept), leads.get(merged.id, merged), choices)
            for kept, merged, choices in waiting
        ]
        return turn, [pair for pair in followed if pair[0] != pair[1]]

    @api.model
    def _merge_part(self, pairs):
        """Merge pairs that share no file, in one series of statements."""
        self._check_may_merge(pairs)
        # sudo: whoever decided may not read all that moves; rows move with their file,
        # and nothing of them is shown. Rights on both files were checked just above.
        merges = (
            self.sudo()
            .with_context(active_test=False, tracking_disable=True)
            .create(
                [
                    {
                        "beneficiary_id": kept.id,
                        "merged_id": merged.id,
                        "merged_ref": merged.sudo().ref,
                        "choices": choices or {},
                        "user_id": self.env.uid,
                    }
                    for kept, merged, choices in pairs
                ]
            )
        )
        merges._apply()
        return merges.with_env(self.env)

    @api.model
    def _check_may_merge(self, pairs):
        """Refuse pairs that the user may not merge, or that nobody should.

        :raises AccessError: when the user may not read both files, or merge at all
        :raises UserError: when the two files cannot become one
        """
        if not (
            self.env.su
            or self.env.user.has_group("ess_beneficiary.group_beneficiary_import")
        ):
            raise AccessError(
                self.env._("Only people in charge of duplicates can merge files.")
            )
        files = self.env["ess.beneficiary"].browse(
            {file.id for kept, merged, _choices in pairs for file in (kept, merged)}
        )
        files.check_access("read")
        for kept, merged, _choices in pairs:
            # sudo: read above; fields for officers only are compared, not shown
            reason = self._refusal(kept.sudo(), merged.sudo())
            if reason:
                raise UserError(reason)

    @api.model
    def _refusal(self, kept, merged):
        """Say why two files cannot be merged. Override to add reasons.

        :param kept: the file to keep, as superuser
        :param merged: the file to merge into it, as superuser
        :return: the reason in words, nothing when they can
        :rtype: str or None
        """
        if kept == merged:
            return self.env._("Choose two different files.")
        if kept.company_id != merged.company_id:
            return self.env._(
                "These files belong to two associations: they cannot become one."
            )
        for file in (kept, merged):
            if file.merged_into_id:
                return self.env._(
                    "File %(ref)s is merged with %(kept)s already.",
                    ref=file.ref,
                    kept=file.merged_into_id.ref,
                )
        return self._protection_refusal(kept, merged)

    @api.model
    def _protection_refusal(self, kept, merged):
        """Refuse to show a protected file to people outside its team."""
        for file, other in ((kept, merged), (merged, kept)):
            outside = other.team_user_ids - file.team_user_ids
            if file.is_protected and outside:
                return self.env._(
                    "File %(ref)s is protected. Once merged, people outside its team "
                    "who follow %(other)s would read it: %(names)s. End their "
                    "follow-up or add them to its team first.",
                    ref=file.ref,
                    other=other.ref,
                    names=", ".join(outside.mapped("name")),
                )
        return None

    def _apply(self):
        """Move everything, keep account of each change.

        Order matters: what both files have and one may not hold twice is settled
        before rows move, and the account is taken last.
        """
        self.env.flush_all()
        tables = self._get_link_tables()
        self._make_sides()
        self._take_snapshots(tables)
        self._settle()
        self.env.flush_all()
        self._move_rows(tables)
        self._merge_values()
        self.env.invalidate_all()
        self._recompute_files()
        self._write_account(tables)
        self._write_summaries()
        self.env.cr.execute(
            "DROP TABLE ess_merge_side, ess_merge_before, ess_merge_stay"
        )
        self.env.invalidate_all()

    def _make_sides(self):
        """Write both files of each merge in a table of this transaction."""
        self.env.cr.execute(
            SQL(
                """
                DROP TABLE IF EXISTS ess_merge_side, ess_merge_before, ess_merge_stay;
                CREATE TEMPORARY TABLE ess_merge_stay (table_name text, row_id integer);
                CREATE TEMPORARY TABLE ess_merge_before (merge_id integer,
                    table_name text, row_key text, content jsonb,
                    PRIMARY KEY (table_name, row_key));
                CREATE TEMPORARY TABLE ess_merge_side AS
                SELECT merge.id AS merge_id, side.file_id, side.is_kept,
                    merge.beneficiary_id AS kept_id, merge.choices
                FROM ess_merge merge CROSS JOIN LATERAL (VALUES
                    (merge.beneficiary_id, TRUE), (merge.merged_id, FALSE))
                    AS side (file_id, is_kept)
                WHERE merge.id = ANY(%s);
                CREATE UNIQUE INDEX ON ess_merge_side (file_id);
                ANALYZE ess_merge_side
                """,
                self.ids,
            )
        )

    def _recompute_files(self):
        """Compute again what is stored in both files and follows from their facts."""
        files = (self.beneficiary_id | self.merged_id).with_context(active_test=False)
        computed = [
            field
            for field in files._fields.values()
            if field.store and field.compute and field.readonly and not field.related
        ]
        # read at once: writing a many2many reads its former value, file by file
        files.fetch([field.name for field in computed])
        for field in computed:
            self.env.add_to_compute(field, files)
        self.env.flush_all()
