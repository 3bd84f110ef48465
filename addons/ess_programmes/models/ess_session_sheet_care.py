from odoo import fields, models
from odoo.tools import SQL

#: the last answers of each absent person of a session, in its programme; excuses and
#: sessions cancelled by us neither count nor break a row of absences
ABSENT_IN_A_ROW = """
SELECT past.beneficiary_id
FROM ess_presence now_absent
JOIN ess_programme programme ON programme.id = now_absent.programme_id
CROSS JOIN LATERAL (
    SELECT line.beneficiary_id, line.state FROM ess_presence line
    WHERE line.beneficiary_id = now_absent.beneficiary_id
    AND line.programme_id = now_absent.programme_id
    AND line.state IN ('present', 'late', 'left_early', 'absent')
    AND line.day <= now_absent.day
    ORDER BY line.day DESC, line.id DESC
    LIMIT programme.care_absences
) past
WHERE now_absent.session_id IN %(sessions)s AND now_absent.state = 'absent'
AND programme.care_absences > 0
GROUP BY past.beneficiary_id, now_absent.programme_id, programme.care_absences
HAVING count(*) = programme.care_absences AND bool_and(past.state = 'absent')
"""


class EssSession(models.Model):
    """Several absences in a row ask for a call: to hear how the person is."""

    _inherit = "ess.session"

    def action_close(self):
        """Close the sheets, then ask for care calls."""
        result = super().action_close()
        self._ask_for_care()
        return result

    def _ask_for_care(self):
        """Put a care call on the files of people absent several times in a row.

        One open call per person is enough. It goes to the referent, or else to someone
        of the session or of the programme who may read the file; the words say neither
        the programme nor the session.
        """
        if not self:
            return
        kind = self.env.ref("ess_programmes.mail_activity_type_care")
        model_id = self.env["ir.model"]._get_id("ess.beneficiary")
        calls = [
            {
                "res_model_id": model_id,
                "res_id": person.id,
                "activity_type_id": kind.id,
                "summary": self.env._("Absent several times: call to ask how"),
                "user_id": user.id,
                "date_deadline": fields.Date.context_today(self),
            }
            for person in self._get_people_to_call(kind)
            if (user := self._get_care_user(person))
        ]
        # sudo: see `_get_people_to_call`; whoever gets it may read the file
        self.env["mail.activity"].sudo().with_context(
            mail_activity_quick_update=True
        ).create(calls)

    def _get_people_to_call(self, kind):
        """Return those absent several times in a row whom nobody was asked to call.

        :param kind: the mail.activity.type of care calls
        :return: ess.beneficiary, as superuser
        """
        self.env["ess.presence"].flush_model()
        self.env["ess.programme"].flush_model(["care_absences"])
        rows = self.env.execute_query(SQL(ABSENT_IN_A_ROW, sessions=tuple(self.ids)))
        # sudo: a protected file's team is told as well, whoever closes the sheet; the
        # activity is seen by those who may read the file alone
        people = self.env["ess.beneficiary"].sudo().browse({row[0] for row in rows})
        open_calls = (
            self.env["mail.activity"]
            .sudo()
            .search(
                [
                    ("res_model", "=", "ess.beneficiary"),
                    ("res_id", "in", people.ids),
                    ("activity_type_id", "=", kind.id),
                ]
            )
        )
        asked = set(open_calls.mapped("res_id"))
        return people.filtered(lambda file: file.active and file.id not in asked)

    def _get_care_user(self, person):
        """Return who is asked to call: the first who may read the file.

        :param person: one ess.beneficiary, as superuser
        :rtype: res.users
        """
        candidates = person.referent_id | person.team_user_ids
        candidates |= self.user_id | self.programme_id.manager_id
        for user in candidates.filtered("active"):
            if person.sudo(False)._is_readable_by(user):
                return user
        return candidates.browse()
