"""What can be wrong with a file or a cell, as codes that the Odoo side translates.

File codes and their params:

======================= ===================================================================================
empty                   no bytes, or no row with content
too_large               ``size``, ``limit`` (bytes)
not_a_table             ``kind``: html, xml, pdf, image, ods, xlsb, word, zip, gzip, unknown
corrupted               ``detail`` (technical, English)
password                the workbook is encrypted
bomb                    ``part``, ``size``, ``limit``: it would unpack to too much
too_many_rows           ``limit``
too_many_columns        ``limit``, ``row``
wrong_encoding          ``encoding``, ``row``: bytes that are no text in this encoding
unknown_encoding        ``encoding``: no such encoding
cell_too_long           ``row``: usually a quotation mark that is never closed
no_such_sheet           ``sheet``, ``sheets``
missing_library         ``library``
======================= ===================================================================================

Value codes: ``not_a_number``, ``not_a_date``, ``not_text``, ``date_not_number``, ``date_not_text``,
``number_not_date``, ``error_value`` (#N/A and the like), ``formula_without_value``, ``digits_lost`` (a code that Excel
rounded or wrote as 1.2E+12), ``out_of_range``.
"""


class FileProblem(Exception):  # noqa: N818 - it is shown to people as a problem, not as a program's error
    """A file that cannot be read; ``code`` and ``params`` as listed above."""

    def __init__(self, code, **params):
        super().__init__(code, params)
        self.code = code
        self.params = params

    def __str__(self):
        return f"{self.code}: " + ", ".join(f"{name}={value!r}" for name, value in self.params.items())


class ValueProblem(ValueError):  # noqa: N818
    """A cell that is not what its column wants; ``value`` is what the file holds."""

    def __init__(self, code, value):
        super().__init__(code, value)
        self.code = code
        self.value = value

    def __str__(self):
        return f"{self.code}: {self.value!r}"
