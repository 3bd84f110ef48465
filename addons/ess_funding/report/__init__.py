from . import ess_funder_report_pdf
from . import ess_funder_report_xlsx
