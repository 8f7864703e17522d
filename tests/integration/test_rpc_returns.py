"""A return from the first word to the money by interface, with the least rights; two at once want the last unit."""

import threading

import pytest
from adapter import Refused, shell

RETURN = "scm.return"
SOLD = """
from odoo import Command
for login, group in (("return_agent", "sales_team.group_sale_salesman_all_leads"),
                     ("return_packer", "stock.group_stock_user")):
    if not env["res.users"].search([("login", "=", login)]):
        env["res.users"].create({"login": login, "password": login, "name": login,
            "group_ids": [Command.set([env.ref("base.group_user").id, env.ref(group).id])]})
product = env["product.product"].create({"name": "Returned lamp", "is_storable": True, "list_price": 25.0,
                                         "invoice_policy": "delivery", "taxes_id": [Command.clear()]})
warehouse = env["stock.warehouse"].search([], limit=1)
env["stock.quant"]._update_available_quantity(product, warehouse.lot_stock_id, 10.0)
partner = env["res.partner"].create({"name": "Customer of returns", "email": "returns@scm.example"})
order = env["sale.order"].create({"partner_id": partner.id, "warehouse_id": warehouse.id,
                                  "order_line": [Command.create({"product_id": product.id, "product_uom_qty": 4.0})]})
order.action_confirm()
picking = order.picking_ids
while picking:
    picking.move_ids.picked = True
    picking.with_context(skip_sms=True).button_validate()
    picking = order.picking_ids.filtered(lambda one: one.state not in ("done", "cancel"))
order._create_invoices().action_post()
env.cr.commit()
result = {"order": order.id, "line": order.order_line.id}
"""


@pytest.fixture
def sold(demo_db):
    """Four lamps of 25, delivered and invoiced."""
    return shell(demo_db, SOLD)


def row(sold, quantity, wish="refund"):
    return {"sale_line_id": sold["line"], "quantity": quantity, "reason": "too_small", "wish": wish}


def test_from_the_request_to_the_money(server, sold):
    agent, packer = server.xmlrpc("return_agent"), server.xmlrpc("return_packer")
    made = agent.call(RETURN, "request_return", order_id=sold["order"], lines=[row(sold, 2.0)])
    number = made["id"]
    if made["state"] == "requested":
        assert agent.call(RETURN, "action_approve", [number])
    [parcel] = agent.call(RETURN, "add_tracking", return_ids=[number], ref="RPC 4711 0815")
    assert agent.call(RETURN, "add_tracking", return_ids=[number], ref="rpc47110815") == [parcel]
    with pytest.raises(Refused, match="received and inspected"):
        agent.call(RETURN, "action_settle", [number])
    packer.call(RETURN, "receive", [number])
    [line] = [one["id"] for one in made["lines"]]
    packer.call(RETURN, "inspect", [number], rows=[{"line_id": line, "grade": "A", "cause": "customer_choice"}])
    expected = agent.call(RETURN, "preview_settlement", [number])
    assert agent.call(RETURN, "action_settle", [number])
    fields = ["state", "refund_amount", "fee_amount", "settlement_why", "picking_count", "refund_count"]
    [after] = agent.call(RETURN, "read", [number], fields=fields)
    assert (after["state"], after["refund_amount"]) == ("settled", expected["refund"])
    assert expected["refund"] + expected["kept"] == pytest.approx(50.0)
    assert (after["picking_count"], after["refund_count"]) == (1, 1)
    labels = agent.call("scm.why", "labels")
    why = after["settlement_why"]
    assert not [term["code"] for term in why["terms"] if term["code"] not in labels]
    with pytest.raises(Refused, match="settled already"):
        agent.call(RETURN, "action_settle", [number])


def test_refusals(server, sold):
    agent, viewer = server.xmlrpc("return_agent"), server.xmlrpc("viewer")
    made = agent.call(RETURN, "request_return", order_id=sold["order"], lines=[row(sold, 1.0)])
    for method, named in (("action_settle", {}), ("action_mail_instructions", {})):
        with pytest.raises(Refused) as refused:
            viewer.call(RETURN, method, [made["id"]], **named)
        assert refused.value.status == 403
    with pytest.raises(Refused) as refused:
        viewer.call(RETURN, "add_tracking", return_ids=[made["id"]], ref="")
    assert refused.value.status == 403
    for values in ({"refund_amount": 9.0}, {"quantity_settled": 9.0}):
        with pytest.raises(Refused, match="cannot be typed"):
            agent.call("scm.return.line", "write", [made["lines"][0]["id"]], vals=values)


def test_two_at_once_for_the_last_unit(server, sold):
    agent = server.xmlrpc("return_agent")
    agent.call(RETURN, "request_return", order_id=sold["order"], lines=[row(sold, 3.0)])
    start, answers = threading.Barrier(2), []

    def ask():
        client = server.xmlrpc("return_agent")
        start.wait()
        try:
            answers.append(client.call(RETURN, "request_return", order_id=sold["order"], lines=[row(sold, 1.0)]))
        except Refused as refused:
            answers.append(refused)

    threads = [threading.Thread(target=ask) for _number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    won = [answer for answer in answers if isinstance(answer, dict)]
    lost = [answer for answer in answers if isinstance(answer, Refused)]
    assert len(won) == len(lost) == 1, answers
    assert lost[0].status == 422
    assert "cannot be returned, 0 can" in str(lost[0])
    domain = [["order_id", "=", sold["order"]], ["state", "not in", ["refused", "cancelled"]]]
    lines = agent.call("scm.return.line", "search_read", domain=domain, fields=["quantity"])
    assert sum(line["quantity"] for line in lines) == 4.0
