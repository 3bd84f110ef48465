from odoo import api, models
from odoo.exceptions import MissingError
from odoo.fields import Domain


class IrRule(models.Model):
    """What concerns a file that the user may not know of does not exist, in rules and
    in the words of errors.
    """

    _inherit = "ir.rule"

    @api.model
    def _compute_domain(self, model_name, mode="read"):
        """Add the rules of the other files that a record links.

        A relation between two persons, or a holder of parental authority, is there
        for those who may read both files. A household is there through the members
        of today whose file the user may read; while it is empty, for its maker.
        """
        domain = super()._compute_domain(model_name, mode)
        model = self.env[model_name]
        links = getattr(model, "_linked_file_fields", ())
        if self.env.su or not (links or model_name == "ess.household"):
            return domain
        for name in links:
            readable = self._compute_domain("ess.beneficiary", "read")
            domain &= Domain(name, "=", False) | Domain(name, "any", readable)
        if model_name == "ess.household" and mode != "create":
            domain &= self._get_household_domain()
        return domain.optimize(model)

    @api.model
    def _get_household_domain(self):
        """Return the households that a member of today opens to this user.

        By ids, not by the field of the members: superuser code that checks the rule
        in Python would leave all of them in the cache of the field.
        """
        members = self.env["ess.household.member"]
        everybody = members.sudo()._search([])
        seen = members._search(members._get_current_domain())
        return Domain("id", "in", seen.subselect("household_id")) | (
            Domain("create_uid", "=", self.env.uid)
            & Domain("id", "not in", everybody.subselect("household_id"))
        )

    def _make_access_error(self, operation, records):
        """Answer as for a record that was never written.

        An access error says that there is something, and names the rule of protected
        files to whoever has the debug mode.
        """
        if self._is_any_hidden(records):
            records.invalidate_recordset()
            return self._make_missing_error(records)
        return super()._make_access_error(operation, records)

    @api.model
    def _make_missing_error(self, records):
        """Return the error of records that were never written, in Odoo's own words."""
        return MissingError(
            "\n".join(
                [
                    self.env._("Record does not exist or has been deleted."),
                    self.env._(
                        "(Record: %(record)s, User: %(user)s)",
                        record=records,
                        user=self.env.uid,
                    ),
                ]
            )
        )

    @api.model
    def _is_any_hidden(self, records):
        """Tell whether one of the records concerns a file hidden from this user.

        :param records: records of any model
        :rtype: bool
        """
        files = self.env["ess.beneficiary"]._get_files_of(records)
        return bool(files._get_hidden())
