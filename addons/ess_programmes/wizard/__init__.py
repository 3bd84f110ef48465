from . import (
    ess_enrolment_close,
    ess_enrolment_exception,
    ess_interview,
    ess_need,
    ess_need_line,
    ess_presence_export,
    ess_request_page,
    ess_session_match,
    ess_session_match_line,
    ess_session_series_change,
)
