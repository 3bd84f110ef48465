from . import kiosk, person_activities, volunteering
