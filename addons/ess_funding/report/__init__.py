from . import ess_funder_report_cerfa, ess_funder_report_pdf, ess_funder_report_xlsx
