from odoo import fields, models


class EssSkill(models.Model):
    """Something that a volunteer knows how to do, or a language that they speak.

    Created by the volunteer manager, on the fly.
    """

    _name = "ess.skill"
    _description = "Skill"
    _order = "name, id"

    name = fields.Char(required=True, translate=True)
    is_language = fields.Boolean()
    active = fields.Boolean(default=True)

    _name_uniq = models.UniqueIndex(
        "(name, is_language)", "This skill is already on the list."
    )
