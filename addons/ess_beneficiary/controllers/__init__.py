from . import person_portal, readable_file
