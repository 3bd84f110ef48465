"""The demo association of the suite: facts in CSV files, one builder per subject.

Read `story.py` first (the calendar), then `house.py`, `people.py`, `lives.py`. The
rooms above add their own builders in their own ``demo`` folder; the command
``odoo ess_demo`` runs them all. Everybody and everything here is invented.
"""
