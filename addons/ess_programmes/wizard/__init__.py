from . import ess_enrolment_close
