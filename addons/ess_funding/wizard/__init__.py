from . import (
    ess_association_chart,
    ess_association_chart_line,
    ess_cost_assign,
    ess_funding_statement,
    ess_funding_statement_line,
)
