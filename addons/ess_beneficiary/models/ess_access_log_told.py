from datetime import timedelta

from markupsafe import Markup

from odoo import models
from odoo.tools import format_datetime


class EssAccessLog(models.Model):
    """The lines told in words: to the person, and to colleagues in the file."""

    _inherit = "ess.access.log"

    def _group_by_hour(self):
        """Group readings of the same user, file and kind that are an hour apart.

        :return: groups in the order of `self`
        :rtype: list of recordset of ess.access.log
        """
        groups, last = [], {}
        for line in self:
            key = (line.user_id, line.beneficiary_id, line.kind, line.reason_id)
            index = last.get(key)
            if index is not None and abs(
                groups[index][-1:].date - line.date
            ) <= timedelta(hours=1):
                groups[index] |= line
            else:
                last[key] = len(groups)
                groups.append(line)
        return groups

    def _describe_for_person(self):
        """Tell a group of readings in words; called as superuser.

        :rtype: dict
        """
        line = self[0]
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        roles = dict(self._fields["role"]._description_selection(self.env))
        named = line.role == "team" or self.env["ess.access.contest"].search_count(
            [("log_id", "in", self.ids), ("is_name_given", "=", True)], limit=1
        )
        return {
            "date": line.date,
            "kind": line.kind,
            "kind_label": kinds[line.kind],
            "role": line.role,
            "role_label": roles[line.role],
            "service": line.company_id.name,
            "reason": line._get_reason_words(),
            "name": line.user_id.name if named else None,
            "count": len(self),
            "line_ids": self.ids,
        }

    def _get_reason_words(self):
        """Return why the file was read, as the person may read it.

        The words of a user stay inside: they may speak of other people.

        :rtype: str
        """
        self.ensure_one()
        return {
            "team": self.env._("Your follow-up"),
            "emergency": self.env._("An emergency, with a reason given"),
            "worker": self.env._("A programme that you are in"),
            "coordination": self.env._("Organisation of the service"),
            "dpo": self.env._("Protection of your rights"),
            "reception": self.env._("Welcome at reception"),
        }.get(self.role, self.env._("Use of the tool"))

    def _render_for_colleagues(self):
        """Return the lines as a short table for the file: readings by the hour.

        :rtype: Markup
        """
        if not self:
            return Markup('<p class="text-muted mb-0">%s</p>') % self.env._(
                "Nobody has read this file yet."
            )
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        roles = dict(self._fields["role"]._description_selection(self.env))
        rows = Markup("").join(
            Markup("<tr><td>%s</td><td>%s</td><td>%s</td><td>%s</td></tr>")
            % (
                format_datetime(self.env, group[0].date, dt_format="short"),
                # sudo: the name of a colleague
                group[0].sudo().user_id.name,
                roles[group[0].role],
                kinds[group[0].kind] + (f" × {len(group)}" if len(group) > 1 else ""),
            )
            for group in self._group_by_hour()[:40]
        )
        return Markup(
            '<table class="table table-sm mb-0"><thead><tr><th>%s</th><th>%s</th>'
            "<th>%s</th><th>%s</th></tr></thead><tbody>%s</tbody></table>"
        ) % (
            self.env._("When"),
            self.env._("Who"),
            self.env._("As"),
            self.env._("What"),
            rows,
        )
