import csv
import logging
from operator import itemgetter
from pathlib import Path

from odoo.tests import tagged
from odoo.tools import groupby

from .common import ScmCase

_logger = logging.getLogger(__name__)

CASES = Path(__file__).parents[3] / "tests" / "scenarios" / "on_time"
COLUMNS = ("case", "odoo_partner", "odoo_report", "on_time", "otif", "good", "over", "notice")


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

    def _step_order(self, step, vendor, orders):
        orders[step["order"]] = self._create_purchase(
            [(self.product, float(step["quantity"]))], step["day"], step["date"], vendor=vendor
        )

    def _step_receive(self, step, _vendor, orders):
        self._receive(orders[step["order"]], step["day"], {self.product: float(step["quantity"])})

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
