"""The envelope of a locked aide-mémoire: what the server may check without the key.

The text is encrypted in the browser: PBKDF2 with SHA-256 makes a key of 256 bits from
the passphrase and a random salt, AES-GCM encrypts with a random initial value. The
number of iterations follows the OWASP Password Storage Cheat Sheet of 2021 (310 000 for
PBKDF2-HMAC-SHA256) and is raised to its figure of 2023 (600 000) in the browser.
"""

import base64
import binascii
import json

FORMAT = "ess-memo-1"
MIN_ITERATIONS = 310_000
# A larger number would only serve to freeze the reader's browser.
MAX_ITERATIONS = 10_000_000
SALT_BYTES, IV_BYTES, TAG_BYTES = 16, 12, 16
KEYS = {"format", "iterations", "salt", "iv", "data"}


def is_envelope(text):
    """Tell whether a text is an envelope, and nothing else.

    >>> b64 = lambda size: base64.b64encode(bytes(size)).decode()
    >>> good = {"format": FORMAT, "iterations": 600_000, "salt": b64(16),
    ...         "iv": b64(12), "data": b64(40)}
    >>> is_envelope(json.dumps(good))
    True
    >>> is_envelope(json.dumps(good | {"iterations": 1000}))
    False
    >>> is_envelope(json.dumps(good | {"note": "in clear"}))
    False
    >>> is_envelope(json.dumps(good | {"data": b64(15)}))
    False
    >>> is_envelope("Call her sister"), is_envelope("[1]"), is_envelope("")
    (False, False, False)

    :param str text: content of an aide-mémoire
    :rtype: bool
    """
    try:
        envelope = json.loads(text or "")
    except ValueError:
        return False
    if not isinstance(envelope, dict) or envelope.keys() != KEYS:
        return False
    iterations = envelope["iterations"]
    return (
        envelope["format"] == FORMAT
        and isinstance(iterations, int)
        and MIN_ITERATIONS <= iterations <= MAX_ITERATIONS
        and _size(envelope["salt"]) == SALT_BYTES
        and _size(envelope["iv"]) == IV_BYTES
        and _size(envelope["data"]) >= TAG_BYTES
    )


def _size(text):
    """Number of bytes of a base64 text, -1 if it is none."""
    try:
        return len(base64.b64decode(text, validate=True))
    except (binascii.Error, TypeError, ValueError):
        return -1
