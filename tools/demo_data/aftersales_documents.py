"""Settled returns: a refund less a fee, store credit in a wallet, an exchange; each with its invoice."""

from __future__ import annotations

from odoo import Command

from .returns import untouched_lines

#: (wish, grade, cause, fee)
PLANS = (
    ("refund", "A", "customer_choice", 4.9),
    ("credit", "B", "customer_choice", 0.0),
    ("exchange", "A", "pick_error", 0.0),
)
REASONS = {"refund": "not_liked", "credit": "no_longer_needed", "exchange": "wrong_item"}


def create_documents(env, master, today):
    """Settled returns with all their documents; how many."""
    if "scm.return" not in env:
        return 0
    quiet = {"tracking_disable": True, "mail_create_nolog": True, "mail_notrack": True, "skip_sms": True}
    env = env(context={**env.context, "allowed_company_ids": master.company.ids, **quiet})
    company = env["res.company"].browse(master.company.id)
    company.write({"scm_credit_program_id": _program(env, company).id, "scm_return_share_b": 70.0})
    mails, company.scm_return_mail = company.scm_return_mail, False
    for plan, sale_line in zip(PLANS, untouched_lines(env, company, today, len(PLANS), least=2), strict=False):
        _play(env, sale_line, *plan)
    company.scm_return_mail = mails
    return len(PLANS)


def _program(env, company):
    top_up = env["product.product"].create(
        {"name": "Top-up of store credit", "type": "service", "purchase_ok": False, "taxes_id": [Command.clear()]}
    )
    debt = env["account.account"].with_company(company).search([("account_type", "=", "liability_current")], limit=1)
    top_up.with_company(company).property_account_income_id = debt
    return env["loyalty.program"].create(
        {
            "name": "Store credit",
            "program_type": "ewallet",
            "company_id": company.id,
            "currency_id": company.currency_id.id,
            "rule_ids": [Command.create({"product_ids": [Command.set(top_up.ids)]})],
        }
    )


def _play(env, sale_line, wish, grade, cause, fee):
    order = sale_line.order_id
    invoice = order._create_invoices()
    invoice.action_post()
    if wish == "credit":
        wizard = env["account.payment.register"].with_context(active_model="account.move", active_ids=invoice.ids)
        wizard.create({})._create_payments()
    row = {"sale_line_id": sale_line.id, "quantity": 1.0, "reason": REASONS[wish], "wish": wish}
    request = env["scm.return"]._request(order, [row], channel="portal")
    line = request.line_ids
    if request.state == "requested":
        request.action_approve()
    line.write({"outcome": wish, "fee_amount": fee})
    request.receive([{"line_id": line.id, "quantity": 1.0}], True)
    request.inspect([{"line_id": line.id, "grade": grade, "cause": cause}])
    request.action_settle()
    return request
