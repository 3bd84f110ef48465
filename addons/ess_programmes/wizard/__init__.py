from . import ess_enrolment_close, ess_request_page
