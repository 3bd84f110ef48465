import json

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools import append_only

# Who can read many files, or change who can.
SENSITIVE_GROUPS = (
    "ess_beneficiary.group_beneficiary_manager",
    "ess_beneficiary.group_beneficiary_import",
    "ess_beneficiary.group_beneficiary_dpo",
    "base.group_erp_manager",
    "base.group_system",
)
DPO = "ess_beneficiary.group_beneficiary_dpo"
# Core models whose rules also protect what files say.
CORE_MODELS = ("ir.attachment", "mail.activity", "mail.message", "res.partner")


class EssSecurityEvent(models.Model):
    """One change of what protects the files: a rule, a right, who has a strong right.

    Written by the change itself, told at once to the data-protection officers and
    kept: a trigger of the database refuses to alter or delete a line. Whoever
    administers the server can still remove the trigger: the message that left is
    then the proof. Changes made by an update of the modules are not told.
    """

    _name = "ess.security.event"
    _description = "Change of protection"
    _order = "id desc"
    _rec_names_search = ["subject"]
    _log_access = False

    date = fields.Datetime(
        required=True, readonly=True, index=True, default=fields.Datetime.now
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Done by",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    kind = fields.Selection(
        selection=[
            ("rule", "Record rule"),
            ("right", "Access right"),
            ("group", "Strong right given or taken"),
            ("setting", "Setting"),
            ("field", "Field added by hand"),
            ("code", "Code run by the server"),
        ],
        string="What was changed",
        required=True,
        readonly=True,
    )
    operation = fields.Selection(
        selection=[
            ("create", "Added"),
            ("write", "Modified"),
            ("unlink", "Removed"),
        ],
        required=True,
        readonly=True,
    )
    subject = fields.Char(required=True, readonly=True, index="trigram")
    details = fields.Text(readonly=True, help="What it was, and what it became.")
    details_words = fields.Text(
        string="In words",
        compute="_compute_details_words",
        help="What it was, and what it became.",
    )

    def init(self):
        """Let the database refuse what would alter the trace."""
        self.env.cr.execute(append_only.guard(self._table))

    @api.depends("subject")
    def _compute_display_name(self):
        for event in self:
            event.display_name = event.subject

    @api.depends("details")
    @api.depends_context("lang")
    def _compute_details_words(self):
        """Say on one line each what was written, without the signs of machines."""
        for event in self:
            event.details_words = "\n".join(
                self._say_detail(name, value)
                for name, value in json.loads(event.details or "{}").items()
                if not (event.kind == "group" and name == "user_id")
            )

    @api.model
    def _say_detail(self, name, value):
        """Return one detail: its name, then what it is, or what it was and became.

        :param str name: technical name of a field, as rules and rights have
        :param value: what JSON holds
        :rtype: str
        """
        if isinstance(value, dict) and value.keys() == {"before", "after"}:
            before, after = (self._say_value(value[key]) for key in ("before", "after"))
            return self.env._(
                "%(name)s: %(before)s, then %(after)s",
                name=name,
                before=before,
                after=after,
            )
        return self.env._(
            "%(name)s: %(value)s", name=name, value=self._say_value(value)
        )

    @api.model
    def _say_value(self, value):
        """Return a value as people write it."""
        if isinstance(value, bool):
            return self.env._("yes") if value else self.env._("no")
        if isinstance(value, list):
            return ", ".join(map(str, value)) or self.env._("nothing")
        return str(value)

    def write(self, vals):
        """A trace is never altered, whoever asks."""
        if vals:
            raise UserError(self.env._("This trace cannot be changed."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_trace(self):
        raise UserError(self.env._("This trace cannot be deleted."))

    # === BUSINESS

    @api.model
    def _is_watched(self, model):
        """Tell whether rules and rights on this model protect the files.

        :param str model: technical name
        :rtype: bool
        """
        return bool(model) and (model.startswith("ess.") or model in CORE_MODELS)

    @api.model
    def _is_quiet(self):
        """Tell whether modules are being installed or updated: their data is theirs.

        Not a key of the context, which any caller may set.
        """
        return not self.env.registry.ready

    @api.model
    def _add(self, kind, operation, lines, officers=None):
        """Write events and tell the data-protection officers.

        :param str kind: see the field
        :param str operation: see the field
        :param list lines: pairs (subject, details as a dict)
        :param officers: res.users to tell besides those of today, for example the
            officer who has just lost the right
        """
        if not lines or self._is_quiet():
            return
        # sudo: whoever makes the change, its trace is written and told
        events = self.sudo().create(
            [
                {
                    "user_id": self.env.uid,
                    "kind": kind,
                    "operation": operation,
                    "subject": subject,
                    "details": json.dumps(details, ensure_ascii=False, default=str),
                }
                for subject, details in lines
            ]
        )
        events._tell(officers)

    def _tell(self, officers=None):
        """Send one message about these events to each data-protection officer."""
        group = self.env.ref(DPO, raise_if_not_found=False)
        told = group.sudo().all_user_ids if group else self.env["res.users"].sudo()
        told = (told | (officers or told)).filtered("active")
        if not told:
            return
        self.env["mail.thread"].sudo().message_notify(
            partner_ids=told.partner_id.ids,
            subject=self.env._("Protection of the files: a change was made"),
            body=self.env["ir.qweb"]._render(
                "ess_beneficiary.security_event_message", {"events": self.sudo()}
            ),
            notify_author=True,
            email_layout_xmlid="mail.mail_notification_light",
        )

    # === WHAT IS WATCHED

    @api.model
    def _add_values(self, kind, operation, records, vals, before=None):
        """Write what a create, write or unlink does to watched records.

        :param records: records of one model, before they are removed
        :param dict vals: values written, or what they were
        :param dict before: {id: values before}, for a write: only differences count
        """
        lines = []
        for record in records.sudo():  # sudo: the trace says what was changed
            after = self._snapshot(record, vals)
            if before is None:
                lines.append((record.display_name or record._description, after))
                continue
            changed = {
                name: {"before": before[record.id][name], "after": value}
                for name, value in after.items()
                if value != before[record.id][name]
            }
            if changed:
                lines.append((record.display_name or record._description, changed))
        self._add(kind, operation, lines)

    @api.model
    def _snapshot(self, record, names):
        """Return plain values of a record: ids for links, the rest as it is.

        :rtype: dict
        """
        return {
            name: record[name].ids
            if isinstance(record[name], models.BaseModel)
            else record[name]
            for name in names
            if name in record._fields
        }

    @api.model
    def _get_members(self):
        """Return who has each strong right now, through other groups included.

        :return: {group: users}
        :rtype: dict
        """
        groups = [
            self.env.ref(xmlid, raise_if_not_found=False) for xmlid in SENSITIVE_GROUPS
        ]
        return {group: group.sudo().all_user_ids for group in groups if group}

    @api.model
    def _add_members(self, before):
        """Write who gained or lost a strong right since `before`.

        :param dict before: what `_get_members` answered
        """
        gained, lost, officers = [], [], self.env["res.users"].sudo()
        for group, users in self._get_members().items():
            former = before.get(group, users.browse()).exists()
            title = group.sudo().full_name
            for lines, changed in ((gained, users - former), (lost, former - users)):
                lines += [
                    (f"{title}: {user.login}", {"user_id": user.id, "group": title})
                    for user in changed
                ]
            if group == self.env.ref(DPO, raise_if_not_found=False):
                officers |= former - users
        self._add("group", "create", gained, officers)
        self._add("group", "unlink", lost, officers)
