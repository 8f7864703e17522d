from odoo import api, models


class ScmWhy(models.AbstractModel):
    """Words of the choice of vendors and of the stress test."""

    _inherit = "scm.why"

    @api.model
    def _labels(self):
        return super()._labels() | {
            "choice_landed": self.env._("Expected landed cost per unit"),
            "choice_lateness": self.env._("of it: margin lost by this vendor's lateness"),
            "choice_quality": self.env._("of it: defects"),
            "choice_late_days": self.env._("Usually late by"),
            "choice_late_sample": self.env._("Receipts behind it"),
            "choice_defects": self.env._("Defective"),
            "choice_grade": self.env._("Grade"),
            "choice_share": self.env._("Most that its grade may have of the product"),
            "choice_over_share": self.env._("No other vendor could take it: this is more than its grade's share."),
            "choice_over_capacity": self.env._("No other vendor could take it: this is more than it makes in a week."),
            "stress_test": self.env._("Stress test of a supplier"),
            "stress_formula": self.env._(
                "Margin of the units that cannot be sold because the supplier stops, less what backups bring"
            ),
            "stress_stop_days": self.env._("The supplier stops for"),
            "stress_lost": self.env._("Units that cannot be sold"),
            "stress_unit_margin": self.env._("Margin per unit"),
            "stress_backup_lead": self.env._("Lead time of the backup"),
            "stress_switch_days": self.env._("Days to take on a new source"),
            "stress_covered": self.env._("Units that backups bring"),
            "stress_extra_cost": self.env._("What they cost more"),
            "choice_blocked": self.env._("This vendor is blocked, but nobody else sells the product."),
        }
