from odoo import fields, models


class EssBeneficiary(models.Model):
    """Who read the file, in words, for the person: on paper and on the portal."""

    _inherit = "ess.beneficiary"

    def _get_readable_file(self):
        """Tell the person who read the file, and leave a line for this copy of it."""
        data = super()._get_readable_file()
        self._record_access("export")
        data["who_read_this_file"] = [
            {
                "date": fields.Datetime.to_string(line["date"]),
                "what": {"code": line["kind"], "label": line["kind_label"]},
                "as": {"code": line["role"], "label": line["role_label"]},
                "service": line["service"],
                "reason": line["reason"],
                "name": line["name"],
                "times": line["count"],
            }
            for line in self._get_access_lines_for_person()
        ]
        return data

    def _get_access_lines_for_person(self, limit=200):
        """Tell the person who read the file, in words: for the portal and for paper.

        The name is given for people who were in the team of the person, for others
        only when the data-protection officer decided so on a contested line (CJEU,
        22 June 2023, C-579/21, Pankki S: the identity of employees is owed only when
        the person needs it to use their rights, weighed against those of the
        employee). Readings of the same user within an hour are one.

        :param int limit: newest lines to start from
        :return: ``{date: datetime, kind, kind_label, role, role_label, service,
            reason, name (or None), count, line_ids}``, newest first
        :rtype: list of dict
        """
        self.ensure_one()
        # sudo: the ledger is hidden from the person and from colleagues; what leaves
        # here is words, and the file is the caller's to read.
        lines = (
            self.env["ess.access.log"]
            .sudo()
            # files merged with this one were this person's: their lines stay theirs
            .search(
                [
                    ("beneficiary_id", "in", self._with_merged().ids),
                    *self._get_untold_lines_domain(),
                ],
                limit=limit,
            )
        )
        return [group._describe_for_person() for group in lines._group_by_hour()]

    def _get_untold_lines_domain(self):
        """Say which lines the person reads. Override where a law keeps one back.

        :return: domain on ess.access.log
        :rtype: list
        """
        return []
