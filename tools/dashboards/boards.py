"""What each dashboard shows."""

from .sheet import Card, Chart, Dashboard, Source, Table

EXCESS = Source("scm.excess", {"warehouse": "warehouse_id", "category": "categ_id"})
STOCKOUTS = Source("scm.stockout", {"period": ("date_from", "date"), "warehouse": "warehouse_id"})
PROPOSALS = Source("scm.policy.proposal", {"warehouse": "warehouse_id", "category": "categ_id"})
DEMAND = Source("scm.demand.day", {"period": ("date", "date"), "warehouse": "warehouse_id"})
RECEIPTS = Source(
    "scm.receipt.fact",
    {"period": ("promise_date", "date"), "warehouse": "warehouse_id", "vendor": "partner_id", "category": "categ_id"},
    (("is_due", "=", True),),
)
INSPECTIONS = Source(
    "scm.receipt.inspection",
    {"period": ("date", "date"), "warehouse": "warehouse_id", "vendor": "partner_id"},
    (("state", "=", "done"),),
)
PARCELS = Source(
    "scm.parcel",
    {
        "period": ("date_ordered", "datetime"),
        "warehouse": "warehouse_id",
        "region": "country_id",
        "carrier": "carrier_id",
    },
    (("direction", "=", "out"),),
)
RETURNS = Source("scm.return", {"period": ("date_requested", "datetime"), "warehouse": "warehouse_id"})
DELIVERED = Source(
    "scm.return.fact",
    {
        "period": ("delivery_date", "date"),
        "warehouse": "warehouse_id",
        "category": "categ_id",
        "carrier": "carrier_id",
    },
)
FEEDBACK = Source("scm.feedback", {"period": ("date", "datetime")})
ACCURACY = Source("scm.forecast.accuracy", {"period": ("date", "date")}, (("dimension", "=", "all"),))
BY_CLASS = Source("scm.forecast.accuracy", {"period": ("date", "date")}, (("dimension", "=", "class"),))
PLANNED = Source(
    "scm.planned.order",
    {"warehouse": "warehouse_id", "vendor": "vendor_id", "category": "categ_id"},
)

