from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    scm_supplier_mail = fields.Selection(
        [("off", "No mails"), ("preview", "Prepare, a buyer sends"), ("send", "Send by itself")],
        "Weekly Mail to Suppliers",
        required=True,
        default="off",
    )
    scm_supplier_mail_weekday = fields.Selection(
        [
            ("0", "Monday"),
            ("1", "Tuesday"),
            ("2", "Wednesday"),
            ("3", "Thursday"),
            ("4", "Friday"),
            ("5", "Saturday"),
            ("6", "Sunday"),
        ],
        "Day of the Mail",
        required=True,
        default="0",
    )
    scm_contest_days = fields.Integer(
        "Days to Contest",
        default=30,
        help="Suppliers may contest a scorecard for so many days after it was published. 0: at any time.",
    )

    _scm_contest_days_positive = models.Constraint(
        "CHECK(scm_contest_days >= 0)", "The days to contest a scorecard cannot be negative."
    )
