from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.values import parse_birth_date

LIMIT = 20
# Weaker evidence than the list of duplicates shows: somebody looks at it at once.
SHOWN_FROM = 0.01
# First and last name alone agree: whoever typed them looked for this person.
LOOKED_FOR_FROM = 0.3


class EssBeneficiarySearch(models.TransientModel):
    """Search a person before opening a file, so that nobody has two.

    Reception and workers type what they know: a part of the name, a date, a phone. The
    files that they may find appear with the reasons; if none is the right one, a new
    file opens with what was typed in it. It is the only way to a new file on screen.
    """

    _name = "ess.beneficiary.search"
    _description = "Search or create"

    name = fields.Char(
        string="Name, pseudonym or file no.",
        help="In any order, a part is enough, without accents or capitals if you like.",
    )
    birth = fields.Char(
        string="Birth date or year",
        help="For example 12/03/1990, 03/1990 or 1990. Day and month may be inverted.",
    )
    phone = fields.Char(help="In any format.")
    searched = fields.Char(help="What the result on screen was searched with.")
    is_searched = fields.Boolean(compute="_compute_is_searched")
    beneficiary_ids = fields.Many2many(
        comodel_name="ess.beneficiary",
        string="Files found",
        compute="_compute_beneficiary_ids",
    )

    # === COMPUTE

    @api.depends_context("lang")
    def _compute_display_name(self):
        """Bear the name of the screen: what was typed is of somebody."""
        for search in self:
            search.display_name = self.env._("Search or create")

    @api.depends("name", "birth", "phone", "searched")
    def _compute_is_searched(self):
        for search in self:
            search.is_searched = search._is_typed() and (
                search.searched == search._typed()
            )

    @api.depends("name", "birth", "phone")
    @api.depends_context("uid")
    def _compute_beneficiary_ids(self):
        for search in self:
            search.beneficiary_ids = search._find()

    # === CRUD

    def web_read(self, specification):
        """Tell the files found what was typed, so that they show why they are there."""
        found = specification.get("beneficiary_ids")
        if found and len(self) == 1:
            typed = {
                f"ess_search_{name}": self[name] for name in ("name", "birth", "phone")
            }
            context = {**found.get("context", {}), **typed}
            specification = {
                **specification,
                "beneficiary_ids": {**found, "context": context},
            }
        return super().web_read(specification)

    # === ACTIONS

    def action_search(self):
        """Keep what was searched with; the form is shown again with the result.

        :raises UserError: when nothing was typed
        """
        self.ensure_one()
        if not self._is_typed():
            raise UserError(self.env._("Type a name, a birth date or a phone first."))
        self.searched = self._typed()
        self._note_protected_matches()

    def action_create_file(self):
        """Open a new file that carries what was typed.

        :rtype: dict
        :raises UserError: when no name was typed, or nobody looked for it
        """
        self.ensure_one()
        if not (self.name or "").strip():
            raise UserError(self.env._("Type a name or a pseudonym first."))
        if not self.is_searched:
            raise UserError(
                self.env._("Search first: this person may have a file already.")
            )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New file"),
            "res_model": "ess.beneficiary",
            "view_mode": "form",
            "context": {
                f"default_{name}": value
                for name, value in self._prepare_file_values().items()
                if value
            },
        }

    # === BUSINESS

    def _is_typed(self):
        """Tell whether there is anything to look for.

        :rtype: bool
        """
        return any((self[name] or "").strip() for name in ("name", "birth", "phone"))

    def _typed(self):
        """Return what was typed as one text.

        :rtype: str
        """
        return "\n".join(
            (self[name] or "").strip() for name in ("name", "birth", "phone")
        )

    def _find(self):
        """Return the files that look like what was typed, most probable first.

        Those that the search of duplicates finds, then those that hold the words typed
        (or sound like them), without accents or capitals.

        :rtype: recordset of ess.beneficiary
        """
        self.ensure_one()
        beneficiaries = self.env["ess.beneficiary"]
        if not self._is_typed():
            return beneficiaries
        found = beneficiaries.browse(self._get_reasons())
        if (self.name or "").strip():
            found |= beneficiaries.search(
                Domain("display_name", "ilike", self.name) | self._get_folded_domain(),
                order="last_name, id",
                limit=LIMIT,
            )
        else:
            found |= beneficiaries.search(self._get_contact_domain(), limit=LIMIT)
        self._note_protected_matches()
        return found[:LIMIT]

    def _get_reasons(self):
        """Probable files that the user may read, most probable first, with reasons.

        :return: ``{file id: reasons in words}``
        :rtype: dict
        """
        matches = self.env["ess.beneficiary"]._find_probable_matches(
            self._prepare_file_values(), limit=LIMIT, threshold=SHOWN_FROM
        )
        return {
            match["beneficiary_id"]: ", ".join(match["reasons"]).capitalize()
            for match in matches
        }

    def _note_protected_matches(self):
        """Note that what was typed names a person whose file is protected.

        Done at each search, whatever it finds: see `_on_protected_match`.
        """
        if self.env.cr.readonly:  # shown again: noted when it was typed
            return
        # sudo: ids of the files so named, which only the referents will be told of
        files = self.env["ess.beneficiary"].sudo()
        named = files._find_protected_matches(
            self._prepare_file_values(), LOOKED_FOR_FROM
        )
        if (self.name or "").strip():
            protected = Domain("is_protected", "=", True)
            named |= files.search(self._get_folded_domain() & protected)
        named._on_protected_match(words=self._typed().strip())

    def _get_folded_domain(self):
        """Return the files whose names hold every word, folded or as it sounds.

        :rtype: Domain
        """
        words = SQL(" AND ").join(
            SQL(
                "(concat_ws(' ', match_last, match_first, match_birth_name,"
                " match_pseudonym) LIKE '%%' || NULLIF(ess_fold(%(word)s), '') || '%%'"
                " OR strpos(concat_ws('|', '', match_name, match_maiden, ''),"
                " '|' || ess_phonetic_fr(ess_fold(%(word)s)) || '|') > 0)",
                word=word,
            )
            for word in self.name.split()
        )
        return Domain(
            "id", "in", SQL("(SELECT id FROM ess_beneficiary WHERE %s)", words)
        )

    def _get_contact_domain(self):
        """Return the files with the phone or the birth date typed, without a name.

        :rtype: Domain
        """
        values = self._prepare_file_values()
        condition = SQL(
            "match_phone = ess_phone(%(phone)s) OR match_phone2 = ess_phone(%(phone)s)"
            " OR match_birth = ess_birth(%(birth)s::date, %(precision)s, NULL)",
            phone=values.get("phone") or None,
            birth=values.get("birth_date") or None,
            precision=values.get("birth_date_precision") or None,
        )
        return Domain(
            "id", "in", SQL("(SELECT id FROM ess_beneficiary WHERE %s)", condition)
        )

    def _prepare_file_values(self):
        """Return the values of a new file: override to add what else is typed.

        :rtype: dict
        """
        date, precision, text = parse_birth_date(
            self.birth or "", fields.Date.context_today(self)
        )
        return {
            **self._split_name(),
            "birth_date": date,
            "birth_date_precision": precision,
            "birth_date_text": text,
            "phone": (self.phone or "").strip(),
        }

    def _split_name(self):
        """Guess first and last name: words in capitals are the last name.

        :return: values for a new file
        :rtype: dict
        """
        words = (self.name or "").split()
        if not words:
            return {}
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
