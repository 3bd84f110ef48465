"""The effect of the demo association: targets of the board and figures of the past
months.
"""
