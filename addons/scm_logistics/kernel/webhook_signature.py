"""Is the message from whom it says, and from now? Each function compares in constant time.

Schemes, as their owners document them:

* ours: hex of HMAC-SHA256 (RFC 2104) over ``<seconds since 1970>.<body>``
* AfterShip: base64 of HMAC-SHA256 over the body
* Kuaidi100: upper-case hex of MD5 over ``param`` and the salt that was given with the subscription
* 17TRACK: hex of SHA-256 over ``<body>/<key>``

The last three carry no time, so a copy of an old message passes; since an event that is told twice is one event, it
changes nothing.
"""

import base64
import hashlib
import hmac


def sign(secret, seconds, body):
    """Signature in our own scheme.

    >>> sign("key", 1700000000, b"{}")[:16]
    '9d713ed406bb7076'
    """
    message = str(seconds).encode() + b"." + body
    return hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()


def check_own(secret, seconds, signature, body, now, window):
    """``ok``, ``signature`` (wrong or missing), or ``stale`` (signed too long ago, or in the future).

    :param seconds: what the sender wrote as time stamp; now: seconds since 1970; window: seconds

    >>> signature = sign("key", 1700000000, b"{}")
    >>> check_own("key", "1700000000", signature, b"{}", 1700000200, 300)
    'ok'
    >>> check_own("key", "1700000000", signature, b"{}", 1700000301, 300)
    'stale'
    >>> check_own("key", "1700000001", signature, b"{}", 1700000200, 300)
    'signature'
    """
    stamp = (seconds or "").strip()
    if not (stamp.isascii() and stamp.isdecimal() and len(stamp) <= 12):
        return "signature"
    given = (signature or "").strip().removeprefix("sha256=").lower()
    if not secret or not _same(given, sign(secret, stamp, body)):
        return "signature"
    return "ok" if abs(now - int(stamp)) <= window else "stale"


def check_aftership(secret, signature, body):
    """True when AfterShip signed the body.

    >>> check_aftership("key", "p3dyTZQ+tI3Gm8qKSm1XoE2z+ex+HeTlgehgJlvfMDI=", b"{}"), check_aftership("", "", b"{}")
    (True, False)
    """
    expected = base64.b64encode(hmac.new((secret or "").encode(), body, hashlib.sha256).digest()).decode()
    return bool(secret) and _same((signature or "").strip(), expected)


def check_kuaidi100(salt, signature, param):
    """True when Kuaidi100 signed the form field ``param``."""
    expected = hashlib.md5((param + (salt or "")).encode("utf-8", "replace")).hexdigest()
    return bool(salt) and _same((signature or "").strip().lower(), expected)


def check_17track(key, signature, body):
    """True when 17TRACK signed the body."""
    expected = hashlib.sha256(body + b"/" + (key or "").encode()).hexdigest()
    return bool(key) and _same((signature or "").strip().lower(), expected)


def _same(given, expected):
    return hmac.compare_digest(given.encode("utf-8", "replace"), expected.encode())
