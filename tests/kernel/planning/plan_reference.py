"""The order plan, slow and obvious: one item, one week, one day at a time. What the kernel must agree with.

Every rule is written as a buyer would say it; nothing is vectorised, cached or cut short.
"""

import math

EPS = 1e-6
BEYOND = 64


class Item:
    """One product in one warehouse; the attributes are those of ``PlanItems``, flows are dicts week -> quantity."""

    def __init__(self, **values):
        vars(self).update(values)
        self.orders = []


def is_open(item, day):
    return not (0 <= day < len(item.closed) and item.closed[day])


def arrival(item, day):
    while not is_open(item, day):
        day += 1
    left = math.ceil(item.lead_days - 1e-9)
    while left:
        left -= is_open(item, day)
        day += 1
    return day


def latest_order(item, need):
    day = need
    while not (is_open(item, day) and arrival(item, day) <= need):
        day -= 1
    return day


def monday(week, options):
    return max(7 * week - options.weekday, 0)


def week_of(day, options):
    return (day + options.weekday) // 7


def round_up(quantity, step):
    return math.ceil(quantity / step - EPS) * step


def forecast_of(item, week):
    known = len(item.forecast)
    quantity = item.forecast[week] if week < known else sum(item.forecast[-8:]) / min(known, 8)
    return quantity * (7 - min(max(item.gone_days, 0), 7)) / 7 if week == 0 else quantity


def consumed(item, weeks, options):
    left = [forecast_of(item, week) for week in range(weeks)]
    waiting = [item.flows["orders"].get(week, 0.0) for week in range(weeks)]
    for shift in [0, *[-k for k in range(1, options.backward + 1)], *range(1, options.forward + 1)]:
        for week in range(weeks):
            if 0 <= week + shift < weeks:
                used = min(waiting[week], left[week + shift])
                waiting[week] -= used
                left[week + shift] -= used
    return left


def closings(item, last):
    """Stock at the end of each week up to ``last``; behind the plan the mean of the forecast's last weeks goes on."""
    stock, result = item.opening, []
    for week in range(last + 1):
        if week < item.weeks:
            for name in ("receipts", "draft", "firm", "planned", "transfer_in", "firm_transfer_in"):
                stock += item.flows[name].get(week, 0.0)
        stock -= demand_of(item, week)
        result.append(stock)
    return result


def closing(item, week):
    return closings(item, week)[week]


def lowest_closing(item, first, last):
    return min(closings(item, last)[first:])


def demand_of(item, week):
    if week >= item.weeks:
        return item.tail
    names = ("orders", "other_out", "transfer_out", "firm_transfer_out", "dependent")
    return item.left[week] + sum(item.flows[name].get(week, 0.0) for name in names)


def add(flow, week, quantity):
    flow[week] = flow.get(week, 0.0) + quantity


def plan(items, options):
    """Plans a list of items of one product in place."""
    for item in items:
        item.first_day = arrival(item, 0) if item.can_order else 7 * (options.weeks + BEYOND)
        item.first_week = min(week_of(item.first_day, options), options.weeks + BEYOND)
    far = any(item.first_week > options.weeks - 8 for item in items)
    for item in items:
        item.weeks = options.weeks + (BEYOND if far else 0)
        item.first_week = min(item.first_week, item.weeks)
        item.left = consumed(item, item.weeks, options)
        item.tail = sum(forecast_of(item, week) for week in range(item.weeks - min(8, item.weeks), item.weeks)) / min(
            8, item.weeks
        )
    share(items, options)
    done = set()
    while len(done) < len(items):
        # whoever nobody waits for any more
        for place, item in enumerate(items):
            if place not in done and not any(
                other.source == place and number not in done for number, other in enumerate(items)
            ):
                net(item, items, options)
                done.add(place)
    for item in items:
        item.orders = [order for order in item.orders if order["order_day"] < 7 * options.weeks - options.weekday]


def share(items, options):
    """Surplus first: week by week, who needs goods takes what others can spare."""
    bought = [0.0] * len(items)
    size = len(items)
    for week in range(items[0].weeks):
        missing = [shortfall(item, week, bought[place], items) for place, item in enumerate(items)]
        turns = [(place, turn, (place + turn) % size) for turn in range(1, size) for place in range(size)]
        routed = [ask for ask in turns if items[ask[0]].source == ask[2]]
        for place, _turn, other in routed + [ask for ask in turns if ask not in routed]:
            days = math.ceil(items[place].lead_days) if items[place].source == other else options.transfer_days
            missing[place] -= take(items[place], items[other], other, days, week, missing[place], options)
        for place, item in enumerate(items):
            if week >= item.first_week:
                bought[place] += max(missing[place], 0.0)


