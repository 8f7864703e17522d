from odoo import fields, models

from odoo.addons.scm_base.tools.zones import local_today


class ResCompany(models.Model):
    _inherit = "res.company"

    scm_grade_gate = fields.Selection(
        [
            ("off", "Off"),
            ("warn", "Warn only"),
            ("block", "Warn and block, as the grade says"),
        ],
        "Grades at Purchase",
        required=True,
        default="warn",
        help="What a bad grade of the supplier does to quotations and orders.",
    )

    def _scm_local_today(self):
        """Today, where the company is."""
        self.ensure_one()
        return local_today(self)
