from odoo import fields, models


class EssShareFrame(models.Model):
    """One legal ground on which a part of a file may be told to somebody outside.

    Shipped with its source; the data-protection officer checks the words and switches
    off what the association does not use. It says who may receive, whether the person
    is told before and whether the agreement is needed: the share enforces it.
    """

    _name = "ess.share.frame"
    _description = "Legal frame of a share"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, readonly=True, copy=False)
    sequence = fields.Integer(default=100)
    who = fields.Text(string="Who may receive", required=True, translate=True)
    told = fields.Selection(
        selection=[
            ("before", "Always before"),
            ("depends", "Before, unless a reason is written"),
        ],
        string="The person is told",
        required=True,
        default="before",
    )
    is_agreement_needed = fields.Boolean(
        string="Agreement needed",
        help="For this recipient: an agreement that holds today must be in the file.",
    )
    is_objection_possible = fields.Boolean(
        string="The person may object",
        help="A refusal noted in the file for this recipient stops the share.",
    )
    is_secrecy_needed = fields.Boolean(
        string="Bound by secrecy only",
        help="Volunteers and people who are not bound by professional secrecy never "
        "receive under this frame.",
    )
    is_upper_only = fields.Boolean(
        string="Coordination only",
        help="A requisition goes to the direction and the data-protection officer, "
        "never to the screen of a worker.",
    )
    source = fields.Char(required=True)
    active = fields.Boolean(default=True)

    _code_uniq = models.UniqueIndex("(code)", "Another frame has this code.")
