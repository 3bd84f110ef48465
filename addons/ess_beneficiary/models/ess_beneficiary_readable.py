from odoo import api, fields, models

from .ess_beneficiary import PERSON_GROUP

# Name and version of the format; the schema is static/person-file.schema.json.
FORMAT = "ess-person-file"
VERSION = "1.0"


class EssBeneficiary(models.Model):
    """The readable file: what the association holds on the person, as data.

    Read with the rights of the user who asks. What these rights leave out is
    listed with its reason, so that the person knows that it exists.
    """

    _inherit = "ess.beneficiary"

    def action_download_readable_file(self):
        """Download the file as JSON.

        :rtype: dict
        """
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_url",
            "url": f"/ess/file/{self.id}/person-file.json",
            "target": "download",
        }

    def _get_readable_file(self):
        """Return the file as plain data. Override to add the facts of a room.

        :return: sections by name; dates as ISO text, choices as code and label
        :rtype: dict
        """
        self.ensure_one()
        self.check_access("read")
        return {
            "format": FORMAT,
            "version": VERSION,
            "generated_at": fields.Datetime.now().isoformat() + "Z",
            "association": self.company_id.sudo().name,  # a name, public anyway
            "person": self._get_readable_person(),
            "life_projects": [
                self._get_readable_life_project(project)
                for project in self._search_facts("ess.life.project")
            ],
            "situations": [
                self._get_readable_situation(situation)
                for situation in self._search_facts("ess.situation")
            ],
            "households": self._get_readable_households(),
            "people_around": [
                self._get_readable_followup(followup)
                for followup in self._search_facts("ess.followup")
            ],
            "left_out": self._get_readable_left_out(),
        }

    def _search_facts(self, model):
        """Search the facts of the file that the user may read.

        Not through the one2many fields, whose cache superuser code may have filled.

        :param str model: name of a model with a ``beneficiary_id``
        """
        facts = self.env[model]
        if not self._is_read_by_its_person():
            return facts.search([("beneficiary_id", "=", self.id)])
        if not facts.has_access("read"):
            return facts
        # sudo: what the person may read was found with their rights; the lists that a
        # fact names, and the details of their own facts, are not for logins
        return facts.search([("beneficiary_id", "=", self.id)]).sudo()

    def _is_read_by_its_person(self):
        """Tell whether the login of a person reads their own file.

        :rtype: bool
        """
        return not self.env.su and self.env.user.has_group(PERSON_GROUP)

    def _get_readable_person(self):
        if self._is_read_by_its_person():
            # sudo: who the person is, told to themselves, once their file was found
            return self.sudo()._get_readable_person()
        return {
            **{
                name: self[name] or None
                for name in (
                    "ref",
                    "first_name",
                    "last_name",
                    "birth_name",
                    "pseudonym",
                    "birth_date_text",
                    "email",
                    "street",
                    "street2",
                    "zip",
                    "city",
                    "commune_code",
                    "languages",
                )
            },
            "birth_date": self._readable_date(self.birth_date),
            "birth_date_precision": self._readable_choice(self, "birth_date_precision"),
            "sex": self._readable_choice(self, "sex"),
            "phones": [phone for phone in (self.phone, self.phone2) if phone],
            "country": self.country_id.name or None,
            "interpreter_needed": self.interpreter_needed,
            "came_through": self._readable_choice(self, "intake"),
            "opened_on": self._readable_date(self.create_date.date()),
            "extra_fields": self._get_readable_properties(),
        }

    def _get_readable_properties(self):
        """Return the extra fields that hold something.

        :rtype: list of dict
        """
        return [
            {"label": extra.get("string") or "", "value": str(extra["value"])}
            for extra in self.read(["properties"])[0]["properties"]
            if extra.get("value")
        ]

    def _get_readable_life_project(self, project):
        return {
            "version": project.version,
            "state": self._readable_choice(project, "state"),
            "words": project.words or None,
            "date": self._readable_date(project.date),
            "date_review": self._readable_date(project.date_review),
            "agreement": self._readable_choice(project, "agreement"),
            "agreement_note": project.agreement_note or None,
            "goals": [
                {
                    "rank": rank,
                    "words": goal.words,
                    "theme": goal.theme_id.name or None,
                    "state": self._readable_choice(goal, "state"),
                    "mark_of_the_person": self._readable_mark(goal.progress_person),
                    "mark_of_the_worker": self._readable_mark(goal.progress_worker),
                    "hoped_for_by": self._readable_date(goal.date_target),
                    "reached_on": self._readable_date(goal.date_reached),
                }
                for rank, goal in enumerate(project.goal_ids, start=1)
            ],
        }

    def _get_readable_situation(self, situation):
        return {
            "domain": situation.domain_id.name,
            "domain_code": situation.domain_id.code,
            "situation": situation.value_id.name or None,
            "situation_code": situation.value_id.code or None,
            "answer": self._readable_choice(situation, "answer"),
            "date_from": self._readable_date(situation.date_from),
            "date_to": self._readable_date(situation.date_to),
            "source": self._readable_choice(situation, "source"),
            "note": situation.note or None,
        }

    def _get_readable_followup(self, followup):
        return {
            "name": followup.user_id.name or followup.partner_id.display_name,
            "role": self._readable_choice(followup, "role"),
            "is_referent": followup.is_referent,
            "date_from": self._readable_date(followup.date_from),
            "date_to": self._readable_date(followup.date_to),
            "end_reason": self._readable_choice(followup, "end_reason"),
        }

    def _get_readable_left_out(self):
        """List what exists and is not in the data. Override to add sections.

        :return: section, number of lines and the reason in plain words
        :rtype: list of dict
        """
        left_out = []
        # sudo: only a number, so that the person knows that there is more
        facts = self.sudo()._search_facts("ess.situation")
        hidden = len(facts) - len(self._search_facts("ess.situation"))
        if hidden:
            left_out.append(
                {
                    "section": "situations",
                    "count": hidden,
                    "reason": self.env._(
                        "Read by the follow-up team only: ask your referent."
                    ),
                }
            )
        return left_out + self._get_left_out_messages()

    def _get_left_out_messages(self):
        """Say how many internal notes there are.

        :rtype: list of dict
        """
        # sudo: only a number, as above
        count = (
            self.env["mail.message"]
            .sudo()
            .search_count(
                [
                    ("model", "=", self._name),
                    ("res_id", "=", self.id),
                    ("message_type", "=", "comment"),
                ]
            )
        )
        if not count:
            return []
        return [
            {
                "section": "notes",
                "count": count,
                "reason": self.env._(
                    "Internal notes are read together, or copied by the "
                    "data-protection officer, who masks other people."
                ),
            }
        ]

    @api.model
    def _readable_date(self, date):
        return fields.Date.to_string(date) if date else None

    @api.model
    def _readable_mark(self, mark):
        return int(mark) if mark else None

    @api.model
    def _readable_choice(self, record, name):
        """Return the code and the label of a selection field, or None.

        :param record: one record of any model
        :param str name: name of the field
        :rtype: dict | None
        """
        code = record[name]
        if not code:
            return None
        labels = dict(record._fields[name]._description_selection(self.env))
        return {"code": code, "label": labels[code]}
