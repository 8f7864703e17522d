"""The checks: each asks several parts of the suite for the same figure, and the records for what it should be."""

from __future__ import annotations

from collections import Counter, defaultdict

from .books import key

DIMENSIONS = ("warehouse", "category", "region", "carrier", "partner")


def metric(books, code, part="numerator"):
    """Sum of a metric over the days, as it is known now."""
    return sum(row[f"known_{part}"] for row in snapshots(books, code) if row["dimension"] == "total")


def snapshots(books, code):
    days = [["date", ">=", str(books.first)], ["date", "<=", str(books.last)]]
    fields = ["dimension", "subject_id", "date", "known_numerator", "known_denominator", "sample"]
    return books.read("scm.metric.snapshot", fields, books.mine(["metric_id.code", "=", code], *days))


def splits_add_up(books, ledger):
    """Each split of each metric adds up to its total, numerator and denominator."""
    for code in sorted(row["code"] for row in books.read("scm.metric", ["code"])):
        sums = defaultdict(lambda: [0.0, 0.0])
        for row in snapshots(books, code):
            for number, part in enumerate(("known_numerator", "known_denominator")):
                sums[row["dimension"]][number] += row[part]
        for dimension in DIMENSIONS:
            if dimension in sums:
                for number, part in enumerate(("numerator", "denominator")):
                    pair = {"total": sums["total"][number], dimension: sums[dimension][number]}
                    ledger.same(f"{code}, {part}, by {dimension}", **pair)


def orders(books, ledger):
    """What customers ordered: records, metrics, demand."""
    lines, found = books.order_lines, books.orders.values()
    ledger.same("Orders", records=len(books.orders), metric=metric(books, "orders"))
    value = sum(row["amount_untaxed"] / (row["currency_rate"] or 1) for row in found)
    ledger.same("Value of orders", records=value, metric=metric(books, "order_value"))
    revenue = sum(
        line["price_subtotal"] / (books.orders[key(line["order_id"])]["currency_rate"] or 1) for line in lines
    )
    ledger.same("Lines", records=len(lines), metric=metric(books, "order_lines"))
    ledger.same("Revenue of goods", records=revenue, metric=metric(books, "revenue"))
    units = sum(books.units(line["product_uom_qty"], line["product_uom_id"], key(line["product_id"])) for line in lines)
    days = [["date", ">=", str(books.first)], ["date", "<=", str(books.last)], ["origin", "=", "sale"]]
    demand = books.read("scm.demand.day", ["quantity", "revenue"], books.mine(*days))
    ledger.same("Units ordered", records=units, demand=sum(row["quantity"] for row in demand))
    ledger.same("Revenue in the demand", records=revenue, demand=sum(row["revenue"] for row in demand))


def deliveries(books, ledger):
    """Ordered is delivered and open; what left is what the books of stock say."""
    ordered = left = back = open_units = 0.0
    for line in books.order_lines:
        product = key(line["product_id"])
        ordered += books.units(line["product_uom_qty"], line["product_uom_id"], product)
        for move in books.moves_of_orders[line["id"]]:
            units = books.left(move)
            left, back = left + max(units, 0), back - min(units, 0)
            if move["state"] != "done" and books.usages[key(move["location_dest_id"])] == "customer":
                open_units += books.units(move["product_uom_qty"], move["product_uom"], product)
    ledger.same("Units ordered", records=ordered, delivered_and_open=left + open_units)
    facts = books.read(
        "scm.return.fact", ["delivered", "returned"], books.mine(["sale_line_id", "in", [*books.moves_of_orders]])
    )
    ledger.same("Units delivered of these orders", moves=left, return_facts=sum(row["delivered"] for row in facts))


