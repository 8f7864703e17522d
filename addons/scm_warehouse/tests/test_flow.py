from datetime import date, datetime, timedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from odoo.addons.scm_warehouse.tests.warehouse_common import WarehouseCase

#: a Thursday in winter: Berlin is an hour before UTC
DAY = date(2026, 11, 26)


class FlowCase(WarehouseCase):
    """Adds a place with stock; :meth:`_order` delivers from it with moments of its own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.place = cls._places("A", bays=1)
        cls._put(cls.place, cls.product, 10000)
        cls.missing = cls._create_product("Sold out")
        cls.facts = cls.env["scm.flow.fact"]
        cls.board = cls._as(cls.planner, cls.env["scm.flow.board"])

    @classmethod
    def _utc(cls, hour, day=DAY):
        """Naive UTC datetime of an hour (may be a fraction) of a local day."""
        return cls._moment(day, hour=0) + timedelta(hours=hour)

    @classmethod
    def _order(cls, ordered, started=None, done=None, promised=None, user=None, product=None):
        """A delivery of 2 lamps whose moments are as given (UTC datetimes)."""
        with cls._at(ordered):
            picking = cls.env["stock.picking"].create(
                {
                    "picking_type_id": cls.warehouse_a.out_type_id.id,
                    "partner_id": cls.customer.id,
                    "user_id": (user or cls.packer).id,
                    "location_id": cls.warehouse_a.lot_stock_id.id,
                    "location_dest_id": cls.env.ref("stock.stock_location_customers").id,
                    "move_ids": [
                        (
                            0,
                            0,
                            {
                                "product_id": (product or cls.product).id,
                                "product_uom_qty": 2.0,
                                "location_id": cls.warehouse_a.lot_stock_id.id,
                                "location_dest_id": cls.env.ref("stock.stock_location_customers").id,
                                "date_deadline": promised or ordered + timedelta(days=1),
                            },
                        )
                    ],
                }
            )
            picking.action_confirm()
            picking.action_assign()
            cls.env.flush_all()
        cls.env.cr.execute("UPDATE stock_picking SET create_date = %s WHERE id = %s", [ordered, picking.id])
        picking.invalidate_recordset()
        if started:
            with cls._at(started):
                picking.action_scm_start()
        if done:
            with cls._at(done):
                picking.move_ids.picked = True
                picking._action_done()
        return picking

    def _fact(self, picking):
        self.facts._refresh(self.company_a)
        return self.facts.search([("picking_id", "=", picking.id)])


@tagged("post_install", "-at_install")
class TestFlowFacts(FlowCase):
    def test_moments_and_hours_of_a_delivery(self):
        ordered = self._utc(9)
        picking = self._order(
            ordered, ordered + timedelta(hours=2), ordered + timedelta(hours=2.5), ordered + timedelta(hours=3)
        )
        self.assertRecordValues(
            self._fact(picking),
            [
                {
                    "company_id": self.company_a.id,
                    "warehouse_id": self.warehouse_a.id,
                    "stage": "ship",
                    "state": "done",
                    "user_id": self.packer.id,
                    "ordered_at": ordered,
                    "ready_source": "stamp",
                    "started_source": "stamp",
                    "done_date": DAY,
                    "done_hour": 11,
                    "pick_count": 1,
                    "units": 2.0,
                    "value": 20.0,
                    "is_late": False,
                    "wait_hours": 0.0,
                    "queue_hours": 2.0,
                    "work_hours": 0.5,
                    "cycle_hours": 2.5,
                    "dock_hours": 0.0,
                }
            ],
        )

    def test_what_nobody_stamped_is_said_to_be_unknown(self):
        picking = self._order(self._utc(9), done=self._utc(11))
        self.env.flush_all()
        self.env.cr.execute("UPDATE stock_picking SET scm_ready_at = NULL WHERE id = %s", [picking.id])
        self.env.cr.execute(
            "UPDATE stock_move_line SET create_date = %s WHERE picking_id = %s", [self._utc(10), picking.id]
        )
        fact = self._fact(picking)
        self.assertEqual((fact.ready_source, fact.ready_at), ("reservation", self._utc(10)))
        # picked and booked in one go says nothing of when work began
        self.assertEqual((fact.started_source, fact.started_at, fact.work_hours), ("none", False, 0.0))

    def test_ready_is_lost_with_the_reservation(self):
        picking = self._order(self._utc(9))
        self.assertEqual(picking.scm_ready_at, self._utc(9))
        picking.do_unreserve()
        self.assertFalse(picking.scm_ready_at)
        self.assertEqual(self._fact(picking).state, "waiting")
        with self._at(self._utc(12)):
            picking.action_assign()
            self.env.flush_all()
        self.assertEqual(picking.scm_ready_at, self._utc(12))

    def test_work_begins_with_the_first_line_or_the_list(self):
        one, two = self._order(self._utc(9)), self._order(self._utc(9))
        with self._at(self._utc(10)):
            one.move_line_ids.picked = True
            two.do_print_picking()
        with self._at(self._utc(11)):
            one.do_print_picking()
        self.assertEqual((one + two).mapped("scm_started_at"), [self._utc(10)] * 2)
        self.assertEqual(self._fact(one).state, "started")

    def test_work_cannot_begin_on_what_is_not_ready(self):
        picking = self._order(self._utc(9), product=self.missing)
        with self._refused(f"{picking.name} is not ready"):
            self._as(self.packer, picking).action_scm_start()
        with self._refused("not allowed", AccessError):
            self._as(self.outsider, self._order(self._utc(9))).action_scm_start()

    def test_the_first_promise_stays(self):
        picking = self._order(self._utc(9), promised=self._utc(12))
        self._fact(picking)
        picking.move_ids.date_deadline = self._utc(20)
        with self._at(self._utc(13)):
            picking.move_ids.picked = True
            picking._action_done()
        fact = self._fact(picking)
        self.assertEqual((fact.promised_first_at, fact.promised_at), (self._utc(12), self._utc(20)))
        self.assertTrue(fact.is_late)

    def test_cancelled_and_deleted_transfers_have_no_flow(self):
        one, two = self._order(self._utc(9)), self._order(self._utc(9))
        self._fact(one)
        one.action_cancel()
        two.action_cancel()
        two.unlink()
        self.assertFalse(self._fact(one))
        self.assertFalse(self.facts.search([("warehouse_id", "=", self.warehouse_a.id)]))

    def test_facts_do_not_change_when_read_again(self):
        picking = self._order(self._utc(9), self._utc(10), self._utc(11))
        names = [name for name, field in self.facts._fields.items() if field.store]
        before = self._fact(picking).read(names)
        self.facts._refresh(self.company_a, full=True)
        self.assertEqual(self._fact(picking).read(names), before)

    def test_as_many_queries_for_few_as_for_many(self):
        self._order(self._utc(9), done=self._utc(10))
        # the clock stands: the state that keeps the time of the refresh is written each time or never
        with self._at(DAY):
            self.facts._refresh(self.company_a)
            few = self._query_count(self.facts._refresh, self.company_a)
        for _number in range(8):
            self._order(self._utc(9), done=self._utc(10))
        with self._at(DAY):
            self.assertEqual(self._query_count(self.facts._refresh, self.company_a), few)

    def test_the_job_reads_each_company_and_its_alerts(self):
        picking = self._order(self._utc(9), promised=self._utc(10))
        with self.enter_registry_test_mode(), self._at(self._utc(12)):
            self.env.ref("scm_warehouse.scm_flow_cron").method_direct_trigger()
        self.assertTrue(self.facts.search([("picking_id", "=", picking.id)]).is_late)
        alerts = self.env["scm.alert"].search([("type_id.code", "=", "backlog_late")])
        self.assertIn(self.warehouse_a, alerts.warehouse_id)

    def test_facts_are_read_by_the_office_and_written_by_nobody(self):
        fact = self._fact(self._order(self._utc(9)))
        self.assertEqual(self._as(self.planner, fact).stage, "ship")
        self.assertFalse(self._as(self.planner_b, self.facts).search([("id", "=", fact.id)]))
        with self._refused("", AccessError):
            self._as(self.manager, fact).write({"stage": "pick"})
        with self._refused("Ask for it", AccessError):
            self._as(self.packer, self.facts).refresh_flow()
        with self._refused("only by managers", AccessError):
            self._as(self.planner, self.facts).refresh_flow(full=True)
        self.assertEqual(self._as(self.manager, self.facts).refresh_flow(full=True), 1)


@tagged("post_install", "-at_install")
class TestFlowReceipts(FlowCase):
    def _receipt(self, arrived=None, done=None):
        warehouse = self.warehouse_a
        destination = warehouse.in_type_id.default_location_dest_id
        with self._at(self._utc(7)):
            picking = self.env["stock.picking"].create(
                {
                    "picking_type_id": warehouse.in_type_id.id,
                    "partner_id": self.vendor.id,
                    "location_id": self.env.ref("stock.stock_location_suppliers").id,
                    "location_dest_id": destination.id,
                    "move_ids": [
                        (
                            0,
                            0,
                            {
                                "product_id": self.product.id,
                                "product_uom_qty": 5.0,
                                "location_id": self.env.ref("stock.stock_location_suppliers").id,
                                "location_dest_id": destination.id,
                            },
                        )
                    ],
                }
            )
            picking.action_confirm()
        if arrived:
            with self._at(arrived):
                picking.action_scm_start()
        if done:
            with self._at(done):
                picking.move_ids.picked = True
                picking._action_done()
        return picking

    def test_one_step_counts_from_the_arrival_where_it_is_known(self):
        known = self._fact(self._receipt(self._utc(8), self._utc(11)))
        self.assertEqual((known.stored_source, known.dock_hours, known.ready_source), ("one_step", 3.0, "stamp"))
        unknown = self._fact(self._receipt(done=self._utc(11)))
        self.assertEqual((unknown.stored_source, unknown.dock_hours, unknown.ready_source), ("one_step", 0.0, "none"))

    def test_two_steps_end_with_the_last_put_away(self):
        self.warehouse_a.reception_steps = "two_steps"
        receipt = self._receipt(self._utc(8), self._utc(9))
        put_away = receipt.move_ids.move_dest_ids.picking_id
        self.assertEqual(put_away.picking_type_id, self.warehouse_a.store_type_id)
        fact = self._fact(receipt)
        self.assertEqual((fact.stored_source, fact.stored_at), ("open", False))
        self.assertEqual(self.board._receipts_waiting(self.warehouse_a), 1)
        with self._at(self._utc(14)):
            put_away.move_ids.picked = True
            put_away._action_done()
        self.assertEqual(self._fact(put_away).stage, "put_away")
        fact = self._fact(receipt)
        self.assertEqual((fact.stored_source, fact.dock_hours), ("put_away", 6.0))
        self.assertEqual(self.board._receipts_waiting(self.warehouse_a), 0)

    def test_goods_that_wait_on_the_dock_raise_an_alert_until_they_are_stored(self):
        receipt = self._receipt(arrived=self._utc(8))
        alerts = self.env["scm.alert"]
        self.facts._refresh(self.company_a)
        with self._at(self._utc(8) + timedelta(hours=23)):
            self.facts._check_flow(self.company_a)
        self.assertFalse(alerts.search([("type_id.code", "=", "receipt_waiting"), ("state", "=", "open")]))
        with self._at(self._utc(8) + timedelta(hours=25)):
            self.facts._check_flow(self.company_a)
            alert = alerts.search([("type_id.code", "=", "receipt_waiting"), ("state", "=", "open")])
        self.assertEqual((alert.name, alert.severity, alert.why["value"]), (receipt.name, "warning", 25.0))
        with self._at(self._utc(8) + timedelta(hours=26)):
            receipt.move_ids.picked = True
            receipt._action_done()
            self.facts._refresh(self.company_a)
            self.facts._check_flow(self.company_a)
        self.assertEqual(alert.state, "resolved")

    def test_settings_that_make_no_sense_are_refused(self):
        for vals in ({"scm_pick_gap_minutes": 0}, {"scm_receipt_wait_hours": -1}):
            with self._refused(self.warehouse_a.name, ValidationError):
                self.warehouse_a.write(vals)


@tagged("post_install", "-at_install")
class TestFlowBoard(FlowCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(cls._at(datetime(2026, 11, 26, 14, 30)))

    def _get(self, **kwargs):
        self.facts._refresh(self.company_a)
        return self.board.get_board(**kwargs)

    def test_hours_queue_and_bottleneck(self):
        for hour in (8, 8, 9):
            self._order(self._utc(hour), done=self._utc(10.5))
        self._order(self._utc(9))
        board = self._get()
        [stage] = board["stages"]
        self.assertEqual((board["day"], board["hour_now"], board["main_stage"]), ("2026-11-26", 15, "ship"))
        self.assertEqual(stage["in"][8:11], [2, 2, 0])
        self.assertEqual(stage["out"][8:11], [0, 0, 3])
        self.assertEqual(stage["queue"][8:11], [2, 4, 1])
        self.assertEqual(len(stage["in"]), 16, "hours to come are not shown as empty")
        self.assertEqual((board["bottleneck"], stage["end"], stage["capacity"]), ("ship", 1, 0.0))

    def test_a_day_of_25_hours_has_both_hours_at_two(self):
        # on 25 October 2026 clocks in Berlin go back at 03:00: 00:30 and 01:30 UTC are both half past two
        for minute in (0, 60):
            self._order(datetime(2026, 10, 25, 0, 30) + timedelta(minutes=minute), done=datetime(2026, 10, 25, 9))
        board = self._get(day="2026-10-25")
        self.assertEqual(len(board["hours"]), 25)
        self.assertEqual(board["hours"][2:5], ["02:00", "02:00*", "03:00"])
        self.assertEqual(board["stages"][0]["in"][1:5], [0, 1, 1, 0])
        self.assertEqual(board["stages"][0]["out"][11], 2)

    def test_a_quiet_morning_shows_the_last_day_with_work(self):
        self._order(self._utc(8, date(2026, 11, 20)), done=self._utc(9, date(2026, 11, 20)))
        self.assertEqual(self._get()["day"], "2026-11-20")
        self.assertEqual(self._get(day="2026-11-26")["day"], "2026-11-26")

    def test_backlog_by_promise_and_age_leads_to_its_deliveries(self):
        late = self._order(self._utc(8), promised=self._utc(12))
        today = self._order(self._utc(13), promised=self._utc(23))
        tomorrow = self._order(self._utc(8, date(2026, 11, 22)), promised=self._utc(26))
        waiting = self._order(self._utc(14), promised=self._utc(60), product=self.missing)
        self._order(self._utc(8), done=self._utc(9), promised=self._utc(8.5))
        backlog = self._get()["backlog"]
        counts = {part["code"]: part["count"] for part in backlog["promises"] + backlog["ages"]}
        self.assertEqual(
            counts,
            {"late": 1, "today": 1, "tomorrow": 1, "later": 1, "none": 0, "4h": 2, "1d": 1, "2d": 0, "7d": 1, "old": 0},
        )
        self.assertEqual((backlog["ready"]["count"], backlog["waiting"]["count"]), (3, 1))
        manager = self._create_user("floor", "scm_base.scm_group_user", "stock.group_stock_user")
        board = self._as(manager, self.board)
        for bucket, expected in (("late", late), ("today", today), ("tomorrow", tomorrow), ("waiting", waiting)):
            action = board.action_open_backlog(self.warehouse_a.id, bucket)
            self.assertEqual(self.env["stock.picking"].search(action["domain"]), expected, bucket)
        with self._refused("no part"):
            board.action_open_backlog(self.warehouse_a.id, "nonsense")
        with self._refused("", AccessError):
            self.board.action_open_backlog(self.warehouse_a.id)

    def test_cycle_is_told_with_its_sample(self):
        for hours in (1, 2, 3, 10):
            self._order(self._utc(2), done=self._utc(2 + hours), promised=self._utc(8))
        measures = self._get()["measures"]
        self.assertEqual((measures["cycle_median"], measures["cycle_sample"], measures["on_time"]), (2.5, 4, 3))
        self.assertFalse(measures["cycle_before"])
        self.assertFalse(measures["dock_median"])

    def test_picks_per_hour_cut_breaks_and_need_a_sample(self):
        # six transfers, five minutes apart, a break of two hours in between
        moments = [9 + number / 12 for number in range(3)] + [12 + number / 12 for number in range(3)]
        for moment in moments:
            self._order(self._utc(8), done=self._utc(moment))
        board = self._get()
        self.assertFalse(board["picks"]["rate"], "six picks are too few")
        self.assertEqual(board["picks"]["persons"], [], "a planner sees no person's figures")
        day = self.env["scm.flow.picker.day"].search([("warehouse_id", "=", self.warehouse_a.id)])
        # four gaps of 5 and one cut to 30 minutes, times 6/5
        self.assertEqual((day.user_id, day.picks, day.transfers), (self.packer, 6, 6))
        self.assertAlmostEqual(day.hours, 1.0, places=3)
        self.assertAlmostEqual(day.rate, 6.0, places=3)
        [person] = self._as(self.manager, self.board).get_board()["picks"]["persons"]
        self.assertEqual((person["name"], person["picks"], person["rate"]), ("packer", 6, False))

    def test_wrong_picks_need_a_sample(self):
        errors = self._get()["errors"]
        self.assertEqual((errors["rate"], errors["errors"]), (False, 0))
        self.assertIn("counts", [source["code"] for source in errors["sources"]])

    def test_late_deliveries_raise_one_alert_per_warehouse(self):
        self._order(self._utc(8), promised=self._utc(12))
        self._order(self._utc(8), promised=self._utc(11))
        for _time in range(2):
            self.facts._refresh(self.company_a)
            self.facts._check_flow(self.company_a)
        alert = self.env["scm.alert"].search(
            [("type_id.code", "=", "backlog_late"), ("company_id", "=", self.company_a.id)]
        )
        self.assertEqual((alert.warehouse_id, alert.money_at_stake, alert.why["value"]), (self.warehouse_a, 40.0, 2))

    def test_load_learns_from_the_weeks_before(self):
        self.assertEqual(self._get()["load"]["days"], [])
        for week in range(1, 4):
            for hour in (9, 9, 10):
                moment = self._utc(hour, DAY - timedelta(weeks=week))
                self._order(moment, done=moment + timedelta(hours=2))
        load = self._get()["load"]
        today = load["days"][0]
        self.assertEqual((len(load["days"]), today["date"], today["source"]), (7, "2026-11-26", "usual"))
        self.assertAlmostEqual(today["total"], 3.0, places=1)
        self.assertEqual(max(range(24), key=today["hours"].__getitem__), 9)
        self.assertEqual(load["why"]["sample"], 9)

    def test_board_is_for_the_office_of_the_company(self):
        with self._refused("supply chain users", AccessError):
            self._as(self.packer, self.board).get_board(self.warehouse_a.id)
        with self._refused("", AccessError):
            self._as(self.planner_b, self.board).get_board(self.warehouse_a.id)
        self.assertEqual(self._as(self.planner_b, self.board).get_board()["warehouse"]["id"], self.warehouse_b.id)
        for day, words in (("rubbish", "is no day"), ("2026-11-27", "still to come")):
            with self._refused(words, UserError):
                self.board.get_board(day=day)

    def test_as_many_queries_for_few_as_for_many(self):
        self._order(self._utc(8), done=self._utc(9))
        self._order(self._utc(8))
        self._get()
        few = self._query_count(self.board.get_board)
        for _number in range(6):
            self._order(self._utc(8), done=self._utc(9))
            self._order(self._utc(8))
        self._get()
        self.assertLessEqual(self._query_count(self.board.get_board), few)
        self._get()
        self.board.get_board()
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        self.board.get_board()
        self.assertLessEqual(self.env.cr.sql_log_count - before, 12)

    def test_overview_shows_what_is_late(self):
        self._order(self._utc(8), promised=self._utc(12))
        self.facts._refresh(self.company_a)
        cards = {card["key"]: card for card in self._as(self.planner, self.env["scm.overview"])._flow_cards()}
        self.assertEqual((cards["flow_backlog"]["value"], cards["flow_late"]["value"]), (1, 1))
        self.assertEqual(cards["flow_late"]["tone"], "bad")
