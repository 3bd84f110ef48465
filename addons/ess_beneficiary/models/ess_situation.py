from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class EssSituation(models.Model):
    """What was true of a person in one domain between two days, both included.

    Written by the team when something changes; an open situation ends by itself
    the day before the next one. A mistake is corrected or archived, a change is a
    new line: the past stays as it was. PostgreSQL itself refuses two situations of
    one person and domain on the same day.
    """

    _name = "ess.situation"
    _description = "Situation"
    _inherit = "ess.beneficiary.fact"
    _content_fields = frozenset({"domain_id", "value_id", "answer"})
    _order = "date_from desc, id desc"

    domain_id = fields.Many2one(
        comodel_name="ess.situation.domain",
        required=True,
        index=True,
        ondelete="restrict",
    )
    domain_sequence = fields.Integer(related="domain_id.sequence")
    answer = fields.Selection(
        selection=[
            ("known", "Known"),
            ("declined", "Does not wish to answer"),
            ("unknown", "Does not know"),
        ],
        required=True,
        default="known",
        help="What was asked and not answered is kept apart: it is never a “no”.",
    )
    value_id = fields.Many2one(
        comodel_name="ess.situation.value",
        string="Situation",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('domain_id', '=?', domain_id)]",
    )
    date_from = fields.Date(
        string="Since", required=True, default=fields.Date.context_today
    )
    date_to = fields.Date(
        string="Until",
        help="Last day, included. Leave empty while it lasts: the next situation "
        "closes this one.",
    )
    source = fields.Selection(
        selection=[
            ("person", "Said by the person"),
            ("document", "Document seen"),
            ("partner", "Said by a partner"),
            ("observed", "Observed"),
            ("import", "Imported list"),
        ],
        default="person",
    )
    note = fields.Char(help="Strictly useful facts; write what the person could read.")
    active = fields.Boolean(
        default=True, help="Archive what was entered by mistake: it no longer counts."
    )

    _no_overlap = models.Constraint(
        "EXCLUDE USING gist (beneficiary_id WITH =, domain_id WITH =,"
        " daterange(date_from, date_to, '[]') WITH &&)"
        " WHERE (active) DEFERRABLE INITIALLY IMMEDIATE",
        "Two situations of the same domain cannot cover the same day. "
        "Change the dates, or correct the situation that is already there.",
    )
    _dates = models.Constraint(
        "CHECK (date_to >= date_from)", "A situation cannot end before it starts."
    )
    _answer_value = models.Constraint(
        "CHECK ((answer = 'known') = (value_id IS NOT NULL))",
        "Choose the situation, or say that the person does not know or does not "
        "wish to answer.",
    )
    _domain_idx = models.Index("(domain_id, date_from, beneficiary_id) WHERE active")

    @api.depends("domain_id", "value_id", "answer")
    def _compute_display_name(self):
        answers = dict(self._fields["answer"]._description_selection(self.env))
        for situation in self:
            what = situation.value_id.name or answers.get(situation.answer, "")
            situation.display_name = f"{situation.domain_id.name or ''}: {what}"

    @api.constrains("domain_id", "value_id")
    def _check_value_of_domain(self):
        for situation in self:
            value = situation.value_id
            if value and value.domain_id != situation.domain_id:
                raise ValidationError(
                    self.env._(
                        "“%(value)s” is not a situation of the domain “%(domain)s”.",
                        value=value.name,
                        domain=situation.domain_id.name,
                    )
                )

    @api.onchange("answer")
    def _onchange_answer(self):
        if self.answer != "known":
            self.value_id = False

    @api.onchange("domain_id")
    def _onchange_domain_id(self):
        if self.value_id.domain_id != self.domain_id:
            self.value_id = False

    # === CRUD

    @api.model_create_multi
    def create(self, vals_list):
        """Close what the new situations follow, then insert them."""
        vals_list = [dict(vals) for vals in vals_list]
        for vals in vals_list:
            self._complete_vals(vals)
        self._fit_into_history(vals_list)
        # The ends of the former situations must be in the table before the INSERT.
        self.flush_model(["date_from", "date_to", "active"])
        return super().create(vals_list)

    def write(self, vals):
        """Move the border with the situation before, and check the whole at the end.

        Several rows may change: PostgreSQL checks overlaps once all are written.
        """
        if not {"date_from", "date_to", "active", "domain_id"} & vals.keys():
            return super().write(vals)
        self._defer_overlaps()
        if vals.get("date_from"):
            self._move_border(fields.Date.to_date(vals["date_from"]))
        result = super().write(vals)
        self.flush_model(["date_from", "date_to", "active", "domain_id"])
        self._check_overlaps()
        return result

    # === BUSINESS

    @api.model
    def _complete_vals(self, vals):
        """Fill in, in place, what follows from the rest: the domain, the day."""
        if vals.get("value_id") and not vals.get("domain_id"):
            value = self.env["ess.situation.value"].browse(vals["value_id"])
            vals["domain_id"] = value.domain_id.id
        if not vals.get("date_from"):
            vals["date_from"] = fields.Date.context_today(self)
        vals["date_from"] = fields.Date.to_date(vals["date_from"])
        if vals.get("date_to"):
            vals["date_to"] = fields.Date.to_date(vals["date_to"])

    @api.model
    def _fit_into_history(self, vals_list):
        """Close open situations the day before the new ones, and the reverse.

        A situation that was open when the new one starts ends the day before; a
        new situation without end, entered afterwards, ends the day before the next
        one. One query for the whole batch.

        :param list vals_list: complete values, changed in place
        """
        keys = [self._history_key(vals) for vals in vals_list]
        # sudo: an end depends on all lines of the history, whoever may read them;
        # nothing of them is shown.
        history = self.sudo().search(
            [
                ("beneficiary_id", "in", [key[0] for key in keys]),
                ("domain_id", "in", [key[1] for key in keys]),
            ],
            order="date_from, id",
        )
        lines = {}
        for situation in history:
            key = (situation.beneficiary_id.id, situation.domain_id.id)
            lines.setdefault(key, []).append(situation)
        for key, vals in sorted(
            zip(keys, vals_list, strict=False), key=lambda pair: pair[1]["date_from"]
        ):
            if vals.get("active", True) and all(key):
                self._fit_one(vals, lines.setdefault(key, []))

    @api.model
    def _fit_one(self, vals, lines):
        """Fit one new situation among `lines` and add it to them.

        :param dict vals: values of the new situation
        :param list lines: situations (records) and values (dicts) of its history
        """
        start = vals["date_from"]
        for line in lines:
            if line["date_from"] < start and not line["date_to"]:
                line["date_to"] = start - timedelta(days=1)
        following = [line["date_from"] for line in lines if line["date_from"] > start]
        if following and not vals.get("date_to"):
            vals["date_to"] = min(following) - timedelta(days=1)
        vals.setdefault("date_to", False)
        lines.append(vals)

    @api.model
    def _history_key(self, vals):
        return (vals.get("beneficiary_id"), vals.get("domain_id"))

    def _move_border(self, date_from):
        """Make the situation that ended the day before follow the new first day.

        :param date date_from: the new first day of the situations
        """
        for situation in self:
            # sudo: the neighbour may not be readable; only its end moves with ours.
            before = self.sudo().search(
                [
                    ("beneficiary_id", "=", situation.beneficiary_id.id),
                    ("domain_id", "=", situation.domain_id.id),
                    ("date_to", "=", situation.date_from - timedelta(days=1)),
                ],
                limit=1,
            )
            if before and before.date_from < date_from:
                super(EssSituation, before).write(
                    {"date_to": date_from - timedelta(days=1)}
                )

    @api.model
    def _defer_overlaps(self):
        """Let PostgreSQL check overlaps when all rows of a change are written."""
        self.env.cr.execute("SET CONSTRAINTS ess_situation_no_overlap DEFERRED")

    @api.model
    def _check_overlaps(self):
        """Check now what `_defer_overlaps` had put off.

        :raises ValidationError: when two situations cover the same day
        """
        self.env.cr.execute("SET CONSTRAINTS ess_situation_no_overlap IMMEDIATE")
