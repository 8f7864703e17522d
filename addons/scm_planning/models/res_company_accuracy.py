from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    scm_champion_auto = fields.Boolean(
        "Change methods automatically",
        help="A method that beat the one in use for a class by enough, over enough weeks, takes its place at once; "
        "else it waits for a person under Accuracy > Methods. Each change is logged.",
    )
