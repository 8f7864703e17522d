from odoo import api, models


class ScmImportWords(models.AbstractModel):
    """What the codes of kernel/problems.py say to a person."""

    _name = "scm.import.words"
    _description = "Words of the Import"

    @api.model
    def _file_problem(self, problem):
        """Sentence for a FileProblem: what is wrong and what to do."""
        params = problem.params
        # a bomb without a limit is known by its definitions, not by its size
        code = "definitions" if problem.code == "bomb" and not params.get("limit") else problem.code
        text = self._file_texts().get(code)
        if not text:
            return self.env._("The file cannot be read (%(code)s).", code=problem.code)
        known = {
            "limit": self._amount(problem.code, params.get("limit")),
            "size": self._amount(problem.code, params.get("size")),
            "kind": params.get("kind", ""),
            "encoding": params.get("encoding", ""),
            "row": params.get("row", ""),
            "sheet": params.get("sheet", ""),
            "sheets": ", ".join(params.get("sheets", ())),
            "library": params.get("library", ""),
        }
        return text % known

    @api.model
    def _amount(self, code, value):
        if value is None:
            return ""
        return f"{value / 2**20:,.0f} MB" if code in ("too_large", "bomb") else f"{value:,}"

    @api.model
    def _file_texts(self):
        return {
            "empty": self.env._("The file or the chosen sheet is empty."),
            "too_large": self.env._("The file has %(size)s, more than the %(limit)s that can be read. Split it."),
            "not_a_table": self.env._("This is no table but a file of kind %(kind)s. Save it as .xlsx, .xls or .csv."),
            "corrupted": self.env._(
                "The file is damaged. Open it in your spreadsheet program, save it again and retry."
            ),
            "password": self.env._("The workbook is protected by a password. Save a copy without one and import that."),
            "bomb": self.env._("The file would unpack to %(size)s, more than %(limit)s, and was not opened."),
            "definitions": self.env._(
                "The file holds definitions that no spreadsheet program writes, and was not opened."
            ),
            "too_many_rows": self.env._("The sheet has more than %(limit)s rows. Split the file."),
            "too_many_columns": self.env._("Row %(row)s has more than %(limit)s columns. Check the delimiter."),
            "wrong_encoding": self.env._("Row %(row)s is no text in %(encoding)s. Choose another encoding."),
            "unknown_encoding": self.env._("The encoding %(encoding)s is not known."),
            "cell_too_long": self.env._("A cell in row %(row)s never ends: a quotation mark is probably not closed."),
            "no_such_sheet": self.env._("There is no sheet “%(sheet)s”. The file has: %(sheets)s."),
            "missing_library": self.env._("The server lacks the Python package %(library)s to read this kind of file."),
        }

    @api.model
    def _value_problem(self, code):
        """Sentence for a ValueProblem; the cell's content is shown beside it."""
        texts = {
            "not_a_number": self.env._("This is not a number."),
            "not_a_date": self.env._("This is not a date in the chosen order of day, month and year."),
            "not_text": self.env._("This is not a text."),
            "date_not_number": self.env._("This is a date, but a number is wanted. Format the column as a number."),
            "date_not_text": self.env._(
                "Excel turned this code into a date. Format the column as text and type it again."
            ),
            "number_not_date": self.env._("This is a number, but a date is wanted."),
            "error_value": self.env._("The formula in this cell gives an error."),
            "formula_without_value": self.env._(
                "The formula in this cell was never calculated. Open the file in a spreadsheet program and save it."
            ),
            "digits_lost": self.env._("Excel rounded this code. Format the column as text and type it again."),
            "out_of_range": self.env._("This value is out of range."),
        }
        return texts.get(code) or self.env._("This value cannot be read (%(code)s).", code=code)
