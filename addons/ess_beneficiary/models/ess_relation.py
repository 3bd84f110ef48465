from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain


class EssRelation(models.Model):
    """How two persons are linked, as somebody says it, from a day to a day.

    Written once, in the file of one of them, and read from both sides. It is there
    only for those who may read both files. It says who people are to each other,
    never who did what to whom.
    """

    _name = "ess.relation"
    _description = "Relation between two persons"
    _inherit = "ess.beneficiary.fact"
    _file_access = "write"
    # read by `ir.rule`: the other file must be readable too
    _linked_file_fields = ("other_id",)
    _order = "date_to nulls first, id desc"
    _rec_name = "kind"

    other_id = fields.Many2one(
        comodel_name="ess.beneficiary",
        string="Other person",
        required=True,
        index=True,
        ondelete="cascade",
    )
    kind = fields.Selection(
        selection=[
            ("parent", "is a parent of"),
            ("child", "is a child of"),
            ("grandparent", "is a grandparent of"),
            ("grandchild", "is a grandchild of"),
            ("partner", "lives as a couple with"),
            ("former_partner", "used to live as a couple with"),
            ("sibling", "is a brother or sister of"),
            ("relative", "is a relative of"),
            ("host", "hosts"),
            ("hosted", "is hosted by"),
            ("carer", "looks after"),
            ("cared", "is looked after by"),
            ("friend", "is a friend of"),
        ],
        string="Relation",
        required=True,
    )
    stated_by = fields.Selection(
        selection=[
            ("person", "The person"),
            ("relative", "A relative"),
            ("worker", "A professional"),
            ("document", "A document seen"),
        ],
        string="Said by",
        required=True,
        default="person",
    )
    date_from = fields.Date(string="Since")
    date_to = fields.Date(string="Until", help="Last day, included.")
    words = fields.Char(
        string="In words",
        compute="_compute_words",
        help="The relation as it reads from the file that is open.",
    )

    _not_oneself = models.Constraint(
        "CHECK (beneficiary_id <> other_id)", "A relation links two different persons."
    )
    _dates = models.Constraint(
        "CHECK (date_to >= date_from)", "A relation cannot end before it starts."
    )
    _pair_uniq = models.UniqueIndex(
        "(LEAST(beneficiary_id, other_id), GREATEST(beneficiary_id, other_id))"
        " WHERE date_to IS NULL",
        "These two persons already have a relation. Date its end, or correct it.",
    )

    # === COMPUTE

    @api.depends("kind", "beneficiary_id", "other_id")
    @api.depends_context("ess_file_id", "uid", "lang", "allowed_company_ids")
    def _compute_words(self):
        """Read the relation from the file in the context, or from the first one."""
        reader = self.env.context.get("ess_file_id")
        labels = dict(self._fields["kind"]._description_selection(self.env))
        for relation in self:
            kind, who = relation.kind, relation.other_id
            if who.id == reader:
                kind, who = self._get_inverse(kind), relation.beneficiary_id
            relation.words = f"{labels.get(kind, '')} {who.display_name or ''}".strip()

    @api.model
    def _get_inverse(self, kind):
        """Return how the relation reads from the other side.

        :param str kind: key of `kind`
        :rtype: str
        """
        pairs = (
            ("parent", "child"),
            ("grandparent", "grandchild"),
            ("host", "hosted"),
            ("carer", "cared"),
        )
        inverses = dict(pairs) | {second: first for first, second in pairs}
        return inverses.get(kind, kind)

    @api.constrains("beneficiary_id", "other_id")
    def _check_company(self):
        # sudo: both associations, of files that the user may read
        for relation in self.sudo():
            if relation.other_id.company_id != relation.company_id:
                raise ValidationError(
                    self.env._("Both files must be of the same association.")
                )

    # === CRUD

    @api.model_create_multi
    def create(self, vals_list):
        """Check both files before the database could answer about the pair."""
        ids = {vals["other_id"] for vals in vals_list if vals.get("other_id")}
        self.env["ess.beneficiary"].browse(ids).check_access("read")
        self.flush_model(["date_to"])  # for the unique index
        return super().create(vals_list)

    def write(self, vals):
        """Check the file that is linked instead, before anything is written."""
        if vals.get("other_id"):
            self.env["ess.beneficiary"].browse(vals["other_id"]).check_access("read")
        return super().write(vals)

    # === BUSINESS

    @api.model
    def _get_file_domain(self, file_ids):
        """Return the relations of files, from either side.

        :param list file_ids: ids of ess.beneficiary
        :rtype: Domain
        """
        return Domain("beneficiary_id", "in", file_ids) | Domain(
            "other_id", "in", file_ids
        )