def stock(books, ledger):
    """Stock on hand is what came less what went, and its value is the same on every page."""
    inside = {place for place, usage in books.usages.items() if usage in ("internal", "transit")}
    fields = ["product_id", "location_id", "quantity", "owner_id"]
    quants = [row for row in books.read("stock.quant", fields, books.mine()) if key(row["location_id"]) in inside]
    fields = ["product_id", "location_id", "location_dest_id", "quantity_product_uom"]
    moved = Counter()
    for row in books.read("stock.move.line", fields, books.mine(["state", "=", "done"])):
        sign = (key(row["location_dest_id"]) in inside) - (key(row["location_id"]) in inside)
        if sign:
            moved[key(row["product_id"])] += sign * row["quantity_product_uom"]
    on_hand = Counter()
    for row in quants:
        on_hand[key(row["product_id"])] += row["quantity"]
    different = [product for product in {*moved, *on_hand} if abs(moved[product] - on_hand[product]) > 1e-4]
    ledger.same("Products whose stock is not their ledger", records=0, found=len(different))
    ledger.same("Units on hand", quants=sum(on_hand.values()), moves=sum(moved.values()))
    value = sum(units * books.products[product]["standard_price"] for product, units in on_hand.items())
    [last] = [row for row in snapshots(books, "stock_value") if row["dimension"] == "total"][-1:] or [None]
    if last:
        ledger.same("Stock at cost", records=value, metric=last["known_numerator"])


def promises(books, ledger):
    """OTIF, on time and in full of customers' orders from parcels and moves."""
    parcels = defaultdict(list)
    fields = ["sale_ids", "date_delivered", "is_damaged", "is_lost"]
    domain = books.mine(["direction", "=", "out"], ["sale_ids", "in", list(books.promised)])
    for row in books.read("scm.parcel", fields, domain):
        for order in row["sale_ids"]:
            parcels[order].append(row)
    lines = defaultdict(list)
    for line in books.goods_of([order for order in books.promised if parcels[order]]):
        lines[key(line["order_id"])].append(line)
    moves = books._moves([line["id"] for rows in lines.values() for line in rows])
    count = on_time = in_full = otif = 0
    for order, row in books.promised.items():
        if not parcels[order]:
            continue
        house = key(row["warehouse_id"])
        punctual = all(
            (day := books.day(parcel["date_delivered"], house)) and str(day) <= row["scm_date_promised"]
            for parcel in parcels[order]
        )
        full = True
        for line in lines[order]:
            product = key(line["product_id"])
            wanted = books.units(line["product_uom_qty"], line["product_uom_id"], product)
            sent = sum(max(books.left(move), 0) for move in moves[line["id"]])
            full = full and sent >= wanted - 1e-6
        count, on_time, in_full = count + 1, on_time + punctual, in_full + full
        otif += punctual and full
    for code, value in (("otif", otif), ("order_on_time", on_time), ("order_in_full", in_full)):
        ledger.same(f"{code}: orders", records=value, metric=metric(books, code))
        ledger.same(f"{code}: of", records=count, metric=metric(books, code, "denominator"))


def parcels(books, ledger):
    """Parcels that ended: metric, records."""
    rows = books.parcels
    ledger.same("Parcels ended", records=len(rows), metric=metric(books, "parcels"))
    judged = [row for row in rows if row["date_promised"]]
    late = sum(row["is_late"] for row in judged)
    days = [(row, books.day(row["date_delivered"], key(row["warehouse_id"]))) for row in judged]
    by_day = sum(day is None or str(day) > row["date_promised"] for row, day in days)
    ledger.same(
        "Parcels on time", records=len(judged) - late, by_their_days=len(judged) - by_day,
        metric=metric(books, "carrier_on_time"),
    )  # fmt: skip
    bad = sum(row["is_damaged"] or row["is_lost"] for row in rows)
    ledger.same("Parcels damaged or lost", records=bad, metric=metric(books, "damage_rate"))
    cost = sum(row["cost_invoiced"] or row["cost_expected"] for row in rows)
    ledger.same("Freight of these parcels", records=cost, metric=metric(books, "parcel_cost"))


