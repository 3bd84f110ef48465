from . import (
    test_beneficiary,
    test_followup,
    test_life_project,
    test_mail,
    test_mask,
    test_profile,
    test_readable_file,
    test_search,
    test_security,
    test_situation,
    test_ui,
)
