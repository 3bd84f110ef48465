from odoo import api, fields, models
from odoo.exceptions import UserError


class EssSituationValue(models.Model):
    """One possible situation in a domain: "tenant", "looking for work"…

    Its label is free, its class is fixed, so that associations with other words
    can be added up. *Not asked*, *does not wish to answer* and *does not know* are
    not values: see the answer of `ess.situation`.
    """

    _name = "ess.situation.value"
    _description = "Situation value"
    _order = "domain_id, sequence, id"
    _rec_names_search = ["name", "code"]

    domain_id = fields.Many2one(
        comodel_name="ess.situation.domain",
        required=True,
        index=True,
        ondelete="restrict",
    )
    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="Key used by figures and imports.")
    sequence = fields.Integer(default=10)
    class_code = fields.Char(
        string="Class",
        help="Fixed level of comparison, for example roofless, houseless, housed.",
    )
    esf_codes = fields.Char(
        string="ESF+ indicators",
        help="Common indicators of the European Social Fund Plus that this value "
        "feeds at entry, separated by commas.",
    )
    iae_class = fields.Selection(
        selection=[
            ("lasting", "Lasting job"),
            ("transition", "Transition job"),
            ("positive", "Positive exit"),
            ("other", "Other exit"),
            ("out_of_scope", "Out of scope"),
        ],
        string="IAE exit class",
        help="How this situation counts at the exit of a work-integration body.",
    )
    ethos = fields.Char(
        string="ETHOS category",
        help="Operational category of the European typology of homelessness (FEANTSA).",
    )
    months_rule = fields.Integer(
        string="Months under 25",
        help="Number of months that replaces the one of the label for people under "
        "25 (long-term unemployment in the ESF+ guidance: 6).",
    )
    public_ids = fields.Many2many(
        comodel_name="ess.code", string="Publics", domain=[("scheme", "=", "public")]
    )
    active = fields.Boolean(default=True)

    _code_uniq = models.UniqueIndex(
        "(domain_id, code)", "Another value of the domain has this key."
    )

    @api.model
    def _get_by_code(self, domain_code, value_code):
        """Find a value, archived or not, by its two keys.

        :raises UserError: when there is none, naming both keys
        :rtype: recordset of ess.situation.value
        """
        value = self.with_context(active_test=False).search(
            [("domain_id.code", "=", domain_code), ("code", "=", value_code)], limit=1
        )
        if not value:
            raise UserError(
                self.env._(
                    "There is no situation value “%(value)s” in the domain "
                    "“%(domain)s”.",
                    value=value_code,
                    domain=domain_code,
                )
            )
        return value