def carrier_months(books, ledger):
    """The carriers' scorecard is the sum of their parcels, month by month."""
    month = str(books.last.replace(day=1))
    fields = ["carrier_id", "parcels", "due", "on_time", "late_ours", "damaged", "lost", "cost"]
    cards = books.read("scm.carrier.month", fields, books.mine(["month", "=", month]))
    fields = ["carrier_id", "warehouse_id", "date_promised", "date_handed", "date_delivered", "is_damaged", "is_lost"]
    fields += ["cost_invoiced", "cost_expected", "status", "is_late", "is_final"]
    rows = books.read(
        "scm.parcel", fields,
        books.mine(["direction", "=", "out"], ["carrier_id", "!=", False], ["date_handed", "!=", False]),
    )  # fmt: skip
    found = Counter()
    for row in rows:
        house = key(row["warehouse_id"])
        handed, came = books.day(row["date_handed"], house), books.day(row["date_delivered"], house)
        of = row["date_promised"] or str(handed)
        if of[:7] != month[:7]:
            continue
        found["parcels"] += 1
        found["damaged"] += row["is_damaged"]
        found["lost"] += row["is_lost"]
        found["cost"] += row["cost_invoiced"] or row["cost_expected"]
        if row["date_promised"]:
            ours = str(handed) > row["date_promised"]
            over = row["date_promised"] < str(books.today)
            found["late_ours"] += ours
            due = not ours and row["status"] != "returned" and (came is not None or over)
            found["due"] += due
            found["on_time"] += due and came is not None and str(came) <= row["date_promised"]
    for name in ("parcels", "due", "on_time", "late_ours", "damaged", "lost", "cost"):
        ledger.same(f"Carriers' scorecard: {name}", records=found[name], scorecard=sum(card[name] for card in cards))


def suppliers(books, ledger):
    """OTIF of suppliers: facts, metric."""
    days = [["promise_date", ">=", str(books.first)], ["promise_date", "<=", str(books.last)]]
    fields = ["is_due", "is_otif", "days_late", "partner_id", "qty_ordered", "qty_received"]
    facts = books.read("scm.receipt.fact", fields, books.mine(*days))
    due = [row for row in facts if row["is_due"]]
    ledger.same(
        "Supplier lines due", facts=len(due), metric=metric(books, "supplier_otif", "denominator"),
        days_late_metric=metric(books, "supplier_days_late", "denominator"),
    )  # fmt: skip
    ledger.same(
        "Supplier lines on time in full", facts=sum(row["is_otif"] for row in due),
        metric=metric(books, "supplier_otif"),
    )  # fmt: skip
    late = sum(max(row["days_late"], 0) for row in due)
    [board] = books.client.call(
        "scm.receipt.fact", "formatted_read_group", domain=books.mine(["is_due", "=", True], *days), groupby=[],
        aggregates=["otif_rate:avg", "days_late:avg", "__count"],
    )  # fmt: skip
    if due:
        ledger.same(
            "Supplier OTIF in per cent", dashboard=100 * board["otif_rate:avg"],
            metric=100 * metric(books, "supplier_otif") / metric(books, "supplier_otif", "denominator"),
        )  # fmt: skip
        ledger.same("Days late, mean", dashboard=board["days_late:avg"] or 0, metric=late / len(due))
    ledger.same("Days late of suppliers", facts=late, metric=metric(books, "supplier_days_late"))


