from datetime import timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import email_normalize, formataddr

from .ess_beneficiary import FILE_GROUPS

# Channels in the order in which one is chosen when several will do.
CHANNELS = ("phone", "sms", "email", "post", "person")
# What the note says of a message that left.
NOTE_MEDIA = {
    "phone": "phone",
    "sms": "sms",
    "email": "email",
    "post": "letter",
    "person": "third_party",
}
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
YES_NO = [("yes", "Yes"), ("no", "No"), ("unknown", "Does not know")]


class EssBeneficiary(models.Model):
    """Safe contact: how the person may be reached without danger.

    Nothing goes out before someone asked. Every message to a person asks
    `_get_safe_channel`, which answers with the one way that is safe now, or none.
    """

    _inherit = "ess.beneficiary"

    date_contact_asked = fields.Date(
        string="Asked on",
        copy=False,
        groups=FILE_GROUPS,
        help="The day when someone asked the person how to reach them. Before that, "
        "no message leaves.",
    )
    contact_phone = fields.Boolean(string="Call", groups=FILE_GROUPS)
    contact_sms = fields.Boolean(string="Text message", groups=FILE_GROUPS)
    contact_email = fields.Boolean(string="Write an e-mail", groups=FILE_GROUPS)
    contact_post = fields.Boolean(string="Letter", groups=FILE_GROUPS)
    contact_person = fields.Char(
        string="Through a person chosen",
        groups=FILE_GROUPS,
        help="Someone whom the person named, and how to reach them.",
    )
    is_contact_none = fields.Boolean(
        string="No contact at all",
        groups=FILE_GROUPS,
        help="Wait until the person comes. Wins over everything else.",
    )
    safe_phone = fields.Char(
        groups=FILE_GROUPS,
        help="A number that is safe, if it differs from the usual one.",
    )
    safe_email = fields.Char(
        string="Safe e-mail",
        groups=FILE_GROUPS,
        help="An address that nobody else reads.",
    )
    safe_address = fields.Text(
        groups=FILE_GROUPS, help="Where a letter is safe, for example to a colleague."
    )
    contact_days = fields.Selection(
        selection=[
            ("every", "Every day"),
            ("week", "Monday to Friday"),
            ("mon", "Mondays"),
            ("tue", "Tuesdays"),
            ("wed", "Wednesdays"),
            ("thu", "Thursdays"),
            ("fri", "Fridays"),
            ("sat", "Saturdays"),
            ("sun", "Sundays"),
        ],
        string="On which days",
        default="every",
        groups=FILE_GROUPS,
    )
    contact_hour_from = fields.Float(string="From (hour)", groups=FILE_GROUPS)
    contact_hour_to = fields.Float(
        string="To (hour)",
        groups=FILE_GROUPS,
        help="Leave both at 0 when any hour is fine.",
    )
    contact_voicemail = fields.Selection(
        selection=YES_NO,
        string="May we leave a message?",
        groups=FILE_GROUPS,
        help="Empty counts as no.",
    )
    contact_shared = fields.Selection(
        selection=YES_NO,
        string="Does someone else use the phone?",
        groups=FILE_GROUPS,
        help="With “Yes”, the usual number serves for no text and no message.",
    )
    contact_sender = fields.Char(
        string="Say that it is from",
        groups=FILE_GROUPS,
        help="A name that tells nothing, for example a first name.",
    )
    contact_words = fields.Text(
        string="Words to use",
        groups=FILE_GROUPS,
        help="What may be said if someone else answers or reads.",
    )
    contact_language = fields.Char(string="Language of messages", groups=FILE_GROUPS)
    safe_contact_words = fields.Char(
        string="Safe contact",
        compute="_compute_safe_contact_words",
        groups=FILE_GROUPS,
    )

    _contact_hours = models.Constraint(
        "CHECK (COALESCE(contact_hour_from, 0) BETWEEN 0 AND 24"
        " AND COALESCE(contact_hour_to, 0) BETWEEN 0 AND 24"
        " AND COALESCE(contact_hour_from, 0) <= COALESCE(contact_hour_to, 0))",
        "The hours of contact go from the earlier to the later, between 0 and 24.",
    )

    # === COMPUTE

    @api.depends(
        "date_contact_asked",
        "is_contact_none",
        "contact_days",
        "contact_hour_from",
        "contact_hour_to",
        "contact_voicemail",
        *(f"contact_{channel}" for channel in CHANNELS),
    )
    @api.depends_context("lang")
    def _compute_safe_contact_words(self):
        """Say in one line how to reach the person, for the top of the file."""
        for beneficiary in self:
            beneficiary.safe_contact_words = beneficiary._say_safe_contact()

    def _say_safe_contact(self):
        if not self.date_contact_asked:
            return self.env._("Not asked yet: nothing is sent to this person.")
        channels = [self._channel_label(name) for name in self._get_allowed_channels()]
        if not channels:
            return self.env._("No contact: wait until the person comes.")
        days = dict(self._fields["contact_days"]._description_selection(self.env))
        words = [", ".join(channels), days.get(self.contact_days, "")]
        if self.contact_hour_to:
            words.append(
                self.env._(
                    "from %(first)s to %(last)s",
                    first=self._hour_words(self.contact_hour_from),
                    last=self._hour_words(self.contact_hour_to),
                )
            )
        if "phone" in self._get_allowed_channels() and self.contact_voicemail != "yes":
            words.append(self.env._("leave no message"))
        return " · ".join(filter(None, words))

    def _channel_label(self, name):
        return self._fields[f"contact_{name}"]._description_string(self.env)

    @api.model
    def _hour_words(self, hour):
        """Return an hour as people write it: 10.5 is "10:30"."""
        minutes = round(hour * 60)
        return f"{minutes // 60}:{minutes % 60:02}"

    @api.constrains("safe_email")
    def _check_safe_email(self):
        for beneficiary in self:
            if beneficiary.safe_email and not email_normalize(beneficiary.safe_email):
                raise ValidationError(
                    self.env._(
                        "The safe e-mail must be one address, for example "
                        "name@example.org."
                    )
                )

    # === BUSINESS

    def _get_allowed_channels(self):
        """Return the channels that the person allowed, once asked.

        :rtype: list of str, in the order of `CHANNELS`
        """
        self.ensure_one()
        if not self.date_contact_asked or self.is_contact_none:
            return []
        return [name for name in CHANNELS if self[f"contact_{name}"]]

    def _get_safe_channel(self, wanted=CHANNELS, at=None):
        """Return the way in which this person may be reached now, or nothing.

        Every message to a person asks here first: reminders, codes, letters, calls.

        :param wanted: channels that the caller can use, the first safe one is taken:
            ``phone``, ``sms``, ``email``, ``post``, ``person``
        :param datetime at: the moment of the message in UTC, now by default
        :return: ``{"channel", "to", "sender", "words", "language", "voicemail"}`` with
            the number or address in ``to``; empty when no message may leave
        :rtype: dict
        """
        self.ensure_one()
        person = self.sudo()  # only how to reach the person leaves this method
        for channel in person._get_allowed_channels():
            to = channel in wanted and person._get_safe_address(channel)
            if to and (channel == "post" or person._is_safe_hour(at)):
                return {
                    "channel": channel,
                    "to": to,
                    "sender": person.contact_sender or self.env._("Your contact"),
                    "words": person.contact_words or "",
                    "language": person.contact_language or person.languages or "",
                    "voicemail": channel == "phone"
                    and person.contact_voicemail == "yes",
                }
        return {}

    def _get_safe_address(self, channel):
        """Return where this channel leads, or nothing.

        A protected file uses the address said to be safe and no other one; a phone
        that someone else uses takes no text.

        :rtype: str
        """
        usual = not self.is_protected
        if channel in ("phone", "sms"):
            alone = channel == "phone" or self.contact_shared != "yes"
            return self.safe_phone or (usual and alone and self.phone) or ""
        if channel == "email":
            return self.safe_email or (usual and self.email) or ""
        if channel == "person":
            return self.contact_person or ""
        street = "\n".join(filter(None, (self.street, self.street2)))
        town = " ".join(filter(None, (self.zip, self.city)))
        address = "\n".join(filter(None, (street, town)))
        return self.safe_address or (usual and address) or ""

    def _is_safe_hour(self, at=None):
        """Tell whether the person may be reached at this moment, in the association's
        own time.

        :param datetime at: in UTC, now by default
        :rtype: bool
        """
        zone = pytz.timezone(self.company_id.partner_id.tz or "Europe/Paris")
        local = pytz.utc.localize(at or fields.Datetime.now()).astimezone(zone)
        days = {"every": WEEKDAYS, "week": WEEKDAYS[:5]}.get(
            self.contact_days or "every", (self.contact_days,)
        )
        if WEEKDAYS[local.weekday()] not in days:
            return False
        if not self.contact_hour_to:
            return True
        since_midnight = timedelta(hours=local.hour, minutes=local.minute)
        hour = since_midnight.total_seconds() / 3600
        return self.contact_hour_from <= hour < self.contact_hour_to

    def _send_safe_email(self, subject, body):
        """Write to the person at their safe address, in neutral clothes, or not at all.

        The mail has no layout, no link and no name of the association beside the
        sender's address; no contact is made and the mail is deleted once sent. The
        file keeps a note of it.

        :param str subject: neutral words
        :param Markup body: HTML of the message
        :return: the mail to send
        :rtype: recordset of mail.mail
        :raises UserError: when no e-mail may leave now
        """
        self.ensure_one()
        self.check_access("write")
        channel = self._get_safe_channel(("email",))
        if not channel:
            raise UserError(
                self.env._(
                    "No e-mail may leave for this person now. Look at “Safe contact” "
                    "in the file: was the person asked, and at which hours?"
                )
            )
        # sudo: workers send no mail of their own; the address is the one allowed here
        mails = self.env["mail.mail"].sudo()
        mail = mails.create(self._prepare_safe_email(channel, subject, body))
        self._note_message_sent(channel["channel"], subject)
        return mail

    def _prepare_safe_email(self, channel, subject, body):
        """Return the values of a mail that says nothing but its words.

        :param dict channel: answer of `_get_safe_channel`
        :rtype: dict
        """
        address = email_normalize(self.company_id.sudo().email) or ""
        return {
            "subject": subject,
            "body_html": body,
            "email_to": channel["to"],
            "email_from": formataddr((channel["sender"], address)),
            "author_id": False,
            "recipient_ids": [],
            "auto_delete": True,
        }

    def _note_message_sent(self, channel, subject):
        """Keep a dated trace in the file: a note, which the person may read.

        :param str channel: one of `CHANNELS`
        :param str subject: what the message was about
        """
        self.env["ess.note"].create(
            {
                "beneficiary_id": self.id,
                "medium": NOTE_MEDIA[channel],
                "text": self.env._("Sent to the person: %s", subject),
            }
        )
