from odoo import api, models
from odoo.tools import SQL

# Searches for protected persons wait here for the job that tells the referent. A table
# and no model: nobody reads or counts it, whatever their rights.
NOTICE_TABLE = "ess_protected_notice"
# Searches told once are kept as long, so that one person searched all day long by
# the same user is one activity.
NOTICE_DAYS = 30


class EssBeneficiary(models.Model):
    """Someone outside the team searched for a protected person: the referent is told.

    The searcher is answered that there is no such file, in the same words and the same
    time; a job tells the referent a few minutes later.
    """

    _inherit = "ess.beneficiary"

    def init(self):
        """Create the table of the searches to tell."""
        super().init()
        self.env.cr.execute(
            SQL(
                """
                CREATE TABLE IF NOT EXISTS %(table)s (
                    beneficiary_id integer NOT NULL
                        REFERENCES ess_beneficiary ON DELETE CASCADE,
                    user_id integer NOT NULL,
                    day date NOT NULL DEFAULT current_date,
                    words text,
                    is_told boolean NOT NULL DEFAULT false,
                    PRIMARY KEY (beneficiary_id, user_id, day)
                )
                """,
                table=SQL.identifier(NOTICE_TABLE),
            )
        )

    # === BUSINESS

    def _on_protected_match(self, files=None, words=None):
        """Note that a search by this user met protected files, to tell the referents.

        Called by each search, found or not: one statement writes what there is to
        tell, none or several, so that neither the answer nor its time says anything.

        :param files: recordset of ess.beneficiary that the search met and did not
            show; those that are not protected are left out here
        :param str words: what was typed
        """
        files = self if files is None else files
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO %(table)s (beneficiary_id, user_id, words)
                SELECT file.id, %(user)s, %(words)s
                FROM ess_beneficiary file
                WHERE file.id = ANY(%(ids)s) AND file.is_protected
                    AND NOT EXISTS (
                        SELECT FROM ess_beneficiary_team_user_rel team
                        WHERE team.beneficiary_id = file.id
                            AND team.user_id = %(user)s)
                ON CONFLICT DO NOTHING
                """,
                table=SQL.identifier(NOTICE_TABLE),
                user=self.env.uid,
                words=(words or "")[:200],
                ids=list(files._ids),
            )
        )

    @api.model
    def _cron_tell_protected_searches(self):
        """Tell each referent who searched for the person, by an activity."""
        rows = self.env.execute_query(
            SQL(
                """
                UPDATE %(table)s SET is_told = true WHERE NOT is_told
                RETURNING beneficiary_id, user_id, day, words
                """,
                table=SQL.identifier(NOTICE_TABLE),
            )
        )
        self.env.execute_query(
            SQL(
                "DELETE FROM %s WHERE is_told AND day < current_date - %s RETURNING 1",
                SQL.identifier(NOTICE_TABLE),
                NOTICE_DAYS,
            )
        )
        for file_id, user_id, day, words in rows:
            self.browse(file_id)._tell_search(
                self.env["res.users"].browse(user_id), day, words
            )

    def _tell_search(self, user, day, words):
        """Give the referent an activity: who searched, when and with which words."""
        told = self.referent_id or self.team_user_ids[:1]
        if not told or not self.is_protected:
            return
        # inside the tool only: a mail would carry the name of the person
        self.with_context(mail_activity_quick_update=True).activity_schedule(
            "mail.mail_activity_data_todo",
            date_deadline=day,
            user_id=told.id,
            summary=self.with_context(lang=told.lang).env._(
                "Someone searched for this person"
            ),
            note=self.with_context(lang=told.lang).env._(
                "%(user)s typed “%(words)s” and was answered that there is no such "
                "file. Is the person still safe? Talk about it with your coordination.",
                user=user.name,
                words=words or "…",
            ),
        )