def shortfall(item, week, bought, items):
    if len(items) == 1 or closing(item, week) + bought >= item.safety - EPS:
        return 0.0
    lowest = lowest_closing(item, week, week + item.lot_weeks - 1) + bought
    return round_up(max(item.safety - lowest, 0.0), item.step)


def take(dest, donor, donor_place, days, week, missing, options):
    arrive = max(monday(week, options), days)
    leave = arrive - days
    if missing <= EPS or week_of(arrive, options) != week or dest.flows["no_transfer"].get(week):
        return 0.0
    first = week_of(leave, options)
    last = first + donor.first_week + donor.lot_weeks - 1
    spare = lowest_closing(donor, first, last) - donor.safety
    quantity = math.floor(min(missing, max(spare, 0.0)) / dest.step + EPS) * dest.step
    if quantity <= EPS:
        return 0.0
    add(dest.flows["transfer_in"], week, quantity)
    add(donor.flows["transfer_out"], first, quantity)
    dest.orders.append({"kind": 1, "source": donor_place, "order_day": leave, "receipt_day": arrive,
                        "need_day": monday(week, options), "quantity": quantity})  # fmt: skip
    return quantity


def net(item, items, options):
    for week in range(item.weeks):
        need_day = max(monday(week, options), item.first_day)
        if not item.can_order or week < item.first_week:
            continue
        if closing(item, week) >= item.safety - EPS:
            continue
        order_day = max(latest_order(item, need_day), 0)
        receipt_day = min(arrival(item, order_day), need_day)
        receipt_week = week_of(receipt_day, options)
        if item.flows["no_buy" if item.source < 0 else "no_transfer"].get(receipt_week):
            continue
        order(item, items, week, need_day, order_day, receipt_day, options)


def order(item, items, week, need_day, order_day, receipt_day, options):
    receipt_week = week_of(receipt_day, options)
    last = max(week + item.lot_weeks - 1, shared_until(item, week, options))
    lowest = lowest_closing(item, week, last)
    needed = max(item.safety - lowest, 0.0)
    most_week = week + math.floor(item.most_weeks) if item.most_weeks < 1e6 else None
    most = math.inf if most_week is None else item.safety + sum(
        demand_of(item, later) for later in range(week + 1, most_week + 1)
    )
    flow = sum(demand_of(item, later) for later in range(week + 1, week + 14)) / 13
    lot = lot_of(item, needed, closing(item, week), most, flow)
    item.moq_above_max = item.moq_above_max or item.moq > most + EPS
    add(item.flows["planned"], receipt_week, lot)
    if item.source >= 0:
        add(items[item.source].flows["dependent"], week_of(order_day, options), lot)
    item.orders.append({"kind": 0, "source": item.source, "order_day": order_day, "receipt_day": receipt_day,
                        "need_day": monday(week, options), "quantity": lot})  # fmt: skip


def shared_until(item, week, options):
    """Last week whose need would come with the same arrival, because the vendor is closed in between."""

    def receipt_week(number):
        need_day = max(monday(number, options), item.first_day)
        return week_of(min(arrival(item, max(latest_order(item, need_day), 0)), need_day), options)

    last = week
    while last + 1 < item.weeks and receipt_week(last + 1) == receipt_week(last) < last + 1:
        last += 1
    return last


def lot_of(item, needed, stock, most, flow):
    step = item.multiple or item.step
    lot = round_up(max(needed, item.moq), step)
    if not item.breaks:
        return lot
    fitting = [price for quantity, price in item.breaks if quantity <= lot + EPS]
    price = fitting[-1] if fitting else item.breaks[0][1]
    best, result = EPS, lot
    for quantity, lower in item.breaks:
        larger = round_up(quantity, step)
        extra = larger - lot
        if extra <= EPS or stock + larger > most + EPS:
            continue
        cost = item.rate / 52 * lower * extra * (item.lot_weeks + extra / (2 * max(flow, EPS)))
        gain = (price - lower) * larger - cost
        if gain > best:
            best, result = gain + EPS, larger
    return result
