import base64
import io

from odoo import fields, models
from odoo.exceptions import UserError
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

WIDTHS = (24, 22, 26, 10, 20, 60, 44, 40, 30)
ANSWER_COLUMN = 8
#: Excel takes lists of choices in a cell up to this length
LONGEST_LIST = 250


class ScmSupplierTemplate(models.Model):
    """The questionnaire as a spreadsheet, for suppliers who like to fill it in there; the import reads it back."""

    _inherit = "scm.supplier.template"

    workbook = fields.Binary(compute="_compute_workbook")

    def _compute_workbook(self):
        for template in self:
            template.workbook = base64.b64encode(template._workbook_bytes())

    def action_download_workbook(self):
        """Download the questions with an empty column for the answers."""
        self.ensure_one()
        if self.state == "draft":
            raise UserError(self.env._("Put “%(template)s” into use first.", template=self.display_name))
        name = self.display_name.replace("/", "-").replace(",", "")
        url = f"/web/content/{self._name}/{self.id}/workbook/{name}.xlsx?download=true"
        return {"type": "ir.actions.act_url", "url": url, "target": "download"}

    def _workbook_bytes(self, supplier="", category=""):
        """One row per question, in the headings that the import knows."""
        labels = {field["name"]: field["label"] for field in self.env["scm.importer.questionnaire"]._import_fields()}
        book = Workbook()
        sheet = book.active
        sheet.title = self.env._("Questionnaire")
        sheet.append(
            [
                labels["supplier"],
                labels["category"],
                labels["template"],
                labels["question"],
                self.env._("Section"),
                self.env._("Question in words"),
                self.env._("Choices"),
                labels["answer"],
                labels["comment"],
            ]
        )
        # sudo: who may read the template may read its questions; buyers have no right to surveys
        for question in self.sudo().survey_id.question_ids:
            sheet.append(
                [
                    supplier,
                    category,
                    self.display_name,
                    question.scm_code or question.title,
                    question.page_id.title,
                    f"{question.title} *" if question.constr_mandatory else question.title,
                    "\n".join(question.suggested_answer_ids.mapped("value")),
                    "",
                    "",
                ]
            )
            self._offer_choices(sheet, question.suggested_answer_ids.mapped("value"))
        self._format_sheet(sheet)
        buffer = io.BytesIO()
        book.save(buffer)
        return buffer.getvalue()

    def _offer_choices(self, sheet, choices):
        """A list to choose from, where Excel can hold it: commas part the choices there."""
        text = ",".join(choices)
        if choices and len(text) <= LONGEST_LIST and not any("," in choice for choice in choices):
            offered = DataValidation(type="list", formula1=f'"{text}"', allow_blank=True)
            sheet.add_data_validation(offered)
            offered.add(sheet.cell(sheet.max_row, ANSWER_COLUMN))

    def _format_sheet(self, sheet):
        for column, width in enumerate(WIDTHS, 1):
            sheet.column_dimensions[get_column_letter(column)].width = width
        for cell in sheet[1]:
            cell.font = Font(bold=True)
        for row in sheet.iter_rows(min_row=2):
            for cell in row:
                cell.alignment = Alignment(wrap_text=True, vertical="top")
                if cell.data_type == "f":  # the name of a supplier that begins with "=" is no formula
                    cell.data_type = "s"
            row[ANSWER_COLUMN - 1].fill = PatternFill("solid", fgColor="FFF7DB")
        sheet.freeze_panes = "A2"
