from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL


class EssBeneficiarySearch(models.TransientModel):
    """Search a person before opening a file, so that nobody has two.

    Reception and workers type what they know; the matching files that they may
    find appear; if none is the right one, a new file opens with the name in it.
    """

    _name = "ess.beneficiary.search"
    _description = "Search or create"

    name = fields.Char(
        string="Name, pseudonym or file no.",
        help="In any order, without accents or capitals if you like.",
    )
    beneficiary_ids = fields.Many2many(
        comodel_name="ess.beneficiary",
        string="Files found",
        compute="_compute_beneficiary_ids",
    )

    @api.depends("name")
    @api.depends_context("uid")
    def _compute_beneficiary_ids(self):
        for search in self:
            search.beneficiary_ids = search._find()

    def _find(self):
        """Return the files that look like what was typed.

        Those that hold the words typed, without accents or capitals, then those that
        sound alike.

        :rtype: recordset of ess.beneficiary
        """
        self.ensure_one()
        beneficiaries = self.env["ess.beneficiary"]
        if not (self.name or "").strip():
            return beneficiaries
        found = beneficiaries.search(
            Domain("display_name", "ilike", self.name) | self._get_folded_domain(),
            order="last_name, id",
            limit=20,
        )
        matches = beneficiaries._find_probable_matches(self._split_name())
        self._note_protected_matches()
        return (found | found.browse([m["beneficiary_id"] for m in matches]))[:20]

    def _get_folded_domain(self):
        """Return the files whose names hold every word, folded like the names.

        :rtype: Domain
        """
        words = SQL(" AND ").join(
            SQL(
                "concat_ws(' ', match_last, match_first, match_birth_name,"
                " match_pseudonym) LIKE '%%' || NULLIF(ess_fold(%s), '') || '%%'",
                word,
            )
            for word in self.name.split()
        )
        return Domain(
            "id", "in", SQL("(SELECT id FROM ess_beneficiary WHERE %s)", words)
        )

    def _note_protected_matches(self):
        """Note that the words typed name a person whose file is protected.

        Done at each search, whatever it finds: see `_on_protected_match`.
        """
        # sudo: ids of the files so named, which only the referents will be told of
        files = self.env["ess.beneficiary"].sudo()
        named = files.search(
            self._get_folded_domain() & Domain("is_protected", "=", True)
        )
        named._on_protected_match(words=self.name)

    def action_search(self):
        """Show the result in the same window.

        :rtype: dict
        """
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Search or create"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "current",
        }

    def action_create_file(self):
        """Open a new file that carries the name typed.

        :rtype: dict
        """
        self.ensure_one()
        if not (self.name or "").strip():
            raise UserError(self.env._("Type a name or a pseudonym first."))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New file"),
            "res_model": "ess.beneficiary",
            "view_mode": "form",
            "context": {
                f"default_{name}": value for name, value in self._split_name().items()
            },
        }

    def _split_name(self):
        """Guess first and last name: words in capitals are the last name.

        :return: values for a new file
        :rtype: dict
        """
        words = self.name.split()
        if len(words) == 1:
            return (
                {"last_name": words[0]}
                if words[0].isupper()
                else {"first_name": words[0]}
            )
        last = [word for word in words if word.isupper() and len(word) > 1]
        if not last or len(last) == len(words):
            last = words[1:]
        return {
            "first_name": " ".join(word for word in words if word not in last),
            "last_name": " ".join(last),
        }
