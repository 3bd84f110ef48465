from . import ess_funding_twin  # isort: skip  (abstract, used by the two next)
from . import account_analytic_account
from . import account_analytic_line
from . import account_analytic_plan
from . import account_move_line
from . import analytic_mixin
from . import ess_budget
from . import ess_budget_line
from . import ess_cerfa_line
from . import ess_funder_report
from . import ess_funder_report_figures
from . import ess_funder_report_line
from . import ess_funder_report_money
from . import ess_funding_action
from . import ess_grant
from . import ess_grant_nature
from . import ess_grant_share
from . import res_company
