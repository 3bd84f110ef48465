from . import person_agreements, person_portal, readable_file, share
