import csv
import logging
from datetime import timedelta
from operator import itemgetter
from pathlib import Path

from odoo.tests import tagged
from odoo.tools import groupby

from .common import ScmCase

_logger = logging.getLogger(__name__)

CASES = Path(__file__).parents[3] / "tests" / "scenarios" / "on_time"
COLUMNS = ("case", "odoo_partner", "odoo_report", "on_time", "otif", "good", "over", "notice")


def _parts(step):
    parts = (part.split(":") for part in step["date"].split())
    return [{"date": day, "quantity": float(quantity)} for day, quantity in parts]


def _read(name):
    with open(CASES / name, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


@tagged("post_install", "-at_install")
class TestOnTimeCases(ScmCase):
    """Plays tests/scenarios/on_time through real orders, receipts, returns and the portal."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.product = cls._create_product()
        customers = cls.env.ref("stock.stock_location_customers")
        cls.dropship = cls.warehouse_a.in_type_id.copy(
            {"name": "Dropship", "sequence_code": "DS", "default_location_dest_id": customers.id, "warehouse_id": False}
        )

    def test_cases(self):
        if not CASES.is_dir():
            self.skipTest("The scenarios are part of the repository, not of the addon")
        steps = dict(groupby(_read("input.csv"), itemgetter("case")))
        expected = {row["case"]: row for row in _read("expected.csv")}
        self.assertEqual(steps.keys(), expected.keys())
        measured = {case: self._play(case, rows) for case, rows in steps.items()}
        _logger.info("On time, in percent\n%s", self._table(measured.values()))
        for case, row in expected.items():
            with self.subTest(case=case):
                self.assertEqual(measured[case], row)

    # A case

    def _play(self, case, steps):
        vendor = self.env["res.partner"].create({"name": case})
        orders = {}
        for step in steps[:-1]:
            getattr(self, f"_step_{step['step']}")(step, vendor, orders)
        return self._judge(case, steps[-1]["day"], vendor)

    def _step_order(self, step, vendor, orders, company=None, **values):
        """``quantity`` may name a unit ("2 dozen"), ``date`` several parts ("2026-03-10:4 2026-03-20:6")."""
        company = company or self.company_a
        quantity, *dozen = step["quantity"].split()
        parts = [part.split(":") for part in step["date"].split()]
        order = self._create_purchase(
            [(self.product, float(quantity))],
            step["day"],
            parts[0][0],
            vendor=vendor,
            company=company,
            confirm=False,
            **values,
        )
        if dozen:
            order.order_line.product_uom_id = self.env.ref("uom.product_uom_dozen")
            order.order_line.date_planned = self._moment(parts[0][0], company=company)
        with self._at(step["day"], company=company):
            if len(parts) > 1:
                order.order_line.scm_split_promise(_parts(step))
            order.button_confirm()
        orders[step["order"]] = order

    def _step_order_tokyo(self, step, vendor, orders):
        self._step_order(step, vendor, orders, self.company_b)

    def _step_order_dropship(self, step, vendor, orders):
        self._step_order(step, vendor, orders, picking_type_id=self.dropship.id, dest_address_id=self.customer.id)
        orders[step["order"]].picking_ids.move_ids.location_dest_id = self.dropship.default_location_dest_id

    def _step_order_twin(self, step, vendor, orders):
        """The same vendor, entered a second time."""
        self._step_order(step, self.env["res.partner"].create({"name": f"{vendor.name} (twin)"}), orders)

    def _step_merge(self, step, vendor, orders):
        twin = orders[step["order"]].partner_id
        self.env["base.partner.merge.automatic.wizard"]._merge((vendor + twin).ids, vendor)

    def _step_vendor_splits(self, step, _vendor, orders):
        with self._at(step["day"]):
            orders[step["order"]].order_line.scm_split_promise(_parts(step))

    def _step_we_split(self, step, _vendor, orders):
        with self._at(step["day"]):
            orders[step["order"]].order_line.scm_split_promise(_parts(step), "us")

    def _step_receive(self, step, _vendor, orders):
        order = orders[step["order"]]
        day, *clock = step["day"].split()
        moment = self._moment(day, company=order.company_id)
        if clock:
            hour, minute = map(int, clock[0].split(":"))
            moment = self._moment(day, hour, order.company_id) + timedelta(minutes=minute)
        self._receive(order, moment, {self.product: float(step["quantity"])})

    def _step_return(self, step, _vendor, orders):
        receipt = orders[step["order"]].picking_ids.filtered(lambda picking: picking.state == "done").sorted("id")[-1]
        self._return_to_vendor(receipt, step["day"], {self.product: float(step["quantity"])})

    def _step_vendor_moves(self, step, _vendor, orders):
        order = orders[step["order"]].with_user(self.env.ref("base.public_user")).sudo()
        with self._at(step["day"]):
            order._update_date_planned_for_lines([(order.order_line, self._moment(step["date"]))])

    def _step_buyer_edits(self, step, _vendor, orders):
        with self._at(step["day"]):
            orders[step["order"]].order_line.date_planned = self._moment(step["date"])

    def _step_we_move(self, step, _vendor, orders):
        with self._at(step["day"]):
            orders[step["order"]].order_line.scm_reschedule(step["date"], "us")

    def _step_cancel_rest(self, step, _vendor, orders):
        with self._at(step["day"]):
            orders[step["order"]].picking_ids.filtered(lambda picking: picking.state == "assigned").action_cancel()

    def _step_cancel_order(self, step, _vendor, orders):
        with self._at(step["day"]):
            orders[step["order"]].button_cancel()

    # What comes out

    def _judge(self, case, day, vendor):
        self.env.flush_all()
        self.env.invalidate_all()
        with self._at(day):
            partner_rate = vendor.on_time_rate
            report = self.env["vendor.delay.report"]._read_group(
                [("partner_id", "=", vendor.id)], ["partner_id"], ["on_time_rate:sum"]
            )
            ((on_time, otif, good, over, notice),) = self.env["scm.receipt.fact"]._read_group(
                [("partner_id", "=", vendor.id)],
                [],
                ["on_time_rate:avg", "otif_rate:avg", "good_rate:avg", "qty_over:sum", "notice_days:avg"],
            )
        values = (
            None if partner_rate < 0 else partner_rate,
            report[0][1] if report else None,
            *(None if rate is False else rate * 100 for rate in (on_time, otif, good)),
            over or 0,
            None if notice is False else notice,
        )
        return {"case": case} | {
            column: "" if value is None else f"{value:.0f}" for column, value in zip(COLUMNS[1:], values, strict=True)
        }

    def _table(self, rows):
        lines = [COLUMNS, *([row[column] or "no data" for column in COLUMNS] for row in rows)]
        return "\n".join(f"{line[0]:<26}" + "".join(f"{cell:>14}" for cell in line[1:]) for line in lines)
