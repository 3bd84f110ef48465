from . import kiosk, volunteering
