from odoo import fields, models


class EssSessionSheet(models.Model):
    """The scan or photo of a signed sheet, or of the slip of one person.

    Kept by the team of the session as the proof of its presences, until the control of
    the grant. A slip belongs to its person: the rules of protected files hold for it.
    """

    _name = "ess.session.sheet"
    _description = "Signed sheet"
    _order = "id desc"
    _rec_name = "file_name"
    _check_company_auto = True

    session_id = fields.Many2one(
        "ess.session", required=True, index=True, ondelete="restrict"
    )
    beneficiary_id = fields.Many2one(
        "ess.beneficiary",
        string="Slip of",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="Only for the slip of one person.",
    )
    file = fields.Binary(string="Scan", required=True, attachment=True)
    file_name = fields.Char()
    # Stored: read by the rules.
    programme_id = fields.Many2one(
        related="session_id.programme_id", store=True, precompute=True, index=True
    )
    company_id = fields.Many2one(
        related="session_id.company_id", store=True, precompute=True
    )
