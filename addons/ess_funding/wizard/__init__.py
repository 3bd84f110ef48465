from . import ess_cost_assign, ess_funding_statement, ess_funding_statement_line
