from .models.account_chart_template import FRENCH_CHARTS


def post_init_hook(env):
    """Companies that exist get their *Structure* action and associations' accounts."""
    for company in env["res.company"].search([]):
        company._get_structure_action()
        if company.chart_template in FRENCH_CHARTS and not company.parent_id:
            env["account.chart.template"]._ess_load_association(company)
