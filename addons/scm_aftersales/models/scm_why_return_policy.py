from odoo import api, models


class ScmWhy(models.AbstractModel):
    _inherit = "scm.why"

    @api.model
    def _labels(self):
        return super()._labels() | self._return_policy_labels() | self._return_policy_skip_labels()

    @api.model
    def _return_policy_labels(self):
        return {
            "return_policy": self.env._("Return policy"),
            "return_policy_formula": self.env._("The first row of the policy whose conditions all hold decides"),
            "policy_approve": self.env._("Approve"),
            "policy_review": self.env._("To be looked at"),
            "policy_refuse": self.env._("Refuse"),
            "policy_row": self.env._("Deciding row"),
            "policy_version": self.env._("Version of the policy"),
            "policy_days_delivery": self.env._("Days since delivery"),
            "policy_days_order": self.env._("Days since the order"),
            "policy_value_line": self.env._("Value of the item"),
            "policy_value_return": self.env._("Value of the whole return"),
            "policy_condition": self.env._("Condition told by the customer"),
            "policy_unopened": self.env._("unopened"),
            "policy_opened": self.env._("opened"),
            "policy_used": self.env._("used"),
            "policy_none": self.env._("No return policy was in force: a person decides."),
            "policy_no_row": self.env._("No row of the policy fits: a person decides."),
            "policy_version_today": self.env._(
                "The order was confirmed before there was a policy: the version of the day of the request was taken."
            ),
        }

    @api.model
    def _return_policy_skip_labels(self):
        return {
            "policy_skip_days": self.env._("“%(row)s” does not fit: days."),
            "policy_skip_final_sale": self.env._("“%(row)s” does not fit: final sale."),
            "policy_skip_category": self.env._("“%(row)s” does not fit: product category."),
            "policy_skip_tag": self.env._("“%(row)s” does not fit: product tag."),
            "policy_skip_reason": self.env._("“%(row)s” does not fit: reason."),
            "policy_skip_condition": self.env._("“%(row)s” does not fit: condition of the goods."),
            "policy_skip_value": self.env._("“%(row)s” does not fit: value."),
            "policy_skip_class": self.env._("“%(row)s” does not fit: customer class."),
            "policy_skip_country": self.env._("“%(row)s” does not fit: country."),
        }
