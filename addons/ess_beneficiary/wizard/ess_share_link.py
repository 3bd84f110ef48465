from odoo import fields, models


class EssShareLink(models.TransientModel):
    """The link of a share, shown once to the worker who made it.

    Nothing of it is stored: the link is in the window only.
    """

    _name = "ess.share.link"
    _description = "Link of a share"

    # shown from the context of the window: it is written nowhere
    link = fields.Char(store=False, readonly=True)
