"""The activity of the demo association: programmes, stays, sessions, presences,
volunteers.
"""
