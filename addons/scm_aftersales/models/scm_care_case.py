from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.scm_base.tools.zones import local_today

CASE_STATES = [
    ("proposed", "To Approve"),
    ("approved", "Approved"),
    ("sent", "Sent"),
    ("held_out", "Left Alone"),
    ("over_budget", "Over Budget"),
    ("refused", "Not Sent"),
]


class ScmCareCase(models.Model):
    """One late order that a rule took up: what it was to get, why, and whether it got it. An order has one at most."""

    _name = "scm.care.case"
    _description = "Case of Proactive Care"
    _order = "id DESC"
    _rec_name = "order_id"

    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    rule_id = fields.Many2one("scm.care.rule", required=True, readonly=True, index=True, ondelete="restrict")
    order_id = fields.Many2one("sale.order", required=True, readonly=True, ondelete="cascade")
    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, readonly=True, index=True, ondelete="restrict"
    )
    parcel_id = fields.Many2one("scm.parcel", required=True, readonly=True, index=True, ondelete="cascade")
    state = fields.Selection(
        CASE_STATES, required=True, readonly=True, default="proposed", index=True, group_expand=True
    )
    days_late = fields.Integer(readonly=True, aggregator="avg")
    is_predicted = fields.Boolean("Expected Only", readonly=True, help="Not late yet when the case was opened.")
    fault = fields.Selection(
        [("carrier", "Carrier"), ("warehouse", "Warehouse"), ("disruption", "Disruption")], readonly=True
    )
    order_value = fields.Monetary(readonly=True, help="Of the order, with tax, in the company's currency.")
    amount = fields.Monetary("Voucher", readonly=True)
    month = fields.Date(readonly=True, index=True, help="First day of the month whose budget pays.")
    date_opened = fields.Date("Opened", readonly=True, index=True)
    date_sent = fields.Datetime("Told at", readonly=True)
    why = fields.Json(readonly=True)
    card_id = fields.Many2one("loyalty.card", readonly=True, index="btree_not_null", ondelete="set null")
    message_id = fields.Many2one("scm.parcel.message", readonly=True, index="btree_not_null", ondelete="set null")
    user_id = fields.Many2one("res.users", "Decided by", readonly=True)
    reason = fields.Char("Why Not", readonly=True)

    _order_uniq = models.UniqueIndex("(order_id)", "The order has a case already: each is taken care of once.")
    _rule_idx = models.Index("(rule_id, month, state)")

    @api.model
    def _months(self, companies):
        """``{company: first day of its present month}``."""
        return {company: local_today(company).replace(day=1) for company in companies}

    def _check_carer(self):
        self.check_access("read")
        if not self.env.user.has_group("scm_base.scm_group_manager"):
            raise AccessError(self.env._("Only supply chain managers decide on vouchers and messages of care."))

    def _check_not_stopped(self):
        # sudo: a switch of the company
        for company in self.sudo().company_id.filtered("scm_care_stop"):
            raise UserError(
                self.env._(
                    "Proactive care of %(company)s is stopped; it can be let go on in the settings.",
                    company=company.name,
                )
            )

    def action_approve(self):
        """Send these cases: message and voucher, if the budget of their rules allows.

        :return: number of cases that are approved now
        """
        self._check_carer()
        self._check_not_stopped()
        todo = self.filtered(lambda case: case.state in ("proposed", "over_budget"))
        if self and not todo:
            raise UserError(self.env._("“%(case)s” has been decided already.", case=self[0].display_name))
        # sudo: the role was checked above; cases are written by nobody otherwise
        todo = todo.sudo()
        todo.rule_id._touch()
        left = todo.rule_id._left()
        for rule, cases in todo.grouped("rule_id").items():
            needed = sum(cases.mapped("amount"))
            if left[rule.id] is not None and needed > left[rule.id] + 1e-9:
                raise UserError(
                    self.env._(
                        "“%(rule)s” has %(left)s left of this month's budget, and these cases need %(needed)s. Approve "
                        "fewer, or raise the budget.",
                        rule=rule.name,
                        left=rule.currency_id.format(left[rule.id]),
                        needed=rule.currency_id.format(needed),
                    )
                )
        months = self._months(todo.company_id)
        for company, cases in todo.grouped("company_id").items():
            cases.write({"state": "approved", "user_id": self.env.uid, "reason": False, "month": months[company]})
        todo._tell()
        return len(todo)

    def action_refuse(self):
        """Do not send these cases.

        :return: number of cases that are refused now
        """
        self._check_carer()
        todo = self.filtered(lambda case: case.state in ("proposed", "over_budget"))
        # sudo: the role was checked above
        todo.sudo().write({"state": "refused", "user_id": self.env.uid, "reason": self.env._("By hand")})
        return len(todo)

    def action_open_order(self):
        """Open the order."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "sale.order",
            "res_id": self.order_id.id,
            "views": [(False, "form")],
        }