def scorecards(books, ledger):
    """The latest published scorecards are the receipt facts of their period."""
    cards = books.read("scm.scorecard", ["date_from", "date_to", "state", "partner_id"], books.mine())
    periods = {(card["date_from"], card["date_to"]) for card in cards}
    for first, last in sorted(periods, key=lambda one: one[1])[-2:]:
        chosen = [card["id"] for card in cards if (card["date_from"], card["date_to"]) == (first, last)]
        lines = books.read(
            "scm.scorecard.line", ["numerator", "denominator", "sample", "criterion_id", "card_id", "excluded_count"],
            [["card_id", "in", chosen], ["criterion_id.code", "=", "otif_line"]],
        )  # fmt: skip
        partners = [key(card["partner_id"]) for card in cards if card["id"] in chosen]
        days = [["promise_date", ">=", first], ["promise_date", "<=", last], ["partner_id", "in", partners]]
        facts = books.read("scm.receipt.fact", ["is_due", "is_otif"], books.mine(*days))
        due = [row for row in facts if row["is_due"]]
        ledger.same(
            f"Scorecards to {last}: lines due", facts=len(due), cards=sum(line["denominator"] for line in lines)
        )
        ledger.same(
            f"Scorecards to {last}: on time in full", facts=sum(row["is_otif"] for row in due),
            cards=sum(line["numerator"] for line in lines),
        )  # fmt: skip


def returns(books, ledger):
    """What came back: facts, parts, metric; money of returns, credit notes and facts."""
    days = [["delivery_date", ">=", str(books.first)], ["delivery_date", "<=", str(books.last)]]
    fields = ["delivered", "returned", "refund", "cost", "owner", "sale_line_id"]
    facts = books.read("scm.return.fact", fields, books.mine(*days))
    parts = books.read(
        "scm.return.part", ["quantity", "refund", "cost", "line_id"],
        books.mine(["fact_id", "in", [row["id"] for row in facts if row["returned"]]]),
    )  # fmt: skip
    ledger.same(
        "Units delivered", facts=sum(row["delivered"] for row in facts),
        metric=metric(books, "return_rate", "denominator"),
    )  # fmt: skip
    ledger.same(
        "Units that came back", facts=sum(row["returned"] for row in facts), metric=metric(books, "return_rate"),
        parts=sum(row["quantity"] for row in parts),
    )  # fmt: skip
    ledger.same(
        "Cost of returns", facts=sum(row["cost"] for row in facts), parts=sum(row["cost"] for row in parts),
        metric=metric(books, "return_cost"),
    )  # fmt: skip
    ledger.same("Refunds", facts=sum(row["refund"] for row in facts), parts=sum(row["refund"] for row in parts))
    settled = books.read(
        "scm.return", ["refund_amount", "credit_amount", "refund_ids", "name"],
        books.mine(["state", "in", ["settled", "closed"]], *books.around("date_settled")),
    )  # fmt: skip
    notes = {note for row in settled for note in row["refund_ids"]}
    booked = books.read("account.move", ["amount_total", "state"], [["id", "in", list(notes)]])
    if notes:
        with_notes = [row for row in settled if row["refund_ids"]]
        ledger.same(
            "Money of settled returns", returns=sum(row["refund_amount"] for row in with_notes),
            credit_notes=sum(row["amount_total"] for row in booked if row["state"] == "posted"),
        )  # fmt: skip
        money = books.read(
            "scm.return.part", ["refund"], books.mine(["return_id", "in", [row["id"] for row in with_notes]])
        )
        ledger.same(
            "Refunds of returns with credit notes",
            returns=sum(row["refund_amount"] + row["credit_amount"] for row in with_notes),
            facts=sum(row["refund"] for row in money),
        )


def return_lines(books, ledger):
    """What customers sent back of the orders of the days: lines of returns, parts of facts, moves of stock."""
    lines = [line["id"] for line in books.order_lines]
    fields = ["quantity", "quantity_received", "return_id", "is_unexpected", "decision", "state"]
    asked = [
        row for row in books.read("scm.return.line", fields, [["sale_line_id", "in", lines]])
        if row["state"] not in ("refused", "cancelled") and row["decision"] != "refuse" and not row["is_unexpected"]
    ]  # fmt: skip
    facts = books.read("scm.return.fact", ["returned"], books.mine(["sale_line_id", "in", lines]))
    ledger.same(
        "Units of returns", lines=sum(row["quantity_received"] or row["quantity"] for row in asked),
        facts=sum(row["returned"] for row in facts),
    )  # fmt: skip
    came = -sum(min(books.left(move), 0) for moves in books.moves_of_orders.values() for move in moves)
    ledger.same("Units of returns received", lines=sum(row["quantity_received"] for row in asked), moves=came)


