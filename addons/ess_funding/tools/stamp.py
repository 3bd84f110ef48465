"""Words stamped on the first page of a paper, for whoever audits a grant."""

import io

from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen import canvas

#: A4, in points
PAGE = (595.27, 841.89)
SIZE = 9


def make_page(lines, size=PAGE, image=None):
    """A PDF of one page: a frame with the lines at its foot, over an image if any.

    :param list lines: texts of the stamp
    :param tuple size: width and height in points
    :param bytes image: content of a picture, fitted to the page
    :rtype: bytes

    >>> make_page(["Financé par la Ville"])[:5]
    b'%PDF-'
    """
    buffer = io.BytesIO()
    width, height = size
    page = canvas.Canvas(buffer, pagesize=size)
    if image:
        page.drawImage(
            ImageReader(io.BytesIO(image)),
            *(20, 20, width - 40, height - 40),
            preserveAspectRatio=True,
        )
    box = 8 + (SIZE + 4) * len(lines)
    page.setFillColorRGB(1, 1, 1)
    page.setStrokeColorRGB(0.43, 0.35, 0.48)
    page.rect(20, 12, width - 40, box, stroke=1, fill=1)
    page.setFillColorRGB(0.25, 0.15, 0.3)
    page.setFont("Helvetica-Bold", SIZE)
    for at, line in enumerate(reversed(lines)):
        page.drawString(26, 19 + at * (SIZE + 4), line[:120])
    page.save()
    return buffer.getvalue()


def stamp(content, mimetype, lines):
    """A stamped PDF copy of a paper.

    :param bytes content: the paper
    :param str mimetype: PDF and pictures are stamped
    :param list lines: texts of the stamp
    :return: the PDF, or ``None`` for other kinds, damaged or locked files

    >>> stamp(b"not a pdf", "application/pdf", ["x"]) is None
    True
    >>> stamp(b"text", "text/plain", ["x"]) is None
    True
    """
    try:
        if mimetype == "application/pdf":
            return _stamp_pdf(content, lines)
        if mimetype in ("image/png", "image/jpeg"):
            return make_page(lines, image=content)
    # A paper may be broken in any way: the original goes into the file all the same.
    except (PyPdfError, OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return None


def _stamp_pdf(content, lines):
    """The PDF with the stamp on its first page."""
    if not content.startswith(b"%PDF-") or b"%%EOF" not in content[-2048:]:
        return None
    reader = PdfReader(io.BytesIO(content))
    if reader.is_encrypted or not reader.pages:
        return None
    writer = PdfWriter(clone_from=reader)
    first = writer.pages[0]
    size = (float(first.mediabox.width), float(first.mediabox.height))
    overlay = PdfReader(io.BytesIO(make_page(lines, size)))
    first.merge_page(overlay.pages[0])
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()
