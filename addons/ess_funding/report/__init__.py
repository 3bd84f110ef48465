from . import (
    ess_accounts_pdf,
    ess_accounts_xlsx,
    ess_funder_report_cerfa,
    ess_funder_report_pdf,
    ess_funder_report_xlsx,
)
