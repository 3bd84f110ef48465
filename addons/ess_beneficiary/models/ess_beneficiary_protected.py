from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import MissingError, UserError
from odoo.fields import Domain
from odoo.tools import SQL

from .ess_beneficiary import FILE_GROUPS

# Written by the actions “Protect” and “End the protection” alone.
PROTECTION_FIELDS = {
    "is_protected",
    "protection_reason",
    "date_protected",
    "protected_by_id",
    "date_protection_review",
}


class EssBeneficiary(models.Model):
    """Protected files: outside its named team, the file does not exist.

    The named team is the follow-up team, chosen person by person when the file is
    protected; whoever is not named loses what they had (follow-up, activities,
    notices). Only the named team ends the protection.
    """

    _inherit = "ess.beneficiary"

    date_protected = fields.Datetime(
        string="Protected since", readonly=True, copy=False, groups=FILE_GROUPS
    )
    protected_by_id = fields.Many2one(
        comodel_name="res.users",
        string="Protected by",
        readonly=True,
        copy=False,
        groups=FILE_GROUPS,
    )
    date_protection_review = fields.Date(
        string="Look at the protection again on",
        readonly=True,
        copy=False,
        groups=FILE_GROUPS,
        help="A reminder for the referent. The protection does not end by itself.",
    )
    is_in_named_team = fields.Boolean(
        compute="_compute_is_in_named_team",
        search="_search_is_in_named_team",
        groups=FILE_GROUPS,
    )

    # === COMPUTE

    @api.depends("team_user_ids")
    @api.depends_context("uid")
    def _compute_is_in_named_team(self):
        for beneficiary in self:
            beneficiary.is_in_named_team = self.env.user in beneficiary.team_user_ids

    @api.model
    def _search_is_in_named_team(self, operator, value):
        """Find the files by one list of ids, which does not depend on the file.

        `team_user_ids` in a rule asks for the team of each file in turn. PostgreSQL
        then thinks that a million files take hours, and compiles the question and
        gives up sharing it among processes: four times as long for a coordinator.
        """
        if operator != "in":
            return NotImplemented
        return Domain(
            "id",
            "in",
            SQL(
                "(SELECT beneficiary_id FROM ess_beneficiary_team_user_rel"
                " WHERE user_id = %s)",
                self.env.uid,
                to_flush=self._fields["team_user_ids"],
            ),
        )

    # === CRUD

    @api.model_create_multi
    def create(self, vals_list):
        """Date the protection of files that are opened protected."""
        for vals in vals_list:
            if vals.get("is_protected"):
                vals.setdefault("date_protected", fields.Datetime.now())
                vals.setdefault("protected_by_id", self.env.uid)
        return super().create(vals_list)

    def write(self, vals):
        """Protect and end the protection by their actions alone; drop outsiders.

        :raises UserError: when a user writes the protection by another way
        """
        if not self.env.su and PROTECTION_FIELDS & vals.keys():
            self.check_access("write")
            raise UserError(
                self.env._(
                    "Use “Protect this file” or “End the protection”: the people who "
                    "will still see the file are chosen there."
                )
            )
        if "is_protected" not in vals:
            return super().write(vals)
        changed = self.filtered(lambda f: f.is_protected != bool(vals["is_protected"]))
        if vals["is_protected"] and changed:
            vals = {
                "date_protected": fields.Datetime.now(),
                "protected_by_id": self.env.uid,
                **vals,
            }
        result = super().write(vals)
        if vals["is_protected"]:
            changed._drop_outsiders()
        return result

    def read(self, fields=None, load="_classic_read"):
        """Answer for a hidden file as for one that never was: nothing."""
        try:
            return super().read(fields, load)
        except MissingError:
            known = self - self._get_hidden()
            if known == self:
                raise
            return super(EssBeneficiary, known).read(fields, load)

    read._readonly = False  # as the override that writes the access log

    # === ACTIONS

    def action_open_protect(self):
        """Open the window in which the named team is chosen.

        :rtype: dict
        """
        self.ensure_one()
        self.check_access("write")
        return self._open_protection_window("ess.beneficiary.protect")

    def action_open_unprotect(self):
        """Open the window in which the team says why the protection ends.

        :rtype: dict
        """
        self.ensure_one()
        self._check_in_named_team()
        return self._open_protection_window("ess.beneficiary.unprotect")

    def _open_protection_window(self, model):
        return {
            "type": "ir.actions.act_window",
            "name": self.env["ir.model"]._get(model).name,
            "res_model": model,
            "view_mode": "form",
            "target": "new",
            "context": {"default_beneficiary_id": self.id},
        }

    # === BUSINESS

    def _check_in_named_team(self):
        """Refuse what only the named team may do.

        :raises AccessError: when the user may not write in the file
        :raises UserError: when the user may, without being named
        """
        self.check_access("write")
        # sudo: the team of a file that the user may write in
        if self.sudo().filtered(lambda f: self.env.user not in f.team_user_ids):
            raise UserError(
                self.env._("Only the people named for this file may do this.")
            )

    def _check_known(self):
        """Answer for files that this user may not know of as for files that never were.

        To be called before the database could say more, by what writes about people
        without being allowed to read their files.

        :raises MissingError: for both
        """
        if self.env.su or not self:
            return
        unknown = self._get_hidden() | (self - self.exists())
        if unknown:
            raise self.env["ir.rule"]._make_missing_error(unknown)

    def _get_hidden(self):
        """Return the protected files of other teams: none for superuser code.

        By SQL, so that nothing of them enters the cache of the user.

        :rtype: recordset of ess.beneficiary
        """
        if self.env.su or not any(self._ids):
            return self.browse()
        self.env["ess.beneficiary"].flush_model(["is_protected", "team_user_ids"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id FROM ess_beneficiary file
                WHERE id = ANY(%(ids)s) AND is_protected AND NOT EXISTS (
                    SELECT FROM ess_beneficiary_team_user_rel team
                    WHERE team.beneficiary_id = file.id AND team.user_id = %(user)s)
                """,
                ids=[id_ for id_ in self._ids if id_],
                user=self.env.uid,
            )
        )
        return self.browse(row[0] for row in rows)

    def _filter_known_to(self, user):
        """Return the files that may be known of, protection only looked at.

        :param user: one res.users
        :rtype: recordset of ess.beneficiary
        """
        return self.filtered(
            lambda file: not file.is_protected or user in file.team_user_ids
        )

    @api.model
    def _get_files_of(self, records):
        """Return the files that records are about, by their links to files.

        By SQL, so that nothing of the records enters the cache of the user.

        :param records: records of any model
        :rtype: recordset of ess.beneficiary
        """
        if records._name == self._name:
            return self.browse(records.ids)
        ids = set()
        for name, field in records._fields.items():
            if (
                field.type == "many2one"
                and field.store
                and field.comodel_name == self._name
            ):
                records.flush_model([name])
                rows = self.env.execute_query(
                    SQL(
                        "SELECT %s FROM %s WHERE id = ANY(%s)",
                        SQL.identifier(name),
                        SQL.identifier(records._table),
                        records.ids,
                    )
                )
                ids.update(row[0] for row in rows if row[0])
        return self.browse(ids)

    def _drop_outsiders(self):
        """Take what the file had given to people who are not in its team.

        Their open activities go to the referent, they follow the file no more, and
        the notices they had received of it disappear.
        """
        # sudo: what others had of the file, dropped without being shown
        files = self.sudo()
        team = {file.id: file.team_user_ids for file in files}
        of_files = [("res_id", "in", files.ids)]
        everything = self.env["mail.activity"].sudo().with_context(active_test=False)
        activities = everything.search([("res_model", "=", self._name), *of_files])
        outside = activities.filtered(lambda act: act.user_id not in team[act.res_id])
        outside.filtered(lambda act: not act.active).unlink()
        for activity in outside.exists():
            file = files.browse(activity.res_id)
            user = file.referent_id or file.team_user_ids[:1]
            if user:
                activity.with_context(mail_activity_quick_update=True).user_id = user
            else:
                activity.unlink()
        followers = self.env["mail.followers"].sudo()
        followers.search([("res_model", "=", self._name), *of_files]).filtered(
            lambda line: line.partner_id not in team[line.res_id].partner_id
        ).unlink()
        notices = self.env["mail.notification"].sudo()
        notices.search(
            [
                ("mail_message_id.model", "=", self._name),
                ("mail_message_id.res_id", "in", files.ids),
            ]
        ).filtered(
            lambda notice: (
                notice.res_partner_id
                not in team[notice.mail_message_id.res_id].partner_id
            )
        ).unlink()
        self._forget_in_imports()

    def _forget_in_imports(self):
        """Rows of lists that matched a file say "new", as if it were not there."""
        rows = self.env["ess.import.row"].sudo()
        matched = rows.search([("match_id", "in", self.ids)]).filtered(
            lambda row: not row.match_id._filter_known_to(row.user_id)
        )
        matched.write(
            {
                "outcome": "new",
                "match_id": False,
                "match_score": False,
                "match_codes": False,
            }
        )
        matched.filtered(lambda row: row.decision == "update").decision = "skip"

    # === REVIEW

    @api.model
    def _cron_protection_reviews(self):
        """Remind the referent once of each protection to look at again."""
        due = self.search(
            [
                ("is_protected", "=", True),
                ("date_protection_review", "<=", fields.Date.today()),
            ]
        )
        for file in due:
            told = file.referent_id or file.team_user_ids[:1]
            if told:
                file.with_context(mail_activity_quick_update=True).activity_schedule(
                    "mail.mail_activity_data_todo",
                    date_deadline=file.date_protection_review,
                    user_id=told.id,
                    summary=self.with_context(lang=told.lang).env._(
                        "Is this file still to be protected?"
                    ),
                )
        due.date_protection_review = False

    @api.model
    def _get_default_review(self):
        """Six months: a rhythm to look again, not a limit of the protection."""
        return fields.Date.today() + relativedelta(months=6)
