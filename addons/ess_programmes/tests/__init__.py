from . import (
    test_beneficiary,
    test_card,
    test_data_inclusion,
    test_days,
    test_enrolment,
    test_performance,
    test_presence,
    test_programme,
    test_security,
    test_session,
    test_ui,
    test_volunteer,
)
