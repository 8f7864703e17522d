import random
from collections import defaultdict
from datetime import date, datetime
from unittest.mock import patch

import pytz
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.scm_base.tests.common import ScmCase


class DemandCase(ScmCase):
    """Short ways to refresh demand and read it back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.companies = cls.company_a + cls.company_b
        cls.product = cls._create_product("Lamp")
        cls.dozen = cls.env.ref("uom.product_uom_dozen")
        cls.unit = cls.env.ref("uom.product_uom_unit")

    @classmethod
    def _refresh(cls, day=None, full=False, companies=None):
        with cls._at(day or cls.TODAY):
            cls.env["scm.demand.day"]._refresh(companies or cls.companies, full=full)

    def _days(self, product=None, field="quantity", warehouse=None, **where):
        """``{day: value}`` of one product in a warehouse (A), zeros left out."""
        domain = [("product_id", "=", (product or self.product).id)]
        domain += [("warehouse_id", "=", (warehouse or self.warehouse_a).id)]
        domain += [(name, "=", value) for name, value in where.items()]
        rows = self.env["scm.demand.day"].search(domain)
        return {row.date.isoformat(): row[field] for row in rows if row[field]}


@tagged("post_install", "-at_install")
class TestDemand(DemandCase):
    def test_ordered_quantity_on_the_day_of_the_order(self):
        self._create_sale([(self.product, 3), (self.product, 4)], "2026-11-02")
        self._create_sale([(self.product, 5)], "2026-11-04")
        self._refresh()
        self.assertEqual(self._days(), {"2026-11-02": 7, "2026-11-04": 5})
        self.assertEqual(self._days(field="line_count"), {"2026-11-02": 2, "2026-11-04": 1})
        self.assertEqual(self._days(field="revenue"), {"2026-11-02": 175, "2026-11-04": 125})

    def test_what_is_no_demand(self):
        service = self._create_product("Fitting", type="service", is_storable=False)
        order = self._create_sale([(self.product, 3), (self.product, -1), (service, 2)], "2026-11-02", confirm=False)
        order.order_line = [
            Command.create({"display_type": "line_section", "name": "Lamps"}),
            Command.create({"display_type": "line_note", "name": "Handle with care"}),
        ]
        self._refresh()
        self.assertEqual(self._days(), {}, "a quotation is no demand")
        with self._at("2026-11-02"):
            order.action_confirm()
        self._refresh()
        self.assertEqual(self._days(), {"2026-11-02": 3})
        self.assertEqual(self._days(service), {})

    def test_day_is_local_to_the_warehouse(self):
        """23:30 in Berlin and in Tokyo is the day before midnight there, whatever the day in UTC."""
        tokyo = self._create_product("Fan")
        with self._at(datetime(2026, 7, 1, 21, 30)):
            late_berlin = self._create_sale([(self.product, 1)], datetime(2026, 7, 1, 21, 30))
            early_berlin = self._create_sale([(self.product, 2)], datetime(2026, 7, 1, 22, 30))
        late_tokyo = self._create_sale([(tokyo, 4)], datetime(2026, 7, 1, 14, 30), company=self.company_b)
        early_tokyo = self._create_sale([(tokyo, 8)], datetime(2026, 7, 1, 15, 30), company=self.company_b)
        self._refresh()
        self.assertEqual(self._days(), {"2026-07-01": 1, "2026-07-02": 2})
        self.assertEqual(self._days(tokyo, warehouse=self.warehouse_b), {"2026-07-01": 4, "2026-07-02": 8})
        self.assertEqual((late_berlin + early_berlin).company_id, self.company_a)
        self.assertEqual((late_tokyo + early_tokyo).company_id, self.company_b)

    def test_zone_of_the_warehouse_comes_first_and_a_new_zone_restates(self):
        self._create_sale([(self.product, 1)], datetime(2026, 7, 1, 22, 30))
        self._refresh()
        self.assertEqual(self._days(), {"2026-07-02": 1})
        self.warehouse_a.partner_id = self.env["res.partner"].create({"name": "Hall", "tz": "America/New_York"})
        self._refresh()
        self.assertEqual(self._days(), {"2026-07-01": 1})

    def test_zone_without_any_is_that_of_most_users(self):
        company = self._create_company("Company C", "base.EUR", False)
        warehouse = self.env["stock.warehouse"].search([("company_id", "=", company.id)])
        self.assertEqual(warehouse._scm_zones(company), {warehouse.id: "UTC"})
        for number, zone in enumerate(("Asia/Shanghai", "Asia/Tokyo", "Asia/Shanghai")):
            self._create_user(f"user_c{number}", companies=company).tz = zone
        self.assertEqual(warehouse._scm_zones(company), {warehouse.id: "Asia/Shanghai"})

    def test_units_are_converted(self):
        order = self._create_sale([(self.product, 2)], "2026-11-02", confirm=False)
        order.order_line.product_uom_id = self.dozen
        with self._at("2026-11-02"):
            order.action_confirm()
        self._refresh()
        self.assertEqual(self._days(), {"2026-11-02": 24})

    def test_twelve_single_ones_make_a_dozen(self):
        boxed = self._create_product("Eggs", uom_id=self.dozen.id)
        order = self._create_sale([(boxed, 1)] * 12, "2026-11-02", confirm=False)
        order.order_line.product_uom_id = self.unit
        with self._at("2026-11-02"):
            order.action_confirm()
        self._refresh()
        self.assertEqual(self._days(boxed), {"2026-11-02": 1})

    def test_unit_of_another_kind_is_listed_not_counted(self):
        order = self._create_sale([(self.product, 2), (self.product, 3)], "2026-11-02", confirm=False)
        wrong = order.order_line[0]
        wrong.product_uom_id = self.env.ref("uom.product_uom_kgm")
        with self._at("2026-11-02"):
            order.action_confirm()
        self._refresh()
        self.assertEqual(self._days(), {"2026-11-02": 3})
        problem = self.env["scm.demand.problem"].search([("company_id", "=", self.company_a.id)])
        self.assertRecordValues(problem, [{"kind": "unit", "order_line_id": wrong.id, "product_id": self.product.id}])
        self.assertIn("kg", problem.solution)
        with self._at("2026-11-23", hour=15):
            wrong.product_uom_id = self.unit
        self._refresh("2026-11-24")
        self.assertEqual(self._days(), {"2026-11-02": 5})
        self.assertFalse(problem.exists())

    def test_size_of_a_unit_changed_after_sales(self):
        crate = self.env["uom.uom"].create({"name": "Crate", "relative_factor": 20, "relative_uom_id": self.unit.id})
        order = self._create_sale([(self.product, 2)], "2026-11-02", confirm=False)
        order.order_line.product_uom_id = crate
        with self._at("2026-11-02"):
            order.action_confirm()
        self._refresh()
        self.assertEqual(self._days(), {"2026-11-02": 40})
        crate.relative_factor = 24
        self._refresh("2026-11-24")
        self.assertEqual(self._days(), {"2026-11-02": 48})

    def test_unit_of_the_product_changed_after_sales(self):
        """Odoo renames the unit on all documents, one old = one new; demand follows the documents."""
        self._create_sale([(self.product, 24)], "2026-11-02")
        self._refresh()
        with self._at("2026-11-24"):
            self.product.uom_id = self.dozen
        self._refresh("2026-11-24")
        self.assertEqual(self._days(), {"2026-11-02": 24})
        # The same by SQL, without touching the documents: the sales are in units, the product now in dozens.
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE sale_order_line SET product_uom_id = %s WHERE product_id = %s", (self.unit.id, self.product.id)
        )
        self.env.cr.execute(
            "UPDATE sale_order_line SET write_date = '2026-01-01' WHERE product_id = %s", (self.product.id,)
        )
        self.env.cr.execute(
            "UPDATE product_template SET uom_id = %s WHERE id = %s", (self.unit.id, self.product.product_tmpl_id.id)
        )
        self.env.invalidate_all()
        self._refresh("2026-11-25")
        self.assertEqual(self._days(), {"2026-11-02": 24})
        self.env.cr.execute(
            "UPDATE product_template SET uom_id = %s WHERE id = %s", (self.dozen.id, self.product.product_tmpl_id.id)
        )
        self.env.invalidate_all()
        self._refresh("2026-11-26")
        self.assertEqual(self._days(), {"2026-11-02": 2})

    def test_type_changed_after_sales(self):
        plain = self._create_product("Paper", is_storable=False)
        self._create_sale([(plain, 2)], "2026-11-02")
        self._refresh()
        self.assertEqual(self._days(plain), {"2026-11-02": 2})
        self.env.cr.execute("UPDATE product_template SET type = 'service' WHERE id = %s", (plain.product_tmpl_id.id,))
        self._refresh("2026-11-24")
        self.assertEqual(self._days(plain), {})

    def test_currency_of_the_order(self):
        dollar = self.env.ref("base.USD")
        dollar.active = True
        self.env["res.currency.rate"].create(
            {"currency_id": dollar.id, "company_id": self.company_a.id, "name": "2026-01-01", "rate": 1.25}
        )
        pricelist = self.env["product.pricelist"].create({"name": "USD", "currency_id": dollar.id})
        self._create_sale([(self.product, 3, 10.0)], "2026-11-02", pricelist_id=pricelist.id)
        self._refresh()
        self.assertEqual(self._days(field="revenue"), {"2026-11-02": 24})

    def test_line_of_another_warehouse(self):
        second = self.env["stock.warehouse"].create({"name": "Second", "code": "SEC", "company_id": self.company_a.id})
        self._create_sale([(self.product, 2)], "2026-11-02")
        self._create_sale([(self.product, 3)], "2026-11-02", warehouse_id=second.id)
        self._refresh()
        self.assertEqual(self._days(), {"2026-11-02": 2})
        self.assertEqual(self._days(warehouse=second), {"2026-11-02": 3})

    def test_dropshipped_line_draws_on_no_stock(self):
        order = self._create_sale([(self.product, 2), (self.product, 3)], "2026-11-02", confirm=False)
        supplier = self.env.ref("stock.stock_location_suppliers")
        customer = order.partner_shipping_id.property_stock_customer
        route = self.env["stock.route"].create({"name": "Drop", "sale_selectable": True})
        route.rule_ids = [
            Command.create(
                {
                    "name": "Drop",
                    "action": "pull",
                    "location_src_id": supplier.id,
                    "location_dest_id": customer.id,
                    "picking_type_id": self.warehouse_a.out_type_id.id,
                    "procure_method": "make_to_stock",
                }
            )
        ]
        order.order_line[0].route_ids = route
        with self._at("2026-11-02"):
            order.action_confirm()
        self.assertFalse(order.order_line[0].warehouse_id)
        self._refresh()
        self.assertEqual(self._days(), {"2026-11-02": 3})


@tagged("post_install", "-at_install")
class TestDemandIncrements(DemandCase):
    def setUp(self):
        super().setUp()
        self.order = self._create_sale([(self.product, 3)], "2026-11-02")
        self.other = self._create_sale([(self.product, 10)], "2026-11-03")
        self._refresh()

    def _check_equals_full(self):
        """What increments have made is what a full read makes."""
        names = ["company_id", "warehouse_id", "product_id", "date", "quantity", "quantity_returned", "revenue"]
        days = self.env["scm.demand.day"]
        before = {tuple(row) for row in days.search([]).mapped(lambda day: tuple(str(day[name]) for name in names))}
        self._refresh("2026-11-26", full=True)
        after = {tuple(row) for row in days.search([]).mapped(lambda day: tuple(str(day[name]) for name in names))}
        self.assertEqual(before, after)

    def test_cancelled_after_refresh(self):
        with self._at("2026-11-24"):
            self.order._action_cancel()
        self._refresh("2026-11-24")
        self.assertEqual(self._days(), {"2026-11-03": 10})
        self._check_equals_full()

    def test_cancelled_and_deleted_between_refreshes(self):
        with self._at("2026-11-24"):
            self.order._action_cancel()
            self.order.unlink()
        self._refresh("2026-11-24")
        self.assertEqual(self._days(), {"2026-11-03": 10})
        self._check_equals_full()

    def test_deleted_quotation_changes_nothing(self):
        draft = self._create_sale([(self.product, 99)], "2026-11-04", confirm=False)
        self._refresh("2026-11-24")
        draft.unlink()
        self._refresh("2026-11-25")
        self.assertEqual(self._days(), {"2026-11-02": 3, "2026-11-03": 10})

    def test_order_moves_to_another_day(self):
        with self._at("2026-11-24"):
            self.order.date_order = self._moment("2026-11-03")
        self._refresh("2026-11-24")
        self.assertEqual(self._days(), {"2026-11-03": 13})
        self._check_equals_full()

    def test_quantity_and_product_of_a_line_change(self):
        other = self._create_product("Shade")
        with self._at("2026-11-24"):
            self.order.order_line.product_uom_qty = 7
        self._refresh("2026-11-24")
        self.assertEqual(self._days(), {"2026-11-02": 7, "2026-11-03": 10})
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE sale_order_line SET product_id = %s, write_date = '2026-11-24 15:00' WHERE id = %s",
            (other.id, self.order.order_line.id),
        )
        self.env.invalidate_all()
        self._refresh("2026-11-25")
        self.assertEqual(self._days(), {"2026-11-03": 10})
        self.assertEqual(self._days(other), {"2026-11-02": 7})
        self._check_equals_full()

    def test_line_loaded_in_bulk_with_an_old_time(self):
        """Data loads write no or an old time of change; new lines are found by number as well."""
        order = self._create_sale([(self.product, 5)], "2026-01-05")
        self.env.flush_all()
        self.env.cr.execute("UPDATE sale_order SET write_date = NULL WHERE id = %s", (order.id,))
        self.env.cr.execute("UPDATE sale_order_line SET write_date = NULL WHERE order_id = %s", (order.id,))
        self._refresh("2026-11-24")
        self.assertEqual(self._days()["2026-01-05"], 5)

    def test_refresh_twice_changes_nothing(self):
        days = self.env["scm.demand.day"].search([])
        before = days.read()
        self._refresh("2026-11-24")
        self._refresh("2026-11-24")
        self.assertEqual(self.env["scm.demand.day"].search([]).read(), before)

    def test_returned_goods_stand_beside(self):
        self._set_stock(self.product, 50, day="2026-11-01")
        picking = self._deliver(self.order, "2026-11-05")
        self._return_from_customer(picking, "2026-11-10", {self.product: 2})
        self._refresh("2026-11-24")
        self.assertEqual(self._days(), {"2026-11-02": 3, "2026-11-03": 10})
        self.assertEqual(self._days(field="quantity_returned"), {"2026-11-10": 2})
        self._check_equals_full()

    def test_full_read_removes_what_is_gone(self):
        self.env.flush_all()
        self.env.cr.execute("UPDATE sale_order SET state = 'cancel', write_date = '2020-01-01'")
        self.env.invalidate_all()
        self._refresh("2026-11-24", full=True)
        self.assertEqual(self._days(), {})
        item = self.env["scm.demand.item"].search([("product_id", "=", self.product.id)])
        self.assertFalse(item.filtered("date_first_demand"))

    def test_first_and_last_day_of_the_item(self):
        item = self.env["scm.demand.item"].search([("product_id", "=", self.product.id)])
        self.assertRecordValues(item, [{"date_first_demand": date(2026, 11, 2), "date_last_demand": date(2026, 11, 3)}])
        with self._at("2026-11-24"):
            self.other._action_cancel()
        self._refresh("2026-11-24")
        self.assertRecordValues(item, [{"date_last_demand": date(2026, 11, 2)}])

    def test_one_company_alone(self):
        self._create_sale([(self.product, 8)], "2026-11-04", company=self.company_b)
        self._refresh("2026-11-24", companies=self.company_a)
        self.assertEqual(self._days(warehouse=self.warehouse_b), {})
        self._refresh("2026-11-24", companies=self.company_b)
        self.assertEqual(self._days(warehouse=self.warehouse_b), {"2026-11-04": 8})

    def test_company_without_warehouse_is_listed(self):
        company = self._create_company("Company C", "base.EUR", "Asia/Tokyo")
        order = self._create_sale([(self.product, 3)], "2026-11-02", company=company)
        self.env.flush_all()
        warehouse = self.env["stock.warehouse"].search([("company_id", "=", company.id)])
        zones = type(self.env["stock.warehouse"])._scm_zones_query

        def without(records, companies):
            return zones(records, companies - company)

        with patch.object(type(self.env["stock.warehouse"]), "_scm_zones_query", without):
            self._refresh("2026-11-24", companies=self.company_a + company)
        problem = self.env["scm.demand.problem"].search([("company_id", "=", company.id)])
        self.assertRecordValues(problem, [{"kind": "warehouse", "order_line_id": order.order_line.id}])
        self._refresh("2026-11-25", companies=self.company_a + company)
        self.assertEqual(self._days(warehouse=warehouse), {"2026-11-02": 3})
        self.assertFalse(problem.exists())


@tagged("post_install", "-at_install")
class TestDemandKits(DemandCase):
    def _with_kits(self, rows):
        return patch.object(type(self.env["scm.demand.day"]), "_kit_components", lambda model, companies: rows)

    def test_components_carry_quantity_and_revenue(self):
        bulb = self._create_product("Bulb", list_price=5)
        stand = self._create_product("Stand", list_price=20)
        self._create_sale([(self.product, 2, 100.0)], "2026-11-02")
        rows = [(self.product.id, None, bulb.id, 4), (self.product.id, None, stand.id, 1)]
        with self._with_kits(rows):
            self._refresh()
        self.assertEqual(self._days(), {})
        self.assertEqual(self._days(bulb), {"2026-11-02": 8})
        self.assertEqual(self._days(stand), {"2026-11-02": 2})
        self.assertEqual(self._days(bulb, field="revenue"), {"2026-11-02": 100})
        self.assertEqual(self._days(stand, field="revenue"), {"2026-11-02": 100})
        # The kit gets another component: its sales are read again, others stay.
        with self._with_kits(rows[:1]):
            self._refresh("2026-11-24")
        self.assertEqual(self._days(stand), {})
        self.assertEqual(self._days(bulb, field="revenue"), {"2026-11-02": 200})
        self._refresh("2026-11-25")
        self.assertEqual(self._days(), {"2026-11-02": 2})

    def test_row_of_the_company_goes_before_the_common_row(self):
        bulb, stand = self._create_product("Bulb"), self._create_product("Stand")
        self._create_sale([(self.product, 1)], "2026-11-02")
        self._create_sale([(self.product, 1)], "2026-11-02", company=self.company_b)
        rows = [(self.product.id, None, bulb.id, 2), (self.product.id, self.company_b.id, stand.id, 3)]
        with self._with_kits(rows):
            self._refresh()
        self.assertEqual(self._days(bulb), {"2026-11-02": 2})
        self.assertEqual(self._days(stand), {})
        self.assertEqual(self._days(stand, warehouse=self.warehouse_b), {"2026-11-02": 3})
        self.assertEqual(self._days(bulb, warehouse=self.warehouse_b), {})


@tagged("post_install", "-at_install")
class TestDemandReference(DemandCase):
    def test_random_orders_as_a_plain_loop_counts_them(self):
        """The set-based statements against the obvious loop, over random orders of two companies and zones."""
        generator = random.Random(2026)
        products = [self._create_product(f"P{number}") for number in range(5)]
        orders = self.env["sale.order"]
        for _number in range(40):
            lines = [(generator.choice(products), generator.randint(-1, 9)) for _line in range(generator.randint(1, 4))]
            moment = datetime(2026, 10, generator.randint(1, 9), generator.randint(0, 23), generator.randint(0, 59))
            company = generator.choice([self.company_a, self.company_b])
            order = self._create_sale(lines, moment, company=company, confirm=False)
            for line in order.order_line:
                line.product_uom_id = generator.choice([self.unit, self.dozen])
            if generator.random() < 0.8:
                with self._at(moment):
                    order.action_confirm()
            orders += order
        self._refresh("2026-11-20")
        self._check(orders)
        with self._at("2026-11-21"):
            for order in orders:
                chance = generator.random()
                if chance < 0.2:
                    order._action_cancel()
                elif chance < 0.4:
                    order.date_order = datetime(2026, 10, generator.randint(1, 9), generator.randint(0, 23))
                elif chance < 0.6:
                    order.order_line[0].product_uom_qty = generator.randint(1, 9)
        self._refresh("2026-11-21")
        self._check(orders)

    def _check(self, orders):
        expected = defaultdict(float)
        for line in orders.filtered(lambda order: order.state == "sale").order_line:
            if line.product_uom_qty > 0:
                zone = pytz.timezone(line.company_id.partner_id.tz)
                day = pytz.utc.localize(line.order_id.date_order).astimezone(zone).date()
                quantity = line.product_uom_id._compute_quantity(line.product_uom_qty, line.product_id.uom_id)
                expected[line.warehouse_id.id, line.product_id.id, day] += quantity
        days = self.env["scm.demand.day"].search([("company_id", "in", self.companies.ids)])
        found = {(day.warehouse_id.id, day.product_id.id, day.date): day.quantity for day in days}
        self.assertEqual(found, dict(expected))


@tagged("post_install", "-at_install")
class TestDemandAccess(DemandCase):
    def setUp(self):
        super().setUp()
        self._create_sale([(self.product, 3)], "2026-11-02")
        self._create_sale([(self.product, 4)], "2026-11-02", company=self.company_b)
        self._refresh()

    def test_planner_reads_his_company(self):
        days = self.env["scm.demand.day"]
        self.assertEqual(days.with_user(self.planner).search([]).mapped("quantity"), [3])
        in_b = days.with_user(self.planner_b).with_context(allowed_company_ids=self.company_b.ids)
        self.assertEqual(in_b.search([]).mapped("quantity"), [4])

    def test_nobody_writes_by_hand(self):
        day = self.env["scm.demand.day"].with_user(self.manager).search([])
        with self.assertRaises(AccessError):
            day.quantity = 5
        with self.assertRaises(AccessError):
            day.unlink()

    def test_outsider_reads_nothing(self):
        for model in ("scm.demand.day", "scm.demand.line", "scm.demand.item", "scm.demand.problem", "scm.stockout"):
            with self.assertRaises(AccessError, msg=model):
                self.env[model].with_user(self.outsider).search([])

    def test_ledgers_refuse_ids_of_another_company(self):
        """Their company is a plain number, which Odoo wants as a record to word its refusal."""
        lines = self.env["scm.demand.line"].search([("company_id", "=", self.company_a.id)], limit=2)
        lines |= lines.create(
            {
                "kind": "sale",
                "source_id": 1,
                "company_id": self.company_a.id,
                "warehouse_id": self.warehouse_a.id,
                "product_id": self.product.id,
                "date": "2026-11-02",
                "quantity": 1,
            }
        )
        theirs = self.env(user=self.planner_b, context={"allowed_company_ids": self.company_b.ids})
        for some in (lines, lines[0]):
            with self.assertRaises(AccessError):
                some.with_env(theirs).read(["quantity"])

    def test_manager_refreshes_own_companies_only(self):
        days = self.env["scm.demand.day"]
        self._create_sale([(self.product, 1)], "2026-11-05")
        with self._at("2026-11-24"):
            days.with_user(self.manager).refresh_demand()
        self.assertEqual(self._days(), {"2026-11-02": 3, "2026-11-05": 1})
        with self.assertRaises(AccessError):
            days.with_user(self.manager).refresh_demand(self.company_b.ids)
        with self.assertRaises(AccessError):
            days.with_user(self.planner).refresh_demand()

    def test_as_many_queries_for_many_lines_as_for_one(self):
        self._create_sale([(self.product, 1)], "2026-11-05")
        with self._at("2026-11-24"):
            few = self._query_count(self.env["scm.demand.day"]._refresh, self.companies)
        products = [self._create_product(f"P{number}") for number in range(15)]
        for day in range(10, 20):
            self._create_sale([(product, 1) for product in products], f"2026-11-{day}")
        self.env.flush_all()
        with self._at("2026-11-25"):
            many = self._query_count(self.env["scm.demand.day"]._refresh, self.companies)
        self.assertEqual(len(self.env["scm.demand.day"].search([("product_id", "in", [p.id for p in products])])), 150)
        self.assertEqual(many, few)
