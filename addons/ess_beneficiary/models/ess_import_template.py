from odoo import api, fields, models

from ..tools.seals import digest
from ..tools.values import plain


class EssImportTemplate(models.Model):
    """The columns of a source that sends lists again and again, chosen once.

    Saved from an import by its importer; proposed by itself when a list with the same
    titles is uploaded. Anybody who imports in the association may use, rename or
    delete it.
    """

    _name = "ess.import.template"
    _description = "Saved columns of a source"
    _order = "name, id"

    name = fields.Char(required=True)
    company_id = fields.Many2one(
        comodel_name="res.company",
        string="Association",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    columns = fields.Json(
        readonly=True, help="What each title becomes, by title of the column."
    )
    # stored for the proposal: the titles, in whatever order and spelling
    headers_key = fields.Char(
        compute="_compute_headers_key", store=True, index="btree_not_null"
    )
    column_count = fields.Integer(
        string="Columns used", compute="_compute_column_count"
    )

    _name_uniq = models.Constraint(
        "UNIQUE(company_id, name)",
        "Columns are already saved under this name. Choose another name.",
    )

    @api.depends("columns")
    def _compute_headers_key(self):
        for template in self:
            template.headers_key = self._get_key(template.columns or {})

    @api.depends("columns")
    def _compute_column_count(self):
        for template in self:
            targets = (template.columns or {}).values()
            template.column_count = len([target for target in targets if target])

    @api.model
    def _get_key(self, headers):
        """Digest of titles, whatever their order, accents and capitals.

        :param headers: titles of columns
        :rtype: str
        """
        return digest("\n".join(sorted(plain(header) for header in headers)).encode())

    @api.model
    def _find(self, headers, company):
        """Return the last saved columns for the same titles, if any.

        :param list headers: titles of an uploaded list
        :param company: res.company
        :rtype: recordset of at most one ess.import.template
        """
        return self.search(
            [
                ("headers_key", "=", self._get_key(headers)),
                ("company_id", "=", company.id),
            ],
            order="write_date desc, id desc",
            limit=1,
        )
