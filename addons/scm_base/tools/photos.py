"""Photos from outside: taken only as pictures, and only as we wrote them ourselves.

Each is read, turned upright, made smaller and written anew as JPEG. What hides in a file (scripts, places, a second
format) does not come along.
"""

import io

from PIL import Image, ImageOps

MAX_PHOTO_BYTES = 10 * 1024 * 1024
MAX_PHOTOS = 6
#: upper limit of a whole request: all photos and some room for the form around them
MAX_REQUEST_BYTES = MAX_PHOTOS * MAX_PHOTO_BYTES + 1024 * 1024
MAX_PIXELS = 60_000_000
LONGEST_SIDE_PIXELS = 1920
JPEG_QUALITY = 85
#: for the file dialog of a browser; phones turn their own formats into JPEG for it
ACCEPT = "image/jpeg,image/png,image/webp"
FORMATS = ("JPEG", "PNG", "WEBP")


class PhotoError(ValueError):
    """Why a photo is refused: ``code`` is one of kind, size, empty, count; ``name`` is the file's."""

    def __init__(self, code, name=""):
        super().__init__(code)
        self.code, self.name = code, name


def read_photos(files):
    """Read what a form sent, at most one byte more than is allowed of each file.

    :param files: objects with ``filename`` and ``read(size)``; those without a name are the form's empty inputs
    :return: list of JPEG contents (bytes)
    :raises PhotoError: for the first file that is refused; then none is taken
    """
    files = [file for file in files if file and file.filename]
    if len(files) > MAX_PHOTOS:
        raise PhotoError("count")
    return [rewrite(file.read(MAX_PHOTO_BYTES + 1), file.filename[:80]) for file in files]


def rewrite(content, name=""):
    """The picture in ``content`` as a JPEG of our own.

    :raises PhotoError: where it is none, or too large
    """
    if not content:
        raise PhotoError("empty", name)
    if len(content) > MAX_PHOTO_BYTES:
        raise PhotoError("size", name)
    try:
        image = Image.open(io.BytesIO(content), formats=FORMATS)
        if image.width * image.height > MAX_PIXELS:
            raise PhotoError("size", name)
        image.draft("RGB", (LONGEST_SIDE_PIXELS, LONGEST_SIDE_PIXELS))
        image = ImageOps.exif_transpose(image)
        image.thumbnail((LONGEST_SIDE_PIXELS, LONGEST_SIDE_PIXELS))
        written = io.BytesIO()
        _flat(image).save(written, "JPEG", quality=JPEG_QUALITY, optimize=True)
    except PhotoError:
        raise
    # whatever a broken or hostile file makes the decoder say, it is no picture to us
    except Exception as error:
        raise PhotoError("kind", name) from error
    return written.getvalue()


def _flat(image):
    """Without transparency: on white."""
    if image.mode in ("RGBA", "LA", "P", "PA"):
        image = image.convert("RGBA")
        ground = Image.new("RGB", image.size, "white")
        ground.paste(image, mask=image.getchannel("A"))
        return ground
    return image.convert("RGB")
