from . import person_agreements, person_complaint, person_portal, readable_file, share
