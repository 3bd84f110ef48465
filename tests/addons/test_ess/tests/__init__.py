from . import (
    test_access_table,
    test_canary,
    test_canary_http,
    test_concurrency,
    test_contacts,
    test_escalation,
    test_i18n,
    test_public_methods,
    test_read_paths,
    test_rooms,
    test_tours,
    test_violent_partner,
)
