from odoo import api, models


class EssRequest(models.Model):
    """Noting a request in three taps: the button, what is asked, the answer."""

    _inherit = "ess.request"

    @api.model
    def _get_quick_action(self, **context):
        """Return the small window where a request is noted.

        :param context: what is known already, as ``default_…`` values
        :rtype: dict
        """
        view = self.env.ref("ess_programmes.ess_request_view_form_quick")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("What is asked?"),
            "res_model": "ess.request",
            "views": [(view.id, "form")],
            "target": "new",
            "context": context,
        }

    @api.model
    def action_new_request(self):
        """Note the request of someone whose name is not asked."""
        return self._get_quick_action(default_headcount=1, default_channel="reception")

    @api.model
    def action_get_answers(self, is_unconditional=False):
        """Return the answers that the small window offers.

        :param bool is_unconditional: leave out reasons that ask for papers
        :return: ``{'reasons': [(id, name)…], 'own_reasons': the person's own}``
        :rtype: dict
        """
        # a short list of the association
        reasons = self.env["ess.refusal.reason"].search(
            [("is_paper_related", "=", False)] if is_unconditional else [], limit=80
        )
        own = reasons.filtered("is_by_person")
        return {
            "reasons": [(reason.id, reason.name) for reason in reasons - own],
            "own_reasons": [(reason.id, reason.name) for reason in own],
        }
