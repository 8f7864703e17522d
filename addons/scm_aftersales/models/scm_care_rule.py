from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ..kernel.care import FAULTS, Rule

#: programs whose cards are worth an amount; those of others are worth one use
MONEY_PROGRAMS = ("gift_card", "ewallet")


class ScmCareRule(models.Model):
    """IF an order is so late and worth so much THEN say sorry, with a voucher. The first rule that fits decides."""

    _name = "scm.care.rule"
    _description = "Rule of Proactive Care"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    is_on = fields.Boolean("On", copy=False, help="Off: nothing happens, but the preview shows what would.")
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")

    basis = fields.Selection(
        [
            ("either", "Late or Going to Be"),
            ("actual", "Late by Now"),
            ("predicted", "Expected to Be Late"),
        ],
        required=True,
        default="either",
    )
    days_from = fields.Integer("Days Late from", default=2, required=True, help="After the promised day.")
    days_to = fields.Integer("to", help="0: without end.")
    value_from = fields.Monetary("Order Worth from", help="With tax.")
    class_ids = fields.Many2many("scm.customer.class", string="Customer Classes", check_company=True)
    fault_carrier = fields.Boolean("Carrier", default=True)
    fault_warehouse = fields.Boolean("Warehouse", default=True)
    fault_disruption = fields.Boolean("Disruption", default=True, help="Weather, strike, customs.")

    template_id = fields.Many2one(
        "mail.template",
        "Message",
        domain=[("model", "=", "scm.parcel.message")],
        help="Empty: the one that comes along.",
    )
    program_id = fields.Many2one(
        "loyalty.program",
        "Voucher",
        check_company=True,
        domain="[('program_type', 'in', ('gift_card', 'ewallet', 'coupons'))]",
        help="Empty: a message without a voucher.",
    )
    amount = fields.Monetary("Worth", help="Of one voucher: what the card holds, or what a coupon costs us.")
    valid_days = fields.Integer(default=180, help="0: without end.")
    budget_month = fields.Monetary("Budget a Month", help="Of vouchers of this rule. 0: without limit.")
    approve_above = fields.Monetary(
        "Approved by a Person above", help="Cases worth more wait for a person; at 0 all with a voucher do."
    )
    holdout_percent = fields.Float(
        "Left Alone %", default=10.0, help="Share of orders, drawn by chance, that get nothing, to measure the effect."
    )
    spent_month = fields.Monetary("Spent this Month", compute="_compute_spent_month")
    case_count = fields.Integer(compute="_compute_spent_month")
    # Written by whoever spends: of two at once PostgreSQL refuses the second, which Odoo then repeats.
    spend_serial = fields.Integer(copy=False, readonly=True, default=0)

    _numbers = models.Constraint(
        "CHECK(days_from >= 1 AND (days_to = 0 OR days_to >= days_from) AND value_from >= 0 AND amount >= 0"
        " AND valid_days >= 0 AND budget_month >= 0 AND approve_above >= 0)",
        "Days late count from 1, the last one cannot lie before the first, and amounts are not negative.",
    )
    _holdout = models.Constraint(
        "CHECK(holdout_percent >= 0 AND holdout_percent <= 90)", "Between 0 and 90 % of orders can be left alone."
    )

    @api.constrains("program_id", "amount", "company_id")
    def _check_program(self):
        for rule in self.filtered("program_id"):
            if rule.amount <= 0:
                raise ValidationError(self.env._("“%(rule)s”: say what a voucher is worth.", rule=rule.name))
            if rule.program_id.currency_id != rule.company_id.currency_id:
                raise ValidationError(
                    self.env._(
                        "“%(rule)s”: the vouchers of %(program)s are in %(theirs)s, the budget is in %(ours)s.",
                        rule=rule.name,
                        program=rule.program_id.name,
                        theirs=rule.program_id.currency_id.name,
                        ours=rule.company_id.currency_id.name,
                    )
                )

    def _compute_spent_month(self):
        spent, cases = self._spent(), self.env["scm.care.case"]
        counts = dict(cases._read_group([("rule_id", "in", self.ids)], ["rule_id"], ["__count"]))
        for rule in self:
            rule.spent_month = spent.get(rule.id, 0.0)
            rule.case_count = counts.get(rule, 0)

    def _spent(self):
        """``{rule id: amount of this month}`` of cases that were approved or sent."""
        months = self.env["scm.care.case"]._months(self.company_id)
        # sudo: a budget counts all that was spent, whoever looks
        cases = self.env["scm.care.case"].sudo()
        groups = cases._read_group(
            [("rule_id", "in", self.ids), ("state", "in", ("approved", "sent"))],
            ["rule_id", "month:month"],
            ["amount:sum"],
        )
        return {rule.id: amount for rule, month, amount in groups if month == months[rule.company_id]}

    def _left(self):
        """``{rule id: amount left of this month's budget, None without limit}``."""
        spent = self._spent()
        return {
            rule.id: max(rule.budget_month - spent.get(rule.id, 0.0), 0.0) if rule.budget_month else None
            for rule in self
        }

    def _touch(self):
        """Make those who spend at once wait for each other: the second starts again and sees what the first spent."""
        if self:
            self.env.cr.execute(
                SQL(
                    "UPDATE scm_care_rule SET spend_serial = COALESCE(spend_serial, 0) + 1 WHERE id IN %s",
                    tuple(sorted(self.ids)),
                )
            )
            self.invalidate_recordset(["spend_serial"])

    def _compiled(self):
        """Kernel rules in the order in which they are tried."""
        return [rule._compile() for rule in self.sorted(lambda rule: (rule.sequence, rule.id))]

    def _compile(self):
        faults = frozenset(fault for fault in FAULTS if self[f"fault_{fault}"])
        return Rule(
            key=self.id,
            basis=self.basis,
            days_from=self.days_from,
            days_to=self.days_to or None,
            value_from=self.value_from,
            classes=frozenset(self.class_ids.ids),
            # none ticked means none wanted, which no fault is
            faults=faults or frozenset({"none"}),
        )

    def action_cases(self):
        """Open the cases of these rules."""
        action = self.env["ir.actions.act_window"]._for_xml_id("scm_aftersales.scm_care_case_action")
        return action | {"domain": [("rule_id", "in", self.ids)], "context": {}}
