from . import ess_cost_assign
from . import ess_funding_statement
from . import ess_funding_statement_line