BOARDS = (
    Dashboard(
        "inventory",
        ("period", "warehouse", "category"),
        (
            Card("Excess stock", EXCESS, "excess_value:sum", better="down"),
            Card("Nobody buys it", EXCESS, "excess_value:sum", better="down", domain=(("dead", "=", True),)),
            Card("Cash that can come back", EXCESS, "cash_recovered:sum"),
            Card("Stock-outs", STOCKOUTS, "__count", better="down"),
            Card("Revenue lost", STOCKOUTS, "lost_revenue:sum", better="down"),
        ),
        (
            Chart("Excess by category", "bar", EXCESS, "excess_value", ("categ_id",)),
            Chart("What to do with it", "pie", EXCESS, "excess_value", ("best_kind",)),
            Chart(
                "Stock-outs by month", "bar", STOCKOUTS, "__count", ("date_from:month", "warehouse_id"), stacked=True
            ),
            Chart("Units sold by week", "line", DEMAND, "quantity", ("date:week", "warehouse_id")),
        ),
        (
            Table(
                "Most money in excess",
                EXCESS,
                ("product_id", "warehouse_id", "on_hand", "excess_value", "days_to_sell", "best_kind"),
                "excess_value desc",
            ),
        ),
    ),
    Dashboard(
        "suppliers",
        ("period", "vendor", "warehouse", "category"),
        (
            Card("On time in full", RECEIPTS, "otif_rate:avg", share=True),
            Card("Quantity on time", RECEIPTS, "on_time_rate:avg", share=True),
            Card("Days late", RECEIPTS, "days_late:avg", better="down", digits=1),
            Card("Lead time in days", RECEIPTS, "lead_time_days:avg", better="down", digits=1),
            Card("Refused at inspection", INSPECTIONS, "qty_rejected:sum", "qty_received:sum", "down", True),
        ),
        (
            Chart("On time in full by month", "line", RECEIPTS, "otif_rate", ("promise_date:month",)),
            Chart("On time in full by vendor", "bar", RECEIPTS, "otif_rate", ("partner_id",)),
            Chart("Lines by outcome", "pie", RECEIPTS, "__count", ("status",)),
            Chart("Units refused by vendor", "bar", INSPECTIONS, "qty_rejected", ("partner_id",)),
        ),
        (
            Table(
                "Latest lines that came late",
                RECEIPTS,
                ("order_id", "partner_id", "product_id", "promise_date", "date_last_receipt", "days_late"),
                "promise_date desc",
                domain=(("days_late", ">", 0),),
            ),
        ),
    ),
    Dashboard(
        "delivery",
        ("period", "region", "carrier", "warehouse"),
        (
            Card("Parcels", PARCELS, "__count"),
            Card("Late", PARCELS, "__count", better="down", domain=(("is_late", "=", True),)),
            Card(
                "Damaged or lost",
                PARCELS,
                "__count",
                better="down",
                domain=("|", ("is_damaged", "=", True), ("is_lost", "=", True)),
            ),
            Card("Freight expected", PARCELS, "cost_expected:sum", better="down"),
            Card("Freight invoiced", PARCELS, "cost_invoiced:sum", better="down"),
        ),
        (
            Chart(
                "Parcels by week and carrier",
                "bar",
                PARCELS,
                "__count",
                ("date_ordered:week", "carrier_id"),
                stacked=True,
            ),
            Chart("Parcels by region", "bar", PARCELS, "__count", ("state_id",)),
            Chart("Late parcels by carrier", "bar", PARCELS, "__count", ("carrier_id",), (("is_late", "=", True),)),
            Chart("Where parcels are", "pie", PARCELS, "__count", ("status",)),
        ),
        (
            Table(
                "Late and still on their way",
                PARCELS,
                ("name", "carrier_id", "city", "date_promised", "date_expected", "status"),
                "date_promised asc",
                domain=(("is_final", "=", False), ("is_late", "=", True)),
            ),
        ),
    ),
    Dashboard(
        "aftersales",
        ("period", "warehouse", "category", "carrier"),
        (
            Card("Returns asked for", RETURNS, "__count", better="down"),
            Card("Value asked back", RETURNS, "value:sum", better="down"),
            Card("Units returned", DELIVERED, "returned:sum", "delivered:sum", "down", True),
            Card("Cost of returns", DELIVERED, "cost:sum", better="down"),
            Card("Rating by customers", FEEDBACK, "rating:avg", digits=1, domain=(("rating", ">", 0),)),
        ),
        (
            Chart(
                "Returns by month and state", "bar", RETURNS, "__count", ("date_requested:month", "state"), stacked=True
            ),
            Chart("Units returned by cause", "bar", DELIVERED, "returned", ("cause_id",), (("returned", ">", 0),)),
            Chart("Units returned by category", "bar", DELIVERED, "returned", ("categ_id",), (("returned", ">", 0),)),
            Chart("Whose cause it was", "pie", DELIVERED, "returned", ("owner",), (("returned", ">", 0),)),
        ),
        (
            Table(
                "Returns that wait",
                RETURNS,
                ("name", "partner_id", "order_id", "state", "value", "date_requested"),
                "date_requested asc",
                domain=(("state", "in", ["requested", "approved", "in_transit", "received", "inspected"]),),
            ),
        ),
    ),
    Dashboard(
        "planning",
        ("period", "warehouse", "category", "vendor"),
        (
            Card("Forecast error (WAPE)", ACCURACY, "abs_error:sum", "actual:sum", "down", True),
            Card("Bias", ACCURACY, "error:sum", "actual:sum", "down", True),
            Card("Planned orders", PLANNED, "__count"),
            Card("Value of planned orders", PLANNED, "value:sum"),
            Card("Margin at risk", PLANNED, "margin_at_risk:sum", better="down"),
        ),
        (
            Chart("Error in units by week", "line", ACCURACY, "abs_error", ("date:week",)),
            Chart("Error by class", "bar", BY_CLASS, "abs_error", ("name",)),
            Chart("Orders to place by week", "bar", PLANNED, "value", ("date_order:week", "kind"), stacked=True),
            Chart("Short stock by category", "bar", PROPOSALS, "short_value", ("categ_id",)),
        ),
        (
            Table(
                "Orders that are already too late",
                PLANNED,
                ("product_id", "warehouse_id", "vendor_id", "quantity", "date_need", "margin_at_risk"),
                "margin_at_risk desc",
                domain=(("late", "=", True),),
            ),
        ),
    ),
)
