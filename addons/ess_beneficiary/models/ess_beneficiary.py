import re
import unicodedata
import uuid

from odoo import api, fields, models
from odoo.fields import Domain

# Who reads more of a file than its name and reference.
FILE_GROUPS = (
    "ess_beneficiary.group_beneficiary_officer,ess_beneficiary.group_beneficiary_dpo"
)
# The login of a person who reads their own file.
PERSON_GROUP = "ess_beneficiary.group_beneficiary_person"
NAME_FIELDS = ("last_name", "first_name", "birth_name", "pseudonym")


class EssBeneficiary(models.Model):
    """The single file of one person that the association supports.

    It is written by reception or a field worker at the first meeting, with as
    little as a pseudonym, and lives as long as the association may keep it. The
    person is not a contact: no `res.partner` is made from it, except a mask (see
    `_create_mask_partner`) when the person gets a login. Names are masked for all
    who cannot read the file. What is dated (situations, life project, goals,
    follow-up team) is kept in models of its own and never overwritten.
    """

    _name = "ess.beneficiary"
    _description = "Person supported"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    # Not by name: sorting another model's list by person must not tell the
    # alphabetical order of people that the reader may not see.
    _order = "id desc"
    _rec_names_search = ["ref", "last_name", "first_name", "birth_name", "pseudonym"]
    _check_company_auto = True

    # identity
    ref = fields.Char(
        string="File no.",
        index="trigram",
        copy=False,
        help="Given when the file is saved. Shown instead of the name to people who "
        "may not read the file.",
    )
    last_name = fields.Char()
    first_name = fields.Char()
    birth_name = fields.Char(help="Name at birth, if it differs.")
    pseudonym = fields.Char(
        help="Name given in the street or chosen by the person. A pseudonym is "
        "enough to open a file.",
    )
    birth_date = fields.Date(groups=FILE_GROUPS)
    birth_date_precision = fields.Selection(
        selection=[
            ("day", "Exact day"),
            ("month", "Month known"),
            ("year", "Year known"),
            ("estimated", "Estimated"),
        ],
        string="Precision of the birth date",
        default="day",
        groups=FILE_GROUPS,
    )
    birth_date_text = fields.Char(
        string="Birth date as received",
        groups=FILE_GROUPS,
        help="What a list said when it is not a possible date.",
    )
    age = fields.Integer(compute="_compute_age", groups=FILE_GROUPS)
    sex = fields.Selection(
        selection=[
            ("female", "Woman"),
            ("male", "Man"),
            ("other", "Other"),
            ("no_answer", "Does not wish to answer"),
            ("unknown", "Does not know"),
        ],
        groups=FILE_GROUPS,
        help="Leave empty when it was not asked.",
    )
    # contacts
    phone = fields.Char(groups=FILE_GROUPS)
    phone2 = fields.Char(string="Other phone", groups=FILE_GROUPS)
    email = fields.Char(string="E-mail", groups=FILE_GROUPS)
    street = fields.Char(groups=FILE_GROUPS)
    street2 = fields.Char(string="Address, continued", groups=FILE_GROUPS)
    zip = fields.Char(string="Postcode", groups=FILE_GROUPS)
    city = fields.Char(groups=FILE_GROUPS)
    commune_code = fields.Char(
        groups=FILE_GROUPS, help="INSEE code of the commune, for figures by area."
    )
    country_id = fields.Many2one(comodel_name="res.country", groups=FILE_GROUPS)
    languages = fields.Char(
        string="Languages spoken",
        groups=FILE_GROUPS,
        help="For example: Pashto, French",
    )
    interpreter_needed = fields.Boolean(groups=FILE_GROUPS)
    intake = fields.Selection(
        selection=[
            ("self", "On their own"),
            ("relative", "A relative or friend"),
            ("round", "Outreach round"),
            ("115", "115 / SIAO"),
            ("social_service", "Social service (department, CCAS)"),
            ("france_travail", "France Travail"),
            ("mission_locale", "Mission locale"),
            ("hospital", "Hospital, carer"),
            ("school", "School"),
            ("justice_service", "Partner service"),
            ("association", "Another association"),
            ("other", "Other"),
        ],
        string="Came through",
        groups=FILE_GROUPS,
    )
    # organisation
    company_id = fields.Many2one(
        comodel_name="res.company",
        string="Association",
        required=True,
        default=lambda self: self.env.company,
    )
    active = fields.Boolean(default=True)
    is_protected = fields.Boolean(
        string="Protected file",
        required=True,
        default=False,
        copy=False,
        tracking=True,
        groups=FILE_GROUPS,
        help="Outside its follow-up team a protected file does not exist: nobody "
        "finds it, counts it or sees it in a list, coordination included.",
    )
    protection_reason = fields.Selection(
        selection=[
            ("violence", "Violence"),
            ("exploitation", "Trafficking, exploitation"),
            ("child", "Child in danger"),
            ("threat", "Threats"),
            ("known_here", "Known to a member of the team"),
            ("public", "Public figure"),
            ("other", "Other"),
        ],
        string="Reason for protection",
        groups=FILE_GROUPS,
    )
    is_demo = fields.Boolean(
        string="Invented example",
        groups=FILE_GROUPS,
        help="This person does not exist: the file only shows how the tool works.",
    )
    properties = fields.Properties(
        string="Extra fields",
        definition="company_id.beneficiary_properties_definition",
        copy=True,
        groups=FILE_GROUPS,
    )
    qr_token = fields.Char(
        string="Card code",
        default=lambda self: uuid.uuid4().hex,
        copy=False,
        readonly=True,
        groups="ess_beneficiary.group_beneficiary_officer",
        help="Random code printed on the person's card. It says nothing by itself.",
    )
    # facts
    situation_ids = fields.One2many(
        comodel_name="ess.situation",
        inverse_name="beneficiary_id",
        string="Situations",
        groups=FILE_GROUPS,
    )
    current_situation_ids = fields.Many2many(
        comodel_name="ess.situation",
        compute="_compute_current_situation_ids",
        string="Situations today",
        groups=FILE_GROUPS,
    )

    _name_given = models.Constraint(
        "CHECK (btrim(COALESCE(last_name, '') || COALESCE(first_name, '')"
        " || COALESCE(pseudonym, '')) <> '')",
        "A file needs a first name, a last name or a pseudonym: one is enough.",
    )
    # One index for the four names costs a fourth of four when lists come in.
    _names_index = models.Index(
        "USING gin (last_name gin_trgm_ops, first_name gin_trgm_ops,"
        " birth_name gin_trgm_ops, pseudonym gin_trgm_ops)"
    )
    # Also serves what looks for the files of an association.
    _ref_uniq = models.UniqueIndex(
        "(company_id, ref)", "Another file already has this number."
    )
    _qr_token_uniq = models.UniqueIndex(
        "(qr_token)", "Another card already has this code: renew it."
    )

    # === COMPUTE

    @api.depends("ref", *NAME_FIELDS, "team_user_ids", "company_id", "is_protected")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_display_name(self):
        """Give the name to those who can read the file, the reference to others.

        Odoo shows many2one names as superuser, so the rights are those of the
        calling user (`sudo(False)`), checked once for the whole batch.
        """
        readable = set(self.sudo(False)._filtered_access("read")._ids)
        for beneficiary in self:
            if beneficiary.id in readable or not beneficiary._origin:
                beneficiary.display_name = beneficiary._ess_display_name()
            else:
                beneficiary.display_name = beneficiary.sudo().ref or ""

    @api.depends("birth_date")
    def _compute_age(self):
        today = fields.Date.context_today(self)
        for beneficiary in self:
            birth = beneficiary.birth_date
            beneficiary.age = birth and (
                today.year
                - birth.year
                - ((today.month, today.day) < (birth.month, birth.day))
            )

    @api.depends("situation_ids.date_from", "situation_ids.date_to")
    @api.depends_context("uid")
    def _compute_current_situation_ids(self):
        """Search under the rules of the user: some domains are for the team only."""
        today = fields.Date.context_today(self)
        current = self.env["ess.situation"].search(
            [
                ("beneficiary_id", "in", self.ids),
                ("date_from", "<=", today),
                "|",
                ("date_to", "=", False),
                ("date_to", ">=", today),
            ]
        )
        by_person = current.grouped("beneficiary_id")
        for beneficiary in self:
            beneficiary.current_situation_ids = by_person.get(
                beneficiary._origin, current.browse()
            )

    @api.model
    def _search_display_name(self, operator, value):
        """Find "Marie Dupont" and "dupont marie": every word, in any name."""
        words = value.split() if isinstance(value, str) else []
        if operator not in ("ilike", "like") or len(words) < 2:
            return super()._search_display_name(operator, value)
        return Domain.AND(
            super(EssBeneficiary, self)._search_display_name(operator, word)
            for word in words
        )

    # === CRUD

    @api.model_create_multi
    def create(self, vals_list):
        """Number the files, make their creator the referent, then add the facts.

        The facts given with the file (situations, goals…) are written once the
        follow-up team exists, because the rules on facts look at that team.
        """
        vals_list = [self._clean_names(vals) for vals in vals_list]
        later = self._pop_facts(vals_list)
        sequence = self.env["ir.sequence"]
        for vals in vals_list:
            if not vals.get("ref"):
                vals["ref"] = sequence.next_by_code("ess.beneficiary")
        # nobody follows a file by mail for having opened it
        beneficiaries = super(
            EssBeneficiary, self.with_context(mail_create_nosubscribe=True)
        ).create(vals_list)
        beneficiaries = beneficiaries.with_env(self.env)
        beneficiaries._start_followups(later)
        for beneficiary, facts in zip(beneficiaries, later, strict=False):
            if facts:
                beneficiary.write(facts)
        return beneficiaries

    def write(self, vals):
        """Clean names on the way in."""
        return super().write(self._clean_names(vals))

    def copy_data(self, default=None):
        """Two files never share identity by copy: name the copy as one."""
        return [
            dict(vals, pseudonym=self.env._("%s (copy)", beneficiary.display_name))
            for beneficiary, vals in zip(self, super().copy_data(default), strict=False)
        ]

    # === ACTIONS

    def action_renew_qr_token(self):
        """Make the lost card useless: give each file a new random code."""
        for beneficiary in self:
            beneficiary.qr_token = uuid.uuid4().hex

    def action_open_file(self):
        """Open the file on the whole screen.

        :rtype: dict
        """
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
        }

    # === BUSINESS

    @api.model
    def _clean_names(self, vals):
        """Return `vals` with names on one line, without control characters.

        :param dict vals: values for create or write
        :return: a new dict
        """
        vals = dict(vals)
        for name in NAME_FIELDS:
            if isinstance(vals.get(name), str):
                text = unicodedata.normalize("NFC", vals[name])
                text = "".join(
                    " " if unicodedata.category(char) == "Cc" else char for char in text
                )
                vals[name] = re.sub(r"\s+", " ", text).strip() or False
        return vals

    @api.model
    def _pop_facts(self, vals_list):
        """Take out of the values what needs the file to exist.

        :param list vals_list: values for create, changed in place
        :return: for each file the values to write afterwards
        :rtype: list of dict
        """
        names = {
            name
            for name, field in self._fields.items()
            if field.type == "one2many" or (field.inverse and not field.store)
        }
        return [
            {name: vals.pop(name) for name in names & vals.keys()} for vals in vals_list
        ]

    def _ess_display_name(self):
        """Return the name as people who may read the file see it.

        :return: "First LAST", completed or replaced by the pseudonym in quotes
        :rtype: str
        """
        self.ensure_one()
        person = self.sudo()  # the caller decided that this user may read the name
        name = " ".join(
            filter(None, [person.first_name, (person.last_name or "").upper()])
        )
        if person.pseudonym:
            name = f"{name} « {person.pseudonym} »".strip()
        return name or person.ref or ""

    def _open_situation(self, domain_code, value_code, date, source=None):
        """Write a new situation in each file; the former one ends the day before.

        :param str domain_code: code of the domain, for example ``housing``
        :param str value_code: code of the value in that domain
        :param date date: first day of the situation
        :param str source: who says so (selection of `ess.situation.source`)
        :return: the new situations
        :rtype: recordset of ess.situation
        """
        value = self.env["ess.situation.value"]._get_by_code(domain_code, value_code)
        return self.env["ess.situation"].create(
            [
                {
                    "beneficiary_id": beneficiary.id,
                    "domain_id": value.domain_id.id,
                    "value_id": value.id,
                    "date_from": date,
                    **({"source": source} if source else {}),
                }
                for beneficiary in self
            ]
        )
