from odoo import api, fields, models
from odoo.exceptions import UserError


class EssBeneficiaryFact(models.AbstractModel):
    """Anything that is written in the file of one person.

    Gives the file, its company on the row (for rules and figures) and one guard:
    what was written in a file never moves to another one, except by a merge of
    two files, which runs as superuser.
    """

    _name = "ess.beneficiary.fact"
    _description = "Fact of a file"
    _inherit = "ess.access.mixin"
    # Access to the file that writing a fact in it needs.
    _file_access = "read"

    beneficiary_id = fields.Many2one(
        comodel_name="ess.beneficiary",
        string="Person",
        required=True,
        index=True,
        ondelete="cascade",
    )
    # stored for record rules and grouped figures
    company_id = fields.Many2one(
        comodel_name="res.company",
        string="Association",
        compute="_compute_company_id",
        store=True,
        precompute=True,
        required=True,
        index=True,
        ondelete="restrict",
    )

    @api.depends("beneficiary_id.company_id")
    def _compute_company_id(self):
        for fact in self:
            fact.company_id = fact.beneficiary_id.company_id

    @api.depends_context("uid", "allowed_company_ids", "lang")
    def _compute_display_name(self):
        """Name a fact to those who can read it, its kind to others.

        Odoo shows many2one names as superuser: a goal is named by the person's words.
        """
        super()._compute_display_name()
        readable = set(self.sudo(False)._filtered_access("read")._ids)
        kind = self.env["ir.model"]._get(self._name).name  # in the user's language
        for fact in self:
            if fact._origin and fact.id not in readable:
                fact.display_name = kind

    @api.model
    def web_search_read(
        self,
        domain,
        specification,
        offset=0,
        limit=None,
        order=None,
        count_limit=None,
    ):
        """Read a list for the web client, on a cursor that can write its lines.

        Lists of facts show words of the file: on a read-only cursor, each would run
        twice and leave an error in the server's log.
        """
        return super().web_search_read(
            domain, specification, offset, limit, order, count_limit
        )

    web_search_read._readonly = False

    @api.model_create_multi
    def create(self, vals_list):
        """Check the rights on the files before anything is written.

        Otherwise a constraint of the database could answer before the rules, and
        tell what a file holds to someone who may not read it.
        """
        self.check_access("create")
        ids = {
            vals["beneficiary_id"] for vals in vals_list if vals.get("beneficiary_id")
        }
        self.env["ess.beneficiary"].browse(ids).check_access(self._file_access)
        return super().create(vals_list)

    def write(self, vals):
        """Refuse to move a fact to the file of another person."""
        if (
            "beneficiary_id" in vals
            and not self.env.su
            and any(fact.beneficiary_id.id != vals["beneficiary_id"] for fact in self)
        ):
            raise UserError(
                self.env._(
                    "What is written in a file cannot move to another person's "
                    "file. Write it again in the right file, then archive it here."
                )
            )
        return super().write(vals)
