from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .safety_common import SafetyCase


@tagged("post_install", "-at_install")
class TestSafetyIncident(SafetyCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.incidents = cls.env["scm.safety.incident"]
        cls.first, cls.second = cls._places(bays=2)
        cls._put(cls.first, cls.product, 10)
        cls._put(cls.second, cls.product, 10)

    def _delivery(self, quantity, place=None):
        place = place or self.warehouse_a.lot_stock_id
        picking = self.env["stock.picking"].create(
            {
                "picking_type_id": self.warehouse_a.out_type_id.id,
                "location_id": place.id,
                "location_dest_id": self.env.ref("stock.stock_location_customers").id,
                "move_ids": [
                    (
                        0,
                        0,
                        {
                            "product_id": self.product.id,
                            "product_uom_qty": quantity,
                            "product_uom": self.product.uom_id.id,
                            "location_id": place.id,
                            "location_dest_id": self.env.ref("stock.stock_location_customers").id,
                        },
                    )
                ],
            }
        )
        picking.action_confirm()
        picking.action_assign()
        return picking

    # Reports

    def test_a_report_from_the_floor(self):
        answer = self._as(self.packer, self.incidents).report_incident(
            {
                "uuid": "phone-0001",
                "type": "rack_damage",
                "description": " Upright is bent ",
                "place": "A-01-0",
                "people_count": 1,
                "goods_value": 120.5,
                "photos": [self._picture()],
                "warehouse_id": self.warehouse_a.id,
            }
        )
        incident = self.incidents.browse(answer["id"])
        self.assertRecordValues(
            incident,
            [
                {
                    "kind": "incident",
                    "severity": self.kind.severity,
                    "location_id": self.first.id,
                    "reported_by_id": self.packer.id,
                    "people_count": 1,
                    "company_id": self.company_a.id,
                }
            ],
        )
        self.assertEqual(len(answer["steps"]), len(self.kind.procedure_id.step_ids))
        self.assertEqual(len(incident.attachment_ids), 1)
        again = self._as(self.packer, self.incidents).report_incident({"uuid": "phone-0001"})
        self.assertEqual((again["id"], again["already"]), (incident.id, True))
        # the steps that were copied stay, whatever becomes of the procedure
        step = self.kind.procedure_id.step_ids[0]
        name = step.name
        step.name = "Something else"
        self.assertEqual(incident.step_ids[0].name, name)

    def test_bad_reports_are_refused_and_a_lost_place_is_kept(self):
        self.assertEqual(self._report(place="Z-99").location_name, "Z-99")
        self.assertEqual(self._report(place="Z-99").location_id.id, False)
        for values, words in (
            ({"type": "comet"}, "no type of incident"),
            ({"severity": "awful"}, "no severity"),
            ({"description": " "}, "what happened"),
            ({"people_count": -1}, "no number of people"),
            ({"goods_value": "much"}, "no amount"),
            ({"uuid": "x"}, "unfit"),
            ({"warehouse_id": self.warehouse_b.id}, "no such warehouse"),
            ({"photos": ["AAAA"]}, "not taken"),
        ):
            with self._refused(words):
                self._report(**values)
        with self._refused("reported by people", AccessError):
            self._report(user=self.outsider)

    def test_what_buttons_write_is_not_typed(self):
        incident = self._report()
        for values in ({"state": "closed"}, {"lock_location_ids": [(4, self.first.id)]}):
            with self._refused("use its buttons"):
                incident.with_user(self.manager).write(values)
        with self._refused("", AccessError):
            incident.with_user(self.packer).write({"description": "Nothing"})
        with self._refused("", AccessError):
            self._as(self.planner_b, incident).read(["name"])
        with self._refused("cancel it with a reason"):
            incident.with_user(self.manager).unlink()

    def test_steps_are_ticked_on_the_floor(self):
        incident = self._report()
        answer = self._as(self.packer, incident).set_step(incident.step_ids[0].id)
        self.assertEqual([step["done"] for step in answer][:2], [True, False])
        self.assertEqual(incident.step_ids[0].done_by_id, self.packer)
        self._as(self.counter, incident).set_step(incident.step_ids[0].id, False)
        self.assertFalse(incident.step_ids[0].date_done)

    # Locks

    def test_a_locked_place_is_neither_reserved_nor_left_nor_filled(self):
        incident = self._report(place="A-01-0", lock=True)
        self.assertTrue(self.first.scm_is_locked)
        picking = self._delivery(15)
        self.assertEqual(picking.move_ids.move_line_ids.location_id, self.second)
        self.assertEqual(picking.move_ids.quantity, 10)
        with self._refused(f"(?s)A-01-0.*{incident.name}.*packer"):
            self.env["stock.move.line"].create(
                {
                    "move_id": picking.move_ids.id,
                    "picking_id": picking.id,
                    "product_id": self.product.id,
                    "quantity": 5,
                    "location_id": self.first.id,
                    "location_dest_id": picking.location_dest_id.id,
                }
            )
        self.assertEqual(self.env["stock.quant"]._get_available_quantity(self.product, self.first), 0)
        inside = self.env["stock.move"].create(
            {
                "product_id": self.product.id,
                "product_uom_qty": 2,
                "location_id": self.second.id,
                "location_dest_id": self.first.id,
            }
        )
        inside._action_confirm()
        picking.do_unreserve()
        inside._action_assign()
        inside.picked = True
        with self._refused("This place is locked"):
            inside._action_done()

    def test_what_was_reserved_before_cannot_be_taken_and_looks_elsewhere(self):
        picking = self._delivery(10, self.first)
        moved = self._delivery(4)
        self.assertEqual(picking.state, "assigned")
        moved.move_ids.move_line_ids.unlink()
        incident = self._report(place="A-01-0", lock=True)
        answer = self._as(self.packer, incident).lock([self.first.id])
        self.assertEqual(answer["open_count"], 1)
        self.assertEqual(answer["open_work"][0]["picking"], picking.name)
        picking.move_ids.picked = True
        with self._refused("locked"):
            picking._action_done()
        picking.move_ids.picked = False
        # given back, and taken from elsewhere where the move may
        picking.move_ids.location_id = self.warehouse_a.lot_stock_id
        incident.action_release_work()
        self.assertEqual(picking.move_ids.move_line_ids.location_id, self.second)
        self.assertFalse(incident.open_work_count)

    def test_counts_and_write_offs_go_on(self):
        self._report(place="A-01-0", lock=True)
        quant = self.env["stock.quant"].search([("location_id", "=", self.first.id)])
        quant.with_context(inventory_mode=True).inventory_quantity = 7
        quant.action_apply_inventory()
        self.assertEqual(quant.quantity, 7)

    def test_done_work_of_a_locked_place_is_not_changed(self):
        picking = self._pick(self.first, self.product, 2, "2026-11-20")
        self._report(place="A-01-0", lock=True)
        with self._refused("locked"):
            picking.move_line_ids.quantity = 3

    def test_put_away_goes_to_an_open_place(self):
        rule = self.env["stock.putaway.rule"].create(
            {
                "product_id": self.product.id,
                "location_in_id": self.warehouse_a.lot_stock_id.id,
                "location_out_id": self.first.id,
            }
        )
        stock = self.warehouse_a.lot_stock_id
        self.assertEqual(stock._get_putaway_strategy(self.product, 1), self.first)
        incident = self._report(place="A-01-0", lock=True)
        self.assertFalse(stock._get_putaway_strategy(self.product, 1).scm_is_locked)
        rule.location_out_id = self.second
        self.assertEqual(stock._get_putaway_strategy(self.product, 1), self.second)
        incident._unlock()
        rule.location_out_id = self.first
        self.assertEqual(stock._get_putaway_strategy(self.product, 1), self.first)

    def test_a_place_opens_when_its_last_lock_ends(self):
        zone = self.env["stock.location"].create(
            {"name": "Zone", "usage": "view", "location_id": self.warehouse_a.lot_stock_id.id}
        )
        inner = self._places("C", bays=1, parent=zone)
        one, two = self._report(place="Zone", lock=True), self._report(place="C-01-0", lock=True)
        self.assertTrue(inner.scm_is_locked)
        late = self._places("D", bays=1, parent=zone)
        self.assertTrue(late.scm_is_locked)
        with self._refused("managers", AccessError):
            self._as(self.packer, one).unlock()
        answer = self._as(self.store_manager, one).unlock()
        self.assertEqual(answer["still_locked"], [])
        self.assertEqual((inner.scm_is_locked, late.scm_is_locked, zone.scm_is_locked), (True, False, False))
        two.with_user(self.manager).action_cancel("A joke")
        self.assertFalse(inner.scm_is_locked)
        # a place that is carried into a locked one is locked, and open again outside
        three = self._report(place="Zone", lock=True)
        self.second.location_id = zone
        self.assertTrue(self.second.scm_is_locked)
        self.second.location_id = self.warehouse_a.lot_stock_id
        self.assertFalse(self.second.scm_is_locked)
        three._unlock()

    def test_only_places_of_the_company_are_locked(self):
        incident = self._report()
        for place in (self.warehouse_b.lot_stock_id, self.env.ref("stock.stock_location_customers")):
            with self._refused("cannot be locked"):
                incident.lock([place.id])
        with self._refused("say which places"):
            incident.lock()

    # To the end

    def test_closing_needs_steps_and_for_severe_ones_a_cause(self):
        incident = self._report(severity="severe", place="A-01-0", lock=True).with_user(self.manager)
        incident.action_investigate()
        self.assertEqual(incident.user_id, self.manager)
        with self._refused("is not done"):
            incident.action_close()
        for step in incident.step_ids:
            incident.set_step(step.id)
        with self._refused("root cause"):
            incident.action_close()
        incident.write({"cause_kind": "method", "cause": "No room to turn", "why_1": "Truck was too near"})
        incident.action_close()
        self.assertRecordValues(incident, [{"state": "closed", "closed_by_id": self.manager.id}])
        self.assertFalse(self.first.scm_is_locked)
        with self._refused("is frozen"):
            incident.write({"cause": "Bad luck"})
        with self._refused("is over"):
            incident.lock([self.first.id])
        incident.action_reopen()
        self.assertEqual(incident.state, "investigation")

    def test_one_improvement_while_it_is_open_and_its_measure(self):
        incident = self._report().with_user(self.manager)
        first, second = incident.action_improve(), incident.action_improve()
        self.assertEqual(first["res_id"], second["res_id"])
        incident.invalidate_recordset()
        self.assertEqual(incident.improvement_count, 1)
        improvement = self.env["scm.improvement"].browse(first["res_id"])
        improvement.write(
            {
                "metric": "inspection_failed_rate",
                "baseline_from": "2026-11-01",
                "baseline_to": "2026-11-10",
                "after_from": "2026-11-11",
                "after_to": "2026-11-20",
            }
        )
        for day, cold in (("2026-11-05", 20), ("2026-11-06", 20), ("2026-11-12", 5)):
            with self._at(day):
                self._as(self.packer, self.env["scm.safety.inspection"]).submit_inspection(
                    {
                        "template_id": self.template.id,
                        "warehouse_id": self.warehouse_a.id,
                        "answers": self._answers(cold=cold),
                    }
                )
        improvement.action_measure()
        self.assertEqual((improvement.baseline_value, improvement.after_value), (0.25, 0.0))
        self.assertEqual(improvement.baseline_sample, 2)

    # Board, phone and alerts

    def _plain(self, value):
        if isinstance(value, dict):
            self.assertTrue(all(isinstance(key, str) for key in value))
            return [self._plain(one) for one in value.values()]
        if isinstance(value, list):
            return [self._plain(one) for one in value]
        return self.assertIn(type(value), (str, int, float, bool))

    def test_the_board_counts_days_and_rates(self):
        self.incidents.create(
            [
                {
                    "type_id": self.kind.id,
                    "description": "x",
                    "warehouse_id": self.warehouse_a.id,
                    "kind": kind,
                    # 23:30 UTC is the next day in Berlin
                    "date": f"{day} 23:30:00",
                }
                for day, kind in (
                    ("2026-06-01", "incident"),
                    ("2026-10-31", "incident"),
                    ("2026-11-15", "near_miss"),
                    ("2026-11-16", "finding"),
                )
            ]
        )
        board = self._as(self.planner, self.env["scm.safety.board"])
        with self._at("2026-11-23"):
            found = board.get_board(self.warehouse_a.id)
        self._plain(found)
        self.assertEqual((found["streak"]["days"], found["streak"]["last"]), (22, "2026-11-01"))
        self.assertEqual(found["streak"]["best"], 152)
        self.assertEqual(found["rates"]["near_miss"]["value"], 0.5)
        self.assertEqual(found["tiles"]["open_incidents"], 4)
        self.assertEqual(found["months"][-1], {"month": "2026-11-01", "incident": 1, "near_miss": 1, "finding": 1})
        self.assertEqual(len(found["calendar"]), 35)
        with self._refused("safety board", AccessError):
            self._as(self.outsider, self.env["scm.safety.board"]).get_board()
        self.assertEqual(self._as(self.planner_b, self.env["scm.safety.board"]).get_board()["incidents"], [])

    def test_as_many_queries_for_many_incidents(self):
        board, phone = self.env["scm.safety.board"], self.env["scm.safety.inspection"]
        calls = (board.get_board, phone.get_round)
        self._report(place="A-01-0", lock=True)
        few = [self._query_count(call) for call in calls]
        for number in range(12):
            self._report(place="A-02-0", lock=True, description=str(number))
        with self._at(self.TODAY):
            self.env["scm.safety.schedule"].create(
                [
                    {"template_id": self.template.id, "warehouse_id": self.warehouse_a.id, "equipment": str(number)}
                    for number in range(12)
                ]
            )
            many = [self._query_count(call) for call in calls]
        self.assertLessEqual(many[0], few[0])
        self.assertLessEqual(many[1], few[1] + 3)
        self.assertLess(few[0], 25)

    def test_the_phone_loads_all_that_it_needs(self):
        with self._at("2026-11-23"):
            self._schedule(user_id=self.packer.id)
            found = self._as(self.packer, self.env["scm.safety.inspection"]).get_round(self.warehouse_a.id)
        self._plain(found)
        row = found["inspections"][0]
        self.assertTrue(row["is_mine"])
        questions = found["templates"][str(row["template_id"])]["items"]
        self.assertEqual([one["kind"] for one in questions], ["ok", "number", "damage", "ok"])
        self.assertTrue(found["types"][0]["steps"])
        with self._refused("", AccessError):
            self._as(self.outsider, self.env["scm.safety.inspection"]).get_round()

    def test_alerts_and_cards(self):
        with self._at("2026-11-10"):
            incident = self._report(severity="severe")
        with self._at("2026-11-23"):
            self.env["scm.safety.inspection"]._check_alerts(self.company_a)
            cards = {card["key"]: card for card in self._as(self.planner, self.env["scm.overview"])._cards()}
        alerts = self.env["scm.alert"].search([("type_id.code", "=", "safety_incident_open"), ("state", "=", "open")])
        mine = alerts.filtered(lambda alert: alert.res_id == incident.id)
        self.assertEqual(mine.severity, "critical")
        self.assertEqual(cards["safety_days"]["value"], 13)
        incident.with_user(self.manager).action_investigate()
        with self._at("2026-11-23"):
            self.env["scm.safety.inspection"]._check_alerts(self.company_a)
        self.assertEqual(mine.state, "resolved")
        with self.assertRaisesRegex(UserError, "not open any more"):
            incident.with_user(self.manager).action_investigate()
