from . import ess_funder_report_pdf, ess_funder_report_xlsx
