"""The money of the demo association: partners, ledger, grants, budgets, funder reports,
papers to send.
"""
