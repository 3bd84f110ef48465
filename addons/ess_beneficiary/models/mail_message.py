from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL


class MailMessage(models.Model):
    """Messages on a hidden file do not exist, not even for their authors.

    Odoo shows a message to whoever wrote it or was told of it, without asking for the
    record: somebody who has left the named team would keep the name and the notes.
    """

    _inherit = "mail.message"

    @api.model
    def _search(
        self, domain, offset=0, limit=None, order=None, *, bypass_access=False, **kwargs
    ):
        """Leave out the messages of hidden files."""
        if not self.env.su and not bypass_access:
            domain = Domain(domain) & self._get_known_domain()
        return super()._search(
            domain, offset, limit, order, bypass_access=bypass_access, **kwargs
        )

    def _check_access(self, operation):
        """Forbid the messages of hidden files, whatever else would allow them."""
        result = super()._check_access(operation)
        if self.env.su or not any(self._ids):
            return result
        hidden = self._get_hidden_messages()
        if result:
            hidden -= result[0]
        if not hidden:
            return result
        forbidden = hidden | result[0] if result else hidden
        return forbidden, lambda: self.env["ir.rule"]._make_missing_error(hidden)

    @api.model
    def _get_known_domain(self):
        """Return the messages that are not about a hidden file.

        :rtype: Domain
        """
        self.env["ess.beneficiary"].flush_model(["is_protected", "team_user_ids"])

        def to_sql(_model, alias, _query):
            return SQL(
                "(%(model)s IS DISTINCT FROM 'ess.beneficiary' OR %(id)s NOT IN ("
                " SELECT id FROM ess_beneficiary file"
                " WHERE is_protected AND NOT EXISTS ("
                " SELECT FROM ess_beneficiary_team_user_rel team"
                " WHERE team.beneficiary_id = file.id AND team.user_id = %(user)s)))",
                model=SQL.identifier(alias, "model"),
                id=SQL.identifier(alias, "res_id"),
                user=self.env.uid,
            )

        return Domain.custom(to_sql=to_sql)

    def _get_hidden_messages(self):
        """Return the messages that are about a hidden file.

        :rtype: recordset of mail.message
        """
        self.flush_model(["model", "res_id"])
        rows = self.env.execute_query(
            SQL(
                "SELECT id, res_id FROM mail_message"
                " WHERE id = ANY(%s) AND model = 'ess.beneficiary'",
                [id_ for id_ in self._ids if id_],
            )
        )
        files = self.env["ess.beneficiary"].browse({row[1] for row in rows if row[1]})
        hidden = set(files._get_hidden()._ids)
        return self.browse(row[0] for row in rows if row[1] in hidden)
