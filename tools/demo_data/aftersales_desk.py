"""A return desk with work on it: requests of the last days in every state, two of them waiting too long."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from .returns import untouched_lines

#: (state, hours ago it came there, reason, units that come of those asked, what inspection finds)
DESK = (
    ("requested", 2, "not_liked", None, ()),
    ("requested", 5, "damaged_parcel", None, ()),
    ("requested", 30, "defective", None, ()),
    ("approved", 30, "wrong_item", None, ()),
    ("approved", 80, "no_longer_needed", None, ()),
    ("approved", 380, "not_as_described", None, ()),
    ("in_transit", 20, "colour_differs", None, ()),
    ("in_transit", 60, "defective", None, ()),
    ("received", 1, "damaged_inside", 1.0, ()),
    ("received", 3, "defective", 1.0, ()),
    ("received", 4, "wrong_item", 1.0, ()),
    ("received", 31, "not_liked", 0.5, ()),
    ("inspected", 2, "defective", 1.0, (("B", "defect"),)),
    ("inspected", 6, "damaged_parcel", 1.0, (("C", "carrier_damage"),)),
    ("inspected", 9, "not_liked", 1.0, (("A", "customer_choice"),)),
)
WORDS = {
    "defective": "It does not switch on, whatever I try.",
    "damaged_parcel": "The box was wet and dented when it arrived.",
    "wrong_item": "I ordered another one.",
}
STATES = ("requested", "approved", "in_transit", "received", "inspected")


def create_desk(env, master, today):
    """Returns that somebody has to do something with; how many."""
    if "scm.return" not in env:
        return 0
    quiet = {"tracking_disable": True, "mail_create_nolog": True, "mail_notrack": True}
    returns = env["scm.return"].with_context(allowed_company_ids=master.company.ids, **quiet)
    now, made = min(datetime.now(UTC).replace(tzinfo=None), datetime.combine(today, time(23, 59))), []
    for plan, sale_line in zip(DESK, untouched_lines(env, master.company, today, len(DESK)), strict=False):
        made.append(_play(returns, sale_line, *plan, now=now))
    env.flush_all()
    returns._update_clocks(master.company)
    return len(made)


def _play(returns, sale_line, state, hours, reason, share, found, now):
    """One return, brought to its state by the steps that people take, each then dated back."""
    row = {"sale_line_id": sale_line.id, "quantity": sale_line.product_uom_qty, "reason": reason}
    row["comment"] = WORDS.get(reason, "")
    request = returns._request(sale_line.order_id, [row], channel="portal")
    if request.state == "requested" and state != "requested":
        request.action_approve()
    if state == "in_transit":
        request._move_to("in_transit")
    line = request.line_ids
    if share and request._open_receipt_moves():
        units = max(round(line.quantity * share), 1)
        request.receive([{"line_id": line.id, "quantity": units}], True)
        for grade, cause in found:
            request.inspect([{"line_id": line.id, "grade": grade, "cause": cause}])
    _date_back(request, now - timedelta(hours=hours))
    return request


def _date_back(request, moment):
    """The present state began at ``moment``, the ones before it some hours earlier each."""
    gone = [state for state in STATES if request[f"date_{state}"]]
    for back, state in enumerate(reversed(gone)):
        request[f"date_{state}"] = moment - timedelta(hours=20 * back)
    request.state_since = moment
    request.date_due = moment + timedelta(hours=request._norm_hours())
