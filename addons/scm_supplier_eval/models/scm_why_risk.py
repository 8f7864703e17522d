from odoo import api, models


class ScmWhy(models.AbstractModel):
    _inherit = "scm.why"

    @api.model
    def _labels(self):
        return {
            **super()._labels(),
            "risk_method": self.env._("Likelihood of trouble, by what was measured (noisy-OR, Pearl 1988)"),
            "risk_formula": self.env._("1 − product over the causes of (1 − chance that this cause leads to trouble)"),
            "risk_late": self.env._("Chance by late deliveries"),
            "risk_defects": self.env._("Chance by bad quality"),
            "risk_falling": self.env._("Chance by a falling scorecard"),
            "risk_grade": self.env._("Chance by its grade"),
            "risk_evidence": self.env._("Chance by critical documents that ended or end soon"),
            "risk_unqualified": self.env._("Chance by goods it is not qualified for"),
            "risk_otif": self.env._("On time in full, drawn to the mean of all by sample size"),
            "risk_bad_share": self.env._("Share returned or rejected, drawn likewise"),
            "risk_impact": self.env._("Margin at stake"),
            "risk_alone": self.env._("Products that nobody else may deliver"),
            "risk_no_deliveries": self.env._("Nothing was due in the window: the mean of all suppliers was taken."),
            "stake_method": self.env._("Margin at stake if the main supplier stops today"),
            "stake_formula": self.env._("margin per day × share of the main supplier × days to switch"),
            "stake_margin_day": self.env._("Margin per day"),
            "stake_share": self.env._("Share of the main supplier"),
            "stake_switch_days": self.env._("Days to switch"),
            "backup_method": self.env._("Days until the candidate delivers"),
            "backup_formula": self.env._("its lead time + days to move orders + days to sample and approve"),
            "backup_lead_days": self.env._("Mean lead time of the candidate"),
            "backup_move_days": self.env._("Days to move orders"),
            "backup_trial_days": self.env._("Days to sample and approve"),
            "backup_score": self.env._("Score of its latest scorecard"),
            "backup_qualified": self.env._("Qualified for the category of the product."),
            "backup_conditional": self.env._("Qualified for the category of the product, on conditions."),
            "backup_lead_unknown": self.env._("No receipts and no price list name its days: 30 were taken."),
        }
