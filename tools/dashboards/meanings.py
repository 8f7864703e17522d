"""What each figure, chart and table of the dashboards means, and in which unit: the sheet Definitions."""

MONEY, NUMBER, SHARE, DAYS, UNITS = "currency of the company", "number", "%", "days", "units of the product"

#: title -> (unit, definition)
MEANINGS = {
    # Inventory
    "Excess stock": (MONEY, "Stock on hand and on order beyond the maximum and the most cover of the policy, at cost."),
    "Nobody buys it": (MONEY, "Excess of products without demand, at cost."),
    "Cash that can come back": (MONEY, "What the best way out of each excess brings, less its costs."),
    "Stock-outs": (NUMBER, "Times that a product with demand had no stock in a warehouse for a whole day or longer."),
    "Revenue lost": (MONEY, "Units that would have been sold in stock-outs, at the mean price of the time."),
    "Excess by category": (MONEY, "Excess stock by product category."),
    "What to do with it": (MONEY, "Excess stock by the way out that pays best."),
    "Stock-outs by month": (NUMBER, "Stock-outs by the month in which they began, and by warehouse."),
    "Units sold by week": (UNITS, "Units ordered by week and warehouse."),
    "Most money in excess": ("", "Products with the most excess stock; days to sell at ordinary demand."),
    # Suppliers
    "On time in full": (SHARE, "Due order lines that came complete by the frozen promise, over all due lines."),
    "Quantity on time": (SHARE, "Units that came by the frozen promise, over units due."),
    "Days late": (DAYS, "Mean days after the frozen promise, 0 for lines on time."),
    "Lead time in days": (DAYS, "Mean days from confirmation until the ordered quantity was here."),
    "Refused at inspection": (SHARE, "Units refused over units checked at receipt."),
    "On time in full by month": (SHARE, "On time in full by the month of the promise."),
    "On time in full by vendor": (SHARE, "On time in full by vendor."),
    "Lines by outcome": (NUMBER, "Due order lines by what became of them."),
    "Units refused by vendor": (UNITS, "Units refused at receipt, by vendor."),
    "Latest lines that came late": ("", "The most recent due lines that were late, with days late."),
    # Delivery
    "Parcels": (NUMBER, "Parcels to customers ordered in the period."),
    "Late": (NUMBER, "Parcels that came, or will come, after the promised day."),
    "Damaged or lost": (NUMBER, "Parcels reported damaged or lost."),
    "Freight expected": (MONEY, "Price of the carriers when the parcels were handed over."),
    "Freight invoiced": (MONEY, "What the carriers billed for these parcels."),
    "Parcels by week and carrier": (NUMBER, "Parcels by the week of the order and by carrier."),
    "Parcels by region": (NUMBER, "Parcels by the state that they go to."),
    "Late parcels by carrier": (NUMBER, "Late parcels by carrier."),
    "Where parcels are": (NUMBER, "Parcels by their present status."),
    "Late and still on their way": ("", "Parcels after their promised day that have not arrived."),
    # After-sales
    "Returns asked for": (NUMBER, "Returns that customers asked for in the period."),
    "Value asked back": (MONEY, "Value of the goods of these returns at the price paid."),
    "Units returned": (SHARE, "Units that came back over units delivered in the period."),
    "Cost of returns": (
        MONEY,
        "Freight, handling and loss of value of what came back of the deliveries of the period.",
    ),
    "Rating by customers": ("stars, 1 to 5", "Mean of the stars that customers gave."),
    "Returns by month and state": (NUMBER, "Returns by the month of the request and by state."),
    "Units returned by cause": (UNITS, "Units that came back, by cause."),
    "Units returned by category": (UNITS, "Units that came back, by product category."),
    "Whose cause it was": (UNITS, "Units that came back, by who has to mend the cause."),
    "Returns that wait": ("", "Returns that are not settled, the oldest first."),
    # Planning
    "Forecast error (WAPE)": (SHARE, "Sum of absolute errors over sum of demand, week by week and product by product."),
    "Bias": (SHARE, "Sum of errors over sum of demand; above 0: forecast too high."),
    "Planned orders": (NUMBER, "Orders that the plan proposes."),
    "Value of planned orders": (MONEY, "These orders at the vendors' prices."),
    "Margin at risk": (MONEY, "Margin of demand that the planned orders would come too late for."),
    "Error in units by week": (UNITS, "Sum of absolute errors of the forecast by week."),
    "Error by class": (UNITS, "Sum of absolute errors of the forecast by class of products."),
    "Orders to place by week": (MONEY, "Planned orders by the week in which to order, and by kind."),
    "Short stock by category": (MONEY, "Stock missing to the proposed minimum, at cost, by product category."),
    "Orders that are already too late": ("", "Planned orders that cannot come in time, by margin at risk."),
}


def meanings(dashboard):
    """``[(title, unit, definition)]`` of all that a dashboard shows, in its order."""
    parts = (*dashboard.cards, *dashboard.charts, *dashboard.tables)
    return [(part.title, *MEANINGS[part.title]) for part in parts]
