from odoo import fields, models

from .scm_safety_item import KINDS


class ScmSafetyAnswer(models.Model):
    """What was asked, with the limits of that day, and what was answered."""

    _name = "scm.safety.answer"
    _description = "Answer of a Safety Inspection"
    _order = "inspection_id, sequence, id"

    inspection_id = fields.Many2one("scm.safety.inspection", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="inspection_id.company_id", store=True, index=True)
    warehouse_id = fields.Many2one(related="inspection_id.warehouse_id", store=True, index=True)
    date_done = fields.Datetime(related="inspection_id.date_done", store=True)
    item_id = fields.Many2one("scm.safety.item", ondelete="set null", index="btree_not_null")
    sequence = fields.Integer()
    section = fields.Char()
    question = fields.Char(required=True)
    kind = fields.Selection(KINDS, required=True)
    is_critical = fields.Boolean("Critical")
    value = fields.Char("Answer")
    number = fields.Float(aggregator="avg")
    unit = fields.Char()
    limits = fields.Char("Limits Then")
    result = fields.Selection([("passed", "OK"), ("failed", "Not OK"), ("na", "Not Applicable")], required=True)
    location_id = fields.Many2one("stock.location", "At Place", ondelete="set null", index="btree_not_null")
    location_name = fields.Char("At Place, as Named")
    note = fields.Text()
    attachment_ids = fields.Many2many("ir.attachment", string="Photos")

    def _finding_key(self):
        """What tells whether the same thing was found before: question, place and equipment."""
        self.ensure_one()
        inspection = self.inspection_id
        place = self.location_id.id or self.location_name or inspection.location_id.id or inspection.location_name
        return f"{self.item_id.id or self.question}|{place or ''}|{inspection.equipment or ''}"

    def _said(self):
        """The answer in words, with its unit and what would have been right."""
        self.ensure_one()
        if self.kind == "number":
            said = f"{self.number:g} {self.unit or ''}".strip()
            return f"{said} ({self.limits})" if self.limits else said
        words = {
            "nok": self.env._("Not OK"),
            "ok": self.env._("OK"),
            "na": self.env._("Not applicable"),
            "none": self.env._("No damage"),
            "green": self.env._("Green: keep an eye on it"),
            "amber": self.env._("Amber: unload soon"),
            "red": self.env._("Red: unload at once"),
        }
        return words.get(self.value, self.value or "")

    def _place_to_lock(self):
        """The place named in the answer, else that of the inspection where it is a single one; often none."""
        self.ensure_one()
        places = self.env["stock.location"]
        if not self.item_id.is_locking:
            return places
        whole = self.inspection_id.location_id
        return self.location_id or (whole if not whole.child_ids else places)
