from odoo import models
from odoo.tools import hmac

from odoo.addons.ess_beneficiary.tools.safe_xlsx import write_csv


class EssAuditFile(models.TransientModel):
    """People in an audit file: presences by pseudonym, names for a legal control."""

    _inherit = "ess.audit.file"

    def _get_people(self):
        """Presences of the programmes of the actions, by pseudonym.

        :rtype: bytes
        """
        presences = self._get_presences()
        people = presences.beneficiary_id
        names = self._get_names(people) if self.has_names else {}
        marks = {person.id: self._get_pseudonym(person) for person in people}
        heads = [self.env._("Date"), self.env._("Programme"), self.env._("Session")]
        heads += [self.env._("Person"), self.env._("Minutes")]
        rows = []
        for presence in presences:
            person = presence.beneficiary_id
            row = [
                presence.day,
                presence.programme_id.name,
                presence.session_id.id,
                marks[person.id],
                presence.minutes,
            ]
            rows.append(row + ([names[person.id]] if names else []))
        if names:
            heads.append(self.env._("Name"))
        return write_csv(heads, rows)

    def _get_presences(self):
        """Presences that the grant is about.

        :rtype: ess.presence, as superuser
        """
        # sudo: the funding room may read no person; what leaves is a day, a programme
        # and a pseudonym, or names by the right that `_check_names` asked for.
        grant = self.grant_id.sudo()
        return (
            self.env["ess.presence"]
            .sudo()
            .search(
                [
                    ("programme_id", "in", grant.action_ids.programme_ids.ids),
                    ("company_id", "=", grant.company_id.id),
                    ("beneficiary_id", "!=", False),
                    ("is_present", "=", True),
                    ("day", ">=", self.date_from),
                    ("day", "<=", self.date_to),
                ],
                order="day, session_id, id",
            )
        )

    def _get_pseudonym(self, person):
        """A mark that is the same in all files of the grant, and says nothing else."""
        # sudo: the secret of the database
        secret = self.env(su=True)
        mark = hmac(secret, "ess_funding-audit", (self.grant_id.id, person.id))
        return f"P-{mark[:10].upper()}"

    def _get_names(self, people):
        """Names of people, told to each of them in their ledger.

        Whoever is in danger keeps the pseudonym: a control that needs that name asks
        the association, not a file.

        :param people: ess.beneficiary, as superuser
        :rtype: dict
        """
        named = people.filtered(lambda person: not person.is_protected)
        named.with_user(self.env.user)._record_access("export", self.reason)
        names = dict.fromkeys(people.ids, self.env._("Protected identity"))
        return names | {
            person.id: " ".join(filter(None, [person.first_name, person.last_name]))
            for person in named
        }
