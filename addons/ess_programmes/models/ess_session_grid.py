from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_datetime

#: What people do at a session of each kind, where “presence” is not the word.
PRESENCE_WORDS = {
    "appointment": "interview",
    "phone": "interview",
    "home_visit": "visit",
    "drop_in": "visit_in",
    "distribution": "visit_in",
    "round": "encounter",
    "mentoring": "encounter",
}
QUANTITY_KINDS = ("distribution", "drop_in", "round", "outing")


class EssSession(models.Model):
    """The whole sheet on one screen: read at once, saved at once."""

    _inherit = "ess.session"

    # === ACTIONS
    def action_read_sheet(self):
        """Return the sheet as the grid shows it.

        :return: ``{'lines': […], 'anonymous': people without a name, 'words': {…},
            'capacity': places, 'units': [(id, name)…], 'can_edit': bool,
            'can_add': {what may be added: bool}}``
        :rtype: dict
        """
        self.ensure_one()
        lines = self.env["ess.presence"].search(
            [("session_id", "=", self.id), ("volunteer_id", "=", False)], order="id"
        )
        people = lines.filtered("beneficiary_id")
        seen = self.env["ess.presence"]._get_seen(people)
        units = self.env["ess.unit"]
        if self.kind in QUANTITY_KINDS:
            # a short list of the association
            units = units.search([], limit=80)
        return {
            "lines": [line._prepare_grid_line(seen[line.id]) for line in people],
            "anonymous": sum((lines - people).mapped("people_count")),
            "words": self._get_grid_words(),
            "capacity": self.capacity,
            "units": [(unit.id, unit.name) for unit in units],
            "can_edit": self.state == "planned" and self.has_access("write"),
            "can_add": {
                "enrolled": self.env["ess.enrolment"].has_access("read"),
                "person": self.env["ess.beneficiary"].has_access("create"),
                "request": self.env["ess.request"].has_access("create"),
            },
        }

    def action_save_sheet(self, lines, anonymous=0):
        """Save what was changed on the grid.

        Lines that somebody else has changed meanwhile are left as they are and given
        back, so that nobody's work is lost.

        :param list lines: one dict for each person changed: ``beneficiary_id``,
            ``state``, ``minutes`` (None: the whole session), ``quantity``,
            ``unit_id``, ``excuse`` and ``seen``.
        :param int anonymous: how many more people without a name have come.
        :return: ``{'saved': [[beneficiary_id, seen, minutes]…], 'conflicts': […]}``
        :rtype: dict
        :raises UserError: when the sheet is closed, or a value makes no sense.
        """
        self.ensure_one()
        self.check_access("write")
        # held until the end: nobody closes the sheet while it is saved
        self.env.cr.execute(
            SQL("SELECT state FROM ess_session WHERE id = %s FOR SHARE", self.id)
        )
        self._check_planned()
        rows = {line.get("beneficiary_id"): self._prepare_row(line) for line in lines}
        saved = self.env["ess.presence"]._record(list(rows.values()))
        if anonymous:
            self._count_anonymous(anonymous)
        left = [person for person in rows if (self.id, person) not in saved]
        return {
            "saved": [[key[1], *values] for key, values in saved.items()],
            "conflicts": self._get_conflicts(left) if left else [],
        }

    # === BUSINESS
    def _prepare_row(self, line):
        """Return one line of the grid as a row of ``ess.presence._record``."""
        states = self.env["ess.presence"]._fields["state"].get_values(self.env)
        excuses = self.env["ess.presence"]._fields["excuse"].get_values(self.env)
        state, excuse = line.get("state"), line.get("excuse") or None
        try:
            person = int(line["beneficiary_id"])
            minutes = line.get("minutes")
            minutes = None if minutes in (None, False) else int(minutes)
            quantity = float(line.get("quantity") or 0)
            unit = int(line.get("unit_id") or 0) or None
        except (KeyError, TypeError, ValueError):
            state = None
        if state not in states or (excuse and excuse not in excuses):
            raise UserError(
                self.env._(
                    "A line of the sheet cannot be read. Check its minutes and its "
                    "quantity: they are numbers."
                )
            )
        if state != "excused":
            excuse = None
        seen = line.get("seen") or None
        return (self.id, person, state, minutes, quantity, unit, excuse, seen)

    def _count_anonymous(self, number):
        """Add people without a name; two people counting at once lose nobody."""
        line = self.env["ess.presence"].search(
            [
                ("session_id", "=", self.id),
                ("headcount", ">", 0),
                ("is_present", "=", True),
            ],
            limit=1,
        )
        if line and line.headcount + number > 0:
            line.headcount += number
        elif line:
            line.unlink()
        elif number > 0:
            self.env["ess.presence"].create(
                {"session_id": self.id, "headcount": number, "state": "present"}
            )

    def _get_conflicts(self, person_ids):
        """Return the lines that somebody else has changed, as they are now.

        :raises UserError: when one is not on the sheet: its file belongs to another
            association.
        """
        lines = self.env["ess.presence"].search(
            [("session_id", "=", self.id), ("beneficiary_id", "in", person_ids)]
        )
        if len(lines) < len(person_ids):
            raise UserError(
                self.env._(
                    "Someone you added cannot be put on this sheet: the file belongs "
                    "to another association."
                )
            )
        seen = self.env["ess.presence"]._get_seen(lines)
        return [
            {
                **line._prepare_grid_line(seen[line.id]),
                "who": line.write_uid.name,
                "when": format_datetime(self.env, line.write_date, dt_format="HH:mm"),
            }
            for line in lines
        ]

    def _check_reservations(self, lines):
        """Refuse more people expected than places.

        :param lines: the ess.presence that have just been written.
        :raises UserError: with the number of places.
        """
        lines = lines.filtered(
            lambda line: line.state == "expected" and not line.volunteer_id
        )
        for session in lines.session_id & self:
            session._check_full()

    def _check_full(self):
        """Stop reservations at the number of places.

        :raises UserError: when more people are expected or there than places.
        """
        self.ensure_one()
        # sudo: only counts, so that a place taken by a person whom the user may not
        # see is not given twice.
        [(taken,)] = (
            self.env["ess.presence"]
            .sudo()
            ._read_group(
                [
                    ("session_id", "=", self.id),
                    ("volunteer_id", "=", False),
                    ("state", "in", ("expected", "present", "late", "left_early")),
                ],
                [],
                ["__count"],
            )
        )
        if taken > self.capacity:
            raise UserError(
                self.env._(
                    "“%(name)s” is full: it has %(capacity)s places. Add places, or "
                    "propose another session.",
                    name=self.display_name,
                    capacity=self.capacity,
                )
            )

    def _get_grid_words(self):
        """Return the words of this kind of session and of this programme.

        :rtype: dict
        """
        words = {
            "interview": (self.env._("Interview"), self.env._("Interviews")),
            "visit": (self.env._("Visit"), self.env._("Visits")),
            "visit_in": (self.env._("Passage"), self.env._("Passages")),
            "encounter": (self.env._("Encounter"), self.env._("Encounters")),
        }
        default = (self.env._("Presence"), self.env._("Presences"))
        one, many = words.get(PRESENCE_WORDS.get(self.kind), default)
        return {
            "presence": one,
            "presences": many,
            "person": self.programme_id.person_word or self.env._("person"),
        }