def purchases(books, ledger):
    """What came from vendors: facts, moves, inspections."""
    facts = books.read("scm.receipt.fact", ["line_id", "qty_received", "qty_returned"], books.mine())
    fields = ["product_id", "product_uom", "quantity", "location_id", "location_dest_id"]
    lines = [key(row["line_id"]) for row in facts]
    came = back = 0.0
    domain = books.mine(["purchase_line_id", "in", lines], ["state", "=", "done"])
    for move in books.read("stock.move", fields, domain):
        units = books.units(move["quantity"], move["product_uom"], key(move["product_id"]))
        came += units * (books.usages[key(move["location_id"])] == "supplier")
        back += units * (books.usages[key(move["location_dest_id"])] == "supplier")
    ledger.same("Units received", facts=sum(row["qty_received"] for row in facts), moves=came)
    ledger.same("Units sent back to vendors", facts=sum(row["qty_returned"] for row in facts), moves=back)
    days = [["date", ">=", str(books.first)], ["date", "<=", str(books.last)]]
    fields = ["qty_rejected", "qty_checked", "qty_received", "move_id"]
    tests = books.read("scm.receipt.inspection", fields, books.mine(["state", "=", "done"], *days))
    ledger.same(
        "Units refused",
        inspections=sum(row["qty_rejected"] for row in tests),
        metric=metric(books, "supplier_ppm"),
    )
    looked_at = {key(row["move_id"]): row["qty_checked"] or row["qty_received"] for row in tests}
    ledger.same(
        "Units inspected",
        inspections=sum(looked_at.values()),
        metric=metric(books, "supplier_ppm", "denominator"),
    )


def levels(books, ledger):
    """Open alerts, backlog and excess: records, metric, pages."""
    alerts = books.read("scm.alert", ["money_at_stake", "state"], books.mine(["state", "!=", "resolved"]))

    def last(code):
        return next((row for row in reversed(snapshots(books, code)) if row["dimension"] == "total"), None)

    excess = books.read("scm.excess", ["excess_value", "dead"], books.mine())
    waiting = books.read(
        "stock.picking", ["state"],
        books.mine(
            ["picking_type_code", "=", "outgoing"], ["sale_id", "!=", False],
            ["state", "in", ["waiting", "confirmed", "assigned"]],
        ),
    )  # fmt: skip
    for code, value in (
        ("alert_money", sum(row["money_at_stake"] for row in alerts)),
        ("alert_count", len(alerts)),
        ("excess_value", sum(row["excess_value"] for row in excess)),
        ("dead_value", sum(row["excess_value"] for row in excess if row["dead"])),
        ("backlog", len(waiting)),
    ):
        if row := last(code):
            ledger.same(f"{code} at the end of the last day", records=value, metric=row["known_numerator"])
    page = books.client.call("scm.excess", "get_excess_summary")["totals"]
    ledger.same("Excess on its page", records=sum(row["excess_value"] for row in excess), page=page["excess_value"])


def tower(books, ledger):
    """The control tower shows what is frozen; alerts and work by area are the alerts."""
    page = books.client.call("scm.control.tower", "get_tower", date=str(books.last))
    for tile in page["tiles"]:
        rows = [row for row in snapshots(books, tile["code"]) if row["dimension"] == "total"]
        own = [row for row in rows if row["date"] == tile["date"]]
        if own and tile["value"] is not False:
            ratio = own[0]["known_denominator"]
            value = own[0]["known_numerator"] / ratio if ratio else own[0]["known_numerator"]
            if tile["unit"] != "ppm":
                ledger.same(f"Tower: {tile['code']}", tile=tile["value"], frozen=value)


CHECKS = [orders, deliveries, stock, promises, parcels, carrier_months, purchases, suppliers, scorecards, returns,
          return_lines, levels, tower, splits_add_up]  # fmt: skip
