from odoo import api, fields, models

from ..tools.headers import JOINED

FIELD_TARGETS = (
    "last_name",
    "first_name",
    "birth_name",
    "pseudonym",
    "birth_date",
    "sex",
    "phone",
    "phone2",
    "email",
    "street",
    "street2",
    "zip",
    "city",
    "commune_code",
    "country_id",
    "languages",
    "interpreter_needed",
    "intake",
)
NAME_TARGETS = ("last_name", "first_name", "pseudonym")


class EssImportMapping(models.Model):
    """What one column of an imported list becomes in the file.

    Guessed from the title when the list is uploaded, corrected by the person who
    imports. The next list of the same source starts from these lines.
    """

    _name = "ess.import.mapping"
    _description = "Column of an import"
    _order = "import_id, position"
    _rec_name = "header"

    import_id = fields.Many2one(
        comodel_name="ess.import", required=True, index=True, ondelete="cascade"
    )
    position = fields.Integer(readonly=True)
    header = fields.Char(string="Column", readonly=True)
    sample = fields.Char(string="For example", readonly=True)
    target = fields.Selection(
        selection="_selection_target",
        string="Goes to",
        help="Leave empty to leave the column out. Several columns may go to the "
        "address: they are joined (number and street).",
    )

    @api.model
    def _selection_target(self):
        """Fields of a file, then the domains of situations."""
        beneficiary = self.env["ess.beneficiary"]
        targets = [
            (name, beneficiary._fields[name]._description_string(self.env))
            for name in FIELD_TARGETS
        ]
        # sudo: names of a list that every user of the room reads; it is short
        everything = self.env["ess.situation.domain"].sudo()
        domains = everything.search([])  # pylint: disable=no-search-all
        return targets + [
            (
                f"situation:{domain.code}",
                self.env._("Situation: %(domain)s", domain=domain.name),
            )
            for domain in domains
        ]

    def _problems(self):
        """Return what must be corrected before the list can be checked.

        :rtype: list of str
        """
        targets = [line.target for line in self if line.target]
        labels = dict(self._selection_target())
        problems = []
        if not set(targets) & set(NAME_TARGETS):
            problems.append(
                self.env._(
                    "No column gives a name. Choose the columns of the last name, the "
                    "first name or the pseudonym."
                )
            )
        for target in sorted(set(targets) - set(JOINED)):
            if targets.count(target) > 1:
                problems.append(
                    self.env._(
                        "Two columns go to “%(field)s”. Keep one of them.",
                        field=labels[target],
                    )
                )
        return problems
