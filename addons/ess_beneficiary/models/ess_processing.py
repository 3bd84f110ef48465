from odoo import fields, models


class EssProcessing(models.Model):
    """One line of the register of processings: what the association does with data.

    The register that GDPR art. 30 asks of every controller. The suite proposes
    starting lines; the data-protection officer and the direction decide, complete
    them and keep them up to date. A line that is no longer true is archived. The
    person reads the lines on the portal.
    """

    _name = "ess.processing"
    _description = "Processing of data"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=100)
    purpose = fields.Text(
        required=True, translate=True, help="What it serves, in words a person reads."
    )
    people = fields.Char(string="About whom", translate=True)
    data_kept = fields.Text(
        string="What is kept", translate=True, help="The kinds of data, not the data."
    )
    special_data = fields.Char(
        string="Sensitive data",
        translate=True,
        help="Health, origin, religion, offences… (GDPR art. 9 and 10), and the text "
        "that allows it. Empty: none.",
    )
    legal_basis = fields.Selection(
        selection=[
            ("interest", "Legitimate interest"),
            ("public_task", "Task of public interest"),
            ("law", "Legal obligation"),
            ("contract", "Contract"),
            ("consent", "Consent"),
            ("vital", "Vital interest"),
        ],
        required=True,
        default="interest",
        help="GDPR art. 6. Consent is one legal basis among others: it is asked when "
        "a refusal really changes nothing for the person.",
    )
    basis_note = fields.Char(
        string="Why this basis",
        translate=True,
        help="The text, or the balance between the interest and the person's rights.",
    )
    is_agreement_asked = fields.Boolean(
        string="The person is asked",
        help="Agreements to this processing can be noted in files.",
    )
    recipients = fields.Text(string="Who receives it", translate=True)
    transfers = fields.Char(
        string="Outside the European Union",
        translate=True,
        help="Countries and guarantees. Empty: nothing leaves the European Union.",
    )
    retention = fields.Text(string="How long it is kept", required=True, translate=True)
    protection = fields.Text(string="How it is protected", translate=True)
    notice = fields.Text(
        string="Information notice",
        translate=True,
        help="What the person is told or reads before they answer.",
    )
    notice_version = fields.Char(
        default="1",
        help="Kept with each agreement: raise it when the notice changes.",
    )
    source = fields.Char(help="Text or guidance on which this line rests.")
    date_review = fields.Date(string="To look at again on")
    company_id = fields.Many2one(
        comodel_name="res.company",
        string="Association",
        index=True,
        help="Empty: every association of this database.",
    )
    active = fields.Boolean(default=True)
