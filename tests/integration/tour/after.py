"""After the sale: invoices, returns with inspection and money; then the nightly work of all areas."""

from __future__ import annotations

from datetime import date, timedelta

from .company import tell

GRADES = ("A", "A", "B", "C")
REASONS = ("not_liked", "too_small", "defective", "damaged_parcel")
CAUSES = ("customer_choice", "customer_choice", "defect", "weak_packaging")


class After:
    def __init__(self, company, returns: int):
        self.company, self.returns, self.random = company, returns, company.random
        self.made = []

    def run(self):
        """Some customers send something back, days after it came."""
        company = self.company
        company.at(company.today - timedelta(days=2), 9)
        sales, picker = company.person("tour_sales"), company.person("tour_picker")
        rows = company.admin.call(
            "sale.order.line", "search_read",
            domain=[["qty_delivered", ">=", 1], ["product_id", "in", company.products], ["state", "=", "sale"]],
            fields=["order_id", "product_uom_id"], order="id",
        )  # fmt: skip
        lines = {row["order_id"][0]: row["id"] for row in rows}
        chosen = sorted(lines)[: 3 * self.returns : 3]
        self._invoice(chosen)
        for number, order in enumerate(chosen):
            reason = REASONS[number % len(REASONS)]
            row = {"sale_line_id": lines[order], "quantity": 1.0, "reason": reason, "wish": "refund"}
            made = sales.call("scm.return", "request_return", order_id=order, lines=[row])
            if made["state"] == "requested":
                sales.call("scm.return", "action_approve", [made["id"]])
            self.made.append(made["id"])
            if number % 4 == 3:
                continue  # on its way
            picker.call("scm.return", "receive", [made["id"]])
            grade = GRADES[number % len(GRADES)]
            [line] = [one["id"] for one in made["lines"]]
            picker.call(
                "scm.return", "inspect", [made["id"]],
                rows=[{"line_id": line, "grade": grade, "cause": CAUSES[number % len(CAUSES)]}],
            )  # fmt: skip
            sales.call("scm.return", "action_settle", [made["id"]])

    def _invoice(self, orders):
        sales, books = self.company.person("tour_sales"), self.company.person("tour_invoices")
        context = {"active_model": "sale.order", "active_ids": orders}
        wizard = sales.call(
            "sale.advance.payment.inv", "create", context=context,
            vals_list=[{"advance_payment_method": "delivered", "sale_order_ids": [[6, 0, orders]]}],
        )  # fmt: skip
        sales.call("sale.advance.payment.inv", "create_invoices", wizard, context=context)
        drafts = books.call(
            "account.move", "search", domain=[["move_type", "=", "out_invoice"], ["state", "=", "draft"]]
        )
        books.call("account.move", "action_post", drafts)


def storm(company, first: date):
    """A typhoon: promises of open parcels move, and customers are told."""
    planner = company.person("tour_planner")
    company.at(first, 20)
    # messages are off until somebody wants them
    domain = [["kind", "=", "delayed"], ["company_id", "=", company.company_id]]
    rules = planner.call("scm.parcel.message.rule", "search", domain=domain)
    planner.call("scm.parcel.message.rule", "write", rules, vals={"mode": "ask"})
    kinds = planner.call("scm.disruption.kind", "search", domain=[], limit=1)
    made = planner.call(
        "scm.disruption", "create",
        vals_list=[{
            "name": "Typhoon", "kind_id": kinds[0], "carrier_ids": [[6, 0, company.carriers]],
            "date_from": str(first), "date_to": str(first + timedelta(days=3)), "extra_days": 2,
        }],
    )  # fmt: skip
    moved = planner.call("scm.disruption", "activate", made)[str(made[0])]
    drafts = planner.call("scm.parcel.message", "search", domain=[["state", "=", "draft"]])
    if drafts:
        planner.call("scm.parcel.message", "action_approve", drafts)
    return moved


def night(company):
    """What the suite does while everybody sleeps, each part asked for by a manager."""
    company.at(company.today, 3)
    planner = company.person("tour_planner")
    planner.call("scm.demand.day", "refresh_demand")
    planner.call("scm.return.fact", "refresh", full=True)
    planner.call("scm.freight.run", "run_now", wait=True)
    planner.call("scm.lane", "rebuild_now")
    planner.call("scm.parcel", "check_exceptions")
    planner.call("scm.flow.fact", "refresh_flow")
    planner.call("scm.excess", "refresh_excess")
    planner.call("scm.return.finding.run", "run_now", company_id=company.company_id, wait=True)
    days = {"date_from": str(company.first), "date_to": str(company.today - timedelta(days=1))}
    planner.call("scm.scorecard.run", "run_now", wait=True, **days)
    planner.call("scm.metric.run", "run_now", wait=True)


def open_improvement(company):
    """One vendor is to come on time: opened with its baseline before the month, the month behind it as after."""
    buyer = company.person("tour_buyer")
    before = company.first - timedelta(days=1)
    days = {
        "baseline_from": str(company.first - timedelta(days=365)), "baseline_to": str(before),
        "after_from": str(company.first), "after_to": str(company.today - timedelta(days=1)),
    }  # fmt: skip
    values = {"name": "Lanterns on time", "area": "supplier", "partner_id": company.vendors[0], "metric": "days_late"}
    [made] = buyer.call("scm.improvement", "create", vals_list=[values | days])
    tell(buyer, "scm.improvement", "action_start", [made])
    return made


def measure_improvement(company):
    buyer = company.person("tour_buyer")
    for step in ("action_check", "action_measure", "action_close"):
        tell(buyer, "scm.improvement", step, [company.improvement])
