"""Files from outside: known kinds only, by name and by content, and never more than we are ready to read.

Nothing is unpacked or parsed here. A file is refused when its first bytes do not fit its name, so that a page or a
program does not come in as a picture.
"""

import os

MAX_FILE_BYTES = 10 * 1024 * 1024
MAX_FILES = 5
#: upper limit of a whole request: all files and some room for the form around them
MAX_REQUEST_BYTES = MAX_FILES * MAX_FILE_BYTES + 1024 * 1024
MAX_NAME_LENGTH = 120

ZIP = b"PK\x03\x04"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
#: {extension: (media type that we send it with, first bytes)}; None: plain text
KINDS = {
    ".pdf": ("application/pdf", (b"%PDF-",)),
    ".png": ("image/png", (b"\x89PNG\r\n\x1a\n",)),
    ".jpg": ("image/jpeg", (b"\xff\xd8\xff",)),
    ".jpeg": ("image/jpeg", (b"\xff\xd8\xff",)),
    ".webp": ("image/webp", (b"RIFF",)),
    ".xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", (ZIP,)),
    ".docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", (ZIP,)),
    ".xls": ("application/vnd.ms-excel", (OLE,)),
    ".csv": ("text/csv", None),
    ".txt": ("text/plain", None),
}
#: for the file dialog of a browser
ACCEPT = ",".join(KINDS)


class UploadError(ValueError):
    """Why a file is refused: ``code`` is one of kind, content, size, empty, count; ``name`` the file's."""

    def __init__(self, code, name=""):
        super().__init__(code)
        self.code, self.name = code, name


def safe_name(name):
    """The bare file name without folders, control characters and excess length, its extension kept.

    >>> safe_name('..\\\\..\\\\etc/pass\\x00wd.pdf')
    'passwd.pdf'
    >>> len(safe_name('x' * 500 + '.png'))
    120
    """
    name = (name or "").replace("\\", "/").rsplit("/", 1)[-1]
    name = "".join(sign for sign in name if sign.isprintable() and sign not in '<>:"|?*').strip(" .") or "file"
    stem, extension = os.path.splitext(name)
    return stem[: MAX_NAME_LENGTH - len(extension)] + extension


def check_content(name, content):
    """Media type of a file, judged by its name and its first bytes.

    >>> check_content('scan.pdf', b'%PDF-1.7 ...')
    'application/pdf'
    >>> check_content('scan.pdf', b'<html><script>')  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
    ...
    UploadError: content

    :raises UploadError: kind, content, size or empty
    """
    extension = os.path.splitext(name)[1].lower()
    if extension not in KINDS:
        raise UploadError("kind", name)
    if not content:
        raise UploadError("empty", name)
    if len(content) > MAX_FILE_BYTES:
        raise UploadError("size", name)
    media_type, heads = KINDS[extension]
    if not (_is_text(content) if heads is None else content.startswith(heads)):
        raise UploadError("content", name)
    if extension == ".webp" and content[8:12] != b"WEBP":
        raise UploadError("content", name)
    return media_type


def _is_text(content):
    """No zero bytes and no markup at its start: tables and notes, nothing that a browser would run."""
    head = content[:4096].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return b"\x00" not in content[:4096] and not head.startswith((b"<", b"#!"))


def read_uploads(files):
    """Check and read what a form sent, at most one byte more than is allowed of each file.

    :param files: objects with ``filename`` and ``read(size)``; those without a name are the form's empty inputs
    :return: list of ``(name, content, media type)``
    :raises UploadError: for the first file that is refused; then none is taken
    """
    files = [file for file in files if file and file.filename]
    if len(files) > MAX_FILES:
        raise UploadError("count")
    uploads = []
    for file in files:
        name = safe_name(file.filename)
        content = file.read(MAX_FILE_BYTES + 1)
        uploads.append((name, content, check_content(name, content)))
    return uploads
