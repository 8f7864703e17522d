from datetime import date, datetime, timedelta

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .event_common import EventCase


@tagged("post_install", "-at_install")
class TestEventPage(EventCase):
    """What the event page says, live and replayed, and who may see it."""

    def test_actual_by_the_hour_in_the_time_of_the_warehouse(self):
        self._sell("2026-11-09 23:30", 7)
        self._sell("2026-11-10 00:10", 2)
        self._sell("2026-11-10 09:00", 3, self.kettle, 40)
        self._sell("2026-11-11 10:00", 1)
        page = self._page()
        self.assertEqual([page["measures"][name]["actual"] for name in ("orders", "units", "revenue")], [3, 6, 150])
        hours = page["chart"]["units"]["actual"]
        self.assertEqual({hour: units for hour, units in enumerate(hours) if units}, {0: 2, 9: 3, 34: 1})
        self.assertTrue(page["occurrence"]["live"])
        self.assertEqual((page["occurrence"]["hour"], page["occurrence"]["hours"]), (36, 48))

    def test_a_replay_knows_only_what_was_known(self):
        self._sell("2026-11-10 08:00", 2)
        self._sell("2026-11-11 10:00", 5)
        at = {hour: self._page("2026-11-20 12:00", hour=hour) for hour in (0, 8, 9, 48)}
        self.assertEqual([page["measures"]["units"]["actual"] for page in at.values()], [0, 0, 2, 7])
        self.assertEqual(len(at[9]["chart"]["units"]["actual"]), 9)
        self.assertFalse(at[9]["occurrence"]["live"])
        over = self._page("2026-11-20 12:00")
        self.assertEqual(over["measures"]["units"]["mean"], 7)
        self.assertEqual(over["occurrence"]["hour"], 48)

    def test_a_running_event_cannot_be_replayed_into_the_future(self):
        page = self._page("2026-11-10 06:00", hour=40)
        self.assertEqual(page["occurrence"]["hour"], 6)

    def test_expected_from_the_weeks_before_raised_as_last_time(self):
        """Ten units a week before both; last time 40 in the two days, as much as 28 usual days, so 40 again."""
        for year in (2025, 2026):
            for week in range(1, 9):
                self._sell(datetime(year, 11, 10, 10) - timedelta(weeks=week), 10)
        self._sell("2025-11-10 20:00", 10)
        self._sell("2025-11-11 20:00", 30)
        self.env["scm.demand.day"]._refresh(self.company_a, full=True)
        page = self._page("2026-11-10 01:00")
        self.assertEqual(page["occurrence"]["basis"], "level")
        self.assertEqual(page["occurrence"]["past_count"], 1)
        self.assertAlmostEqual(page["measures"]["units"]["total"], 40, places=1)
        hours = page["chart"]["units"]["expected"]
        self.assertEqual(len(hours), 48)
        self.assertAlmostEqual(sum(hours), page["measures"]["units"]["total"], places=1)

    def test_expected_from_the_published_forecast(self):
        """10 units in the week of the event, which Sunday shares: 2 of 7 days as long as nothing else is known."""
        run = self.env["scm.forecast.run"].create(
            {
                "name": "Forecast",
                "company_id": self.company_a.id,
                "freq": "W",
                "date_from": date(2026, 11, 9),
                "horizon": 4,
                "published": True,
                "state": "done",
            }
        )
        forecast = self.env["scm.forecast"].create(
            {
                "run_id": run.id,
                "company_id": self.company_a.id,
                "product_id": self.lamp.id,
                "warehouse_id": self.warehouse_a.id,
                "freq": "W",
            }
        )
        self.env["scm.forecast.line"].create(
            [
                {"forecast_id": forecast.id, "date": "2026-11-09", "quantity": 70},
                {"forecast_id": forecast.id, "date": "2026-11-16", "quantity": 700},
            ]
        )
        page = self._page("2026-11-10 01:00")
        self.assertEqual(page["occurrence"]["basis"], "forecast")
        self.assertAlmostEqual(page["measures"]["units"]["total"], 20, places=2)
        self.assertAlmostEqual(page["measures"]["revenue"]["total"], 400, places=1)
        self.assertEqual(self._watch().run_id, run)

    def test_stock_left_and_what_helps(self):
        other = self.env["stock.warehouse"].create({"name": "East", "code": "EA", "company_id": self.company_a.id})
        self._set_stock(self.lamp, 30, day="2026-11-01")
        self._set_stock(self.lamp, 500, other, day="2026-11-01")
        self._set_stock(self.kettle, 4, day="2026-11-01")
        self._sell("2026-11-09 12:00", 10)
        self._sell("2026-11-10 02:00", 18)
        self._sell("2026-11-10 20:00", 10, self.kettle, 40)
        page = self._page("2026-11-11 00:00")
        lamp = self._row(page["stock"]["rows"], product_id=self.lamp.id)
        self.assertEqual((lamp["free"], lamp["remedy"]), (2, "transfer"))
        self.assertGreater(lamp["hours"], 0)
        self.assertAlmostEqual(lamp["short"], lamp["rest"] - 2, places=1)
        kettle = self._row(page["stock"]["rows"], product_id=self.kettle.id)
        self.assertEqual((kettle["free"], kettle["hours"], kettle["remedy"]), (-6, 0, "hold"))
        self.assertLessEqual({"transfer", "hold"}, {row["code"] for row in page["todo"]})
        self.assertAlmostEqual(page["stock"]["lost"], sum(row["lost"] for row in page["stock"]["rows"]), places=1)

    def test_receipts_count_when_they_come_in_time(self):
        self._sell("2026-11-10 02:00", 15)
        self._create_purchase([(self.lamp, 200)], "2026-11-02", planned="2026-11-11")
        self.assertFalse(self._page("2026-11-10 20:00")["stock"]["rows"])
        late = self._create_purchase([(self.kettle, 200)], "2026-11-02", planned="2026-11-14")
        self._sell("2026-11-10 02:00", 15, self.kettle)
        row = self._row(self._page("2026-11-10 21:00")["stock"]["rows"], product_id=self.kettle.id)
        self.assertEqual((row["due"], row["remedy"]), (0, "expedite"))
        self._receive(late, "2026-11-10", hour=22)
        replay = self._page("2026-11-20 12:00", hour=21)
        self.assertEqual(self._row(replay["stock"]["rows"], product_id=self.kettle.id)["free"], -15)

    def test_parcels_behind_by_warehouse(self):
        first, second = self._sell("2026-11-10 02:00", 1), self._sell("2026-11-10 03:00", 2)
        (first + second).picking_ids.date_deadline = datetime(2026, 11, 10, 11)
        self._set_stock(self.lamp, 10, day="2026-11-01")
        self._deliver(first, "2026-11-10", hour=18)
        now = self._page("2026-11-10 20:00")["parcels"]
        row = now["rows"][0]
        self.assertEqual((now["count"], row["warehouse"], row["oldest"]), (1, self.warehouse_a.name, 8))
        self.assertEqual(self._page("2026-11-20 12:00", hour=15)["parcels"]["count"], 2)
        self.assertEqual(self._page("2026-11-20 12:00", hour=11)["parcels"]["count"], 0)
        with self._at("2026-11-20"):
            action = self._as(self.planner, self.env["scm.event.page"]).open_behind(self.now.id, 20)
        self.assertEqual(self.env["stock.picking"].search(action["domain"]), second.picking_ids)

    def test_regions_add_up(self):
        states = self.env.ref("base.us").state_ids[:2]
        customers = self.env["res.partner"].create(
            [{"name": state.name, "state_id": state.id, "country_id": state.country_id.id} for state in states]
        )
        for week in range(1, 9):
            self._sell(datetime(2026, 11, 10, 10) - timedelta(weeks=week), 10, partner_id=customers[0].id)
        self._sell("2026-11-10 02:00", 4, partner_id=customers[1].id)
        page = self._page("2026-11-10 20:00")
        rows = {row["id"]: row for row in page["regions"]}
        self.assertEqual(rows[states[1].id]["actual"], 4)
        self.assertEqual(rows[states[0].id]["actual"], 0)
        self.assertAlmostEqual(rows[states[0].id]["total"], page["measures"]["units"]["total"], places=1)
        self.assertEqual(sum(row["actual"] for row in page["regions"]), page["measures"]["units"]["actual"])
        with self._at("2026-11-10", 20):
            action = self._as(self.planner, self.env["scm.event.page"]).open_orders(self.now.id, False, states[1].id)
        self.assertEqual(self.env["sale.order"].search_count(action["domain"]), 1)

    def test_changes_are_read_and_cancelled_orders_go(self):
        order = self._sell("2026-11-10 02:00", 4)
        self.assertEqual(self._page("2026-11-10 05:00")["measures"]["units"]["actual"], 4)
        with self._at("2026-11-10", 6):
            order.order_line.product_uom_qty = 6
            self._sell("2026-11-10 05:00", 1)
            self.env.flush_all()
        self.assertEqual(self._page("2026-11-10 07:00")["measures"]["units"]["actual"], 7)
        with self._at("2026-11-10", 8):
            order._action_cancel()
            self.env.flush_all()
        self.assertEqual(self._page("2026-11-10 09:00")["measures"]["units"]["actual"], 1)
        watch = self._watch()
        watch._read(full=True)
        self.assertEqual(sum(self.env["scm.event.hour"].search([("watch_id", "=", watch.id)]).mapped("quantity")), 1)

    def test_only_products_of_the_event_count(self):
        other = self._create_product("Sofa")
        self._sell("2026-11-10 02:00", 4, other)
        self._sell("2026-11-10 03:00", 2)
        measures = self._page("2026-11-10 05:00")["measures"]
        self.assertEqual((measures["units"]["actual"], measures["orders"]["actual"]), (2, 1))
        self.event.product_ids = [Command.clear()]
        self._watch()._read(full=True)
        self.assertEqual(self._page("2026-11-10 05:01")["measures"]["orders"]["actual"], 2)

    def test_two_companies_in_two_time_zones(self):
        """23:30 in Tokyo on the 9th is still before the event there; the same moment is not in company A's book."""
        self.event.company_id = False
        occurrence = self.now.id
        for moment, quantity in ((datetime(2026, 11, 9, 14), 3), (datetime(2026, 11, 9, 15), 5)):
            self._create_sale([(self.lamp, quantity)], moment, company=self.company_b, date_order=moment)
        with self._at(datetime(2026, 11, 9, 18)):
            page = self._as(self.planner_b, self.env["scm.event.page"]).get_page(occurrence)
        self.assertEqual((page["measures"]["units"]["actual"], page["occurrence"]["hour"]), (5, 3))
        self.assertEqual(page["occurrence"]["zone"], "Asia/Tokyo")
        self.assertEqual(self._page("2026-11-10 04:00")["measures"]["units"]["actual"], 0)
        watches = self._as(self.planner_b, self.env["scm.event.watch"]).search([])
        self.assertEqual(watches.company_id, self.company_b)
        self.assertFalse(self._as(self.planner_b, self.env["scm.event.hour"]).search_count(
            [("company_id", "=", self.company_a.id)]))

    def test_one_event_of_warehouses_in_two_zones(self):
        """The event begins where it is midnight first; each warehouse sells on its own days."""
        far = self.env["stock.warehouse"].create(
            {
                "name": "Far",
                "code": "FAR",
                "company_id": self.company_a.id,
                "partner_id": self.env["res.partner"].create({"name": "Far", "tz": "Asia/Taipei"}).id,
            }
        )
        for moment, quantity in ((datetime(2026, 11, 9, 17), 2), (datetime(2026, 11, 11, 17), 4)):
            self._create_sale([(self.lamp, quantity)], moment, warehouse_id=far.id, date_order=moment)
            self._create_sale([(self.lamp, 10 * quantity)], moment, date_order=moment)
        page = self._page("2026-11-12 12:00")
        self.assertEqual(page["occurrence"]["hours"], 48 + 7)
        self.assertEqual(page["measures"]["units"]["actual"], 2 + 40)

    def test_the_page_chooses_what_runs(self):
        self.assertEqual(self._page("2026-11-11 12:00", occurrence_id=False)["occurrence"]["id"], self.now.id)
        past = self._page("2026-11-14 12:00", occurrence_id=False)
        self.assertIn(self.now.id, [row["id"] for row in past["occurrences"]])
        self.assertFalse(past["occurrence"]["live"])

    def test_alerts_while_it_runs_and_none_after(self):
        self._set_stock(self.lamp, 5, day="2026-11-01")
        self._sell("2026-11-10 02:00", 15)
        watches, alerts = self.env["scm.event.watch"], self.env["scm.alert"]
        mine = [("type_id.code", "=", "event_runs_out"), ("company_id", "=", self.company_a.id)]
        with self._at("2026-11-10", 20):
            watches._follow(self.company_a)
            alert = alerts.search([*mine, ("product_id", "=", self.lamp.id), ("state", "=", "open")])
            self.assertEqual(len(alert), 1)
            self.assertEqual(alert.severity, "critical")
            self.assertGreater(alert.money_at_stake, 0)
            codes = [term["code"] for term in alert.why["terms"]]
            self.assertFalse(set(codes) - set(self.env["scm.why"].labels()))
            watches._follow(self.company_a)
            self.assertEqual(alerts.search_count([*mine, ("product_id", "=", self.lamp.id)]), 1)
        with self._at("2026-11-13"):
            watches._follow(self.company_a)
        self.assertEqual(alert.state, "resolved")

    def test_moved_dates_begin_anew(self):
        self._sell("2026-11-12 02:00", 3)
        self.assertEqual(self._page("2026-11-11 05:00")["measures"]["units"]["actual"], 0)
        self.now.date_end = "2026-11-12"
        page = self._page("2026-11-12 05:00")
        self.assertEqual((page["measures"]["units"]["actual"], page["occurrence"]["hours"]), (3, 72))

    def test_only_for_users_of_the_supply_chain(self):
        pages = self._as(self.outsider, self.env["scm.event.page"])
        for call in (
            lambda: pages.get_page("x", "y"),
            lambda: pages.open_orders("x"),
            lambda: pages.open_behind(None),
            lambda: pages.open_remedy(self.now.id, "nonsense"),
            lambda: pages.rework_forecast(self.now.id),
            lambda: self._as(self.planner, pages).rework_forecast("x"),
        ):
            with self.assertRaises(AccessError):
                call()

    def test_nonsense_is_refused_with_words(self):
        pages = self._as(self.planner, self.env["scm.event.page"])
        with self._at("2026-11-11"):
            for call, words in (
                (lambda: pages.get_page(-1), "no such event"),
                (lambda: pages.get_page([self.now.id]), "no such event"),
                (lambda: pages.get_page(self.now.id, 49), "between 0 and 48"),
                (lambda: pages.get_page(self.now.id, "noon"), "between 0 and 48"),
                (lambda: pages.get_page(self.now.id, float("nan")), "between 0 and 48"),
                (lambda: pages.open_orders(self.now.id, False, "north"), "not the number"),
                (lambda: pages.open_behind("x"), "not the number"),
                (lambda: pages.open_remedy(self.now.id, "pray"), "no remedy"),
            ):
                with self.assertRaisesRegex(UserError, words):
                    call()

    def test_a_manager_works_out_the_forecast_of_that_time(self):
        for week in range(1, 30):
            self._sell(datetime(2026, 11, 10, 10) - timedelta(weeks=week), 10)
        self.env["scm.demand.day"]._refresh(self.company_a, full=True)
        with self._at("2026-11-20"):
            pages = self._as(self.manager, self.env["scm.event.page"])
            self.assertEqual(pages.rework_forecast(self.now.id), "replay")
            total = pages.get_page(self.now.id)["measures"]["units"]["total"]
        self.assertTrue(1 < total < 12, total)

    def test_as_many_queries_for_many_products_as_for_few(self):
        self._sell("2026-11-10 02:00", 4)
        self._page("2026-11-10 05:00")
        with self._at("2026-11-10", 5):
            pages = self._as(self.planner, self.env["scm.event.page"])
            pages.get_page(self.now.id)
            few = self._query_count(lambda: pages.get_page(self.now.id))
        for index in range(10):
            product = self._create_product(f"Lamp {index}")
            self.event.product_ids = [Command.link(product.id)]
            self._sell("2026-11-10 04:00", 1, product)
        self._watch()._read(full=True)
        with self._at("2026-11-10", 5):
            pages.get_page(self.now.id)  # new products emptied the caches of rights
            # names may be fetched in one more batch or two; ten more products are not ten more statements
            self.assertLessEqual(self._query_count(lambda: pages.get_page(self.now.id)), few + 4)
