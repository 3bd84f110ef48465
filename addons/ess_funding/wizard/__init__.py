from . import (
    ess_accounts_statement,  # first: the next file extends it
    ess_accounts_crod,
    ess_accounts_statement_line,
    ess_association_chart,
    ess_association_chart_line,
    ess_audit_file,
    ess_audit_file_people,
    ess_cost_assign,
    ess_funding_statement,
    ess_funding_statement_line,
    ess_grant_export,
    ess_grant_import,
    ess_grant_import_line,
    ess_paid_statement,
)
