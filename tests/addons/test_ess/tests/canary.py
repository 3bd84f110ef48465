"""Canaries: texts found nowhere else, planted in every field of the world, and looked
for in every answer.
"""

import json
import re
import uuid

TOKEN = re.compile(r"canary[0-9a-f]{12}")
PLANTED_TYPES = ("char", "text", "html")
# fields that hold a key or a technical word, where a canary could not be written
NOT_PLANTED = {
    "ref",
    "qr_token",
    "code",
    "tz",
    "res_model",
    "model",
    "message_type",
    "mimetype",
    "url",
    "display_name",
    "parent_path",
    "lang",
    "record_name",
    "message_id",
    "reply_to",
    "type",
    "res_name",
    "store_fname",
    "checksum",
    "access_token",
    "domain",
    "breakdown_key",
    "breakdown",
    "birth_date_text",
    "account_prefixes",
    "email_from",
    "section",
    # must be words of the note
    "passage",
}
# models whose records must stay hidden from those who do not follow the person
PLANTED_MODELS = (
    "ess.beneficiary",
    "ess.situation",
    "ess.life.project",
    "ess.goal",
    "ess.goal.step",
    "ess.duplicate",
    "ess.note",
    "ess.note.version",
    "ess.memo",
    "ess.document",
    "ess.guardian",
    "ess.copy.exclusion",
    "ess.rights.request",
    "ess.enrolment",
    "ess.presence",
    "ess.import.row",
    "ir.attachment",
    "mail.activity",
    "mail.message",
    "res.partner",
)


def new_token():
    """A text found nowhere else."""
    return f"canary{uuid.uuid4().hex[:12]}"


class Canaries:
    """Plants canaries in the records of a world and judges answers.

    :param world: the :class:`World`, with all records made
    """

    def __init__(self, world):
        self.tokens = {}  # token → (record, field name)
        for model in PLANTED_MODELS:
            for kind in world.classes(model):
                self._plant(world.record(model, kind))
        for person in world.env["ess.beneficiary"].search([]):
            if person not in [record for record, _name in self.tokens.values()]:
                self._plant(person)
        world.env.flush_all()

    def _plant(self, record):
        """Write a canary in every free text of a record."""
        for name, field in record._fields.items():
            if (
                field.type in PLANTED_TYPES
                and field.store
                and not field.compute
                and not field.related
                and name not in NOT_PLANTED
                and not (
                    record._name == "res.partner" and name not in ("email", "comment")
                )
            ):
                token = new_token()
                self.tokens[token] = (record, name)
                text = f"{token}@exemple.example" if "email" in name else token
                record.with_context(mail_notrack=True).write({name: text})
        if record._name == "ir.attachment":
            token = new_token()
            self.tokens[token] = (record, "raw")
            record.raw = token.encode()

    def forbidden(self, as_user, role):
        """Tokens that a role must never see: the record or the field is closed to it.

        :param as_user: function (records, role) → same records as the role sees them
        """
        closed = set()
        for token, (record, name) in self.tokens.items():
            seen = as_user(record, role)
            if not seen.has_access("read") or not seen._has_field_access(
                record._fields[name], "read"
            ):
                closed.add(token)
        return closed

    def found(self, answer, forbidden):
        """Forbidden tokens in an answer, with where they come from."""
        if isinstance(answer, bytes):
            answer = answer.decode(errors="replace")
        elif not isinstance(answer, str):
            answer = json.dumps(answer, default=str)
        return [
            f"{record._name}.{name}"
            for token in set(TOKEN.findall(answer)) & forbidden
            for record, name in [self.tokens[token]]
        ]
