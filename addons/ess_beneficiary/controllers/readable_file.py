from odoo import http


class ReadableFile(http.Controller):
    """Download of the readable file."""
