"""What phones send: keys, moments and pictures, none of them trusted."""

import base64
import binascii
import re
from datetime import datetime, timedelta, timezone

from odoo import fields
from odoo.exceptions import UserError

from odoo.addons.scm_base.tools.photos import MAX_PHOTO_BYTES, PhotoError, rewrite

#: a phone that was out of reach for longer than this tells its time in vain: the server's counts
LONGEST_AWAY = timedelta(days=14)
#: by which a phone's clock may be fast
FAST_CLOCK = timedelta(minutes=5)
_UUID = re.compile(r"[0-9A-Za-z_-]{8,64}")


def check_uuid(env, value):
    """The key that a phone gave to what it sends, or False; an unfit one is refused."""
    if not value:
        return False
    if not isinstance(value, str) or not _UUID.fullmatch(value):
        raise UserError(env._("The key of what the phone sent is unfit. Load the page again."))
    return value


def phone_moment(value):
    """Naive UTC moment by the phone's clock where that can be right, else now."""
    now = fields.Datetime.now()
    if not value:
        return now
    try:
        moment = datetime.fromisoformat(str(value).replace("Z", "+00:00"))
    except ValueError:
        return now
    if moment.tzinfo:
        moment = moment.astimezone(timezone.utc).replace(tzinfo=None)
    return moment.replace(microsecond=0) if now - LONGEST_AWAY <= moment <= now + FAST_CLOCK else now


def picture(env, photo):
    """A picture as a JPEG of our own (bytes).

    :param photo: base64 text or ``{'name', 'data'}``
    :raises UserError: for what is no picture or too large
    """
    data = photo.get("data") if isinstance(photo, dict) else photo
    name = str(photo.get("name") or "")[:80] if isinstance(photo, dict) else ""
    try:
        text = str(data or "")
        text = text.rpartition(",")[2] if text.startswith("data:") else text
        if len(text) > MAX_PHOTO_BYTES * 1.4:
            raise PhotoError("size", name)
        return rewrite(base64.b64decode(text, validate=True), name)
    except (PhotoError, binascii.Error, ValueError) as error:
        raise UserError(
            env._(
                "%(name)s is not taken: photos are JPEG, PNG or WebP pictures of at most %(size)s MB.",
                name=name or env._("The photo"),
                size=MAX_PHOTO_BYTES // 1024 // 1024,
            )
        ) from error


def photo_values(record, photos, most):
    """Commands that set a many2many of attachments to these pictures, each written anew by us."""
    photos = photos or []
    if not isinstance(photos, list | tuple) or len(photos) > most:
        raise UserError(record.env._("At most %(count)s photos are taken.", count=most))
    attachments = record.env["ir.attachment"].create(
        [
            {
                "name": f"{record.display_name}-{number}.jpg".replace("/", "-"),
                "raw": picture(record.env, photo),
                "mimetype": "image/jpeg",
                "res_model": record._name,
                "res_id": record.id,
            }
            for number, photo in enumerate(photos, 1)
        ]
    )
    return [(6, 0, attachments.ids)]
