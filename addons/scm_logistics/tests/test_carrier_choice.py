from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command

from .choice_common import ChoiceCase


class TestCarrierChoice(ChoiceCase):
    def test_the_dearer_carrier_saves_money(self):
        choice = self._propose(self._delivery())
        # 5 + 0.4 x 20 against 7 + 0.02 x 20
        self.assertRecordValues(
            choice,
            [
                {
                    "carrier_id": self.cheap.id,
                    "suggested_id": self.good.id,
                    "score_present": 13.0,
                    "score_suggested": 7.4,
                    "saving": 5.6,
                    "state": "proposed",
                    "zone_id": self.zone.id,
                    "class_id": self.rush.id,
                    "weight": 2.0,
                    "value": 25.0,
                }
            ],
        )
        options = choice.candidates["options"]
        self.assertEqual([one["carrier_id"] for one in options], [self.good.id, self.cheap.id])
        self.assertEqual(options[1]["days_left"], 2)
        self.assertEqual(choice.why["value"], 7.4)
        codes = {term["code"] for term in choice.why["terms"]}
        self.assertLess(codes | set(choice.why["notes"]), set(self.env["scm.why"].labels()))

    def test_proposing_twice_proposes_once(self):
        picking = self._delivery()
        first = self._propose(picking)
        self.env.cr.execute("UPDATE scm_carrier_choice SET write_date = '2020-01-01' WHERE id = %s", [first.id])
        self.assertEqual(self._propose(picking), first)
        first.invalidate_recordset()
        self.assertEqual(first.write_date.year, 2020, "what stays the same is not written")
        self._lane_of(self.cheap).transit_pmf = [0, 0.9, 0.1]
        self.assertEqual(self._propose(picking), first)
        self.assertEqual((first.state, first.suggested_id), ("agreed", self.cheap))

    def _lane_of(self, carrier):
        return self.env["scm.lane"].search([("carrier_id", "=", carrier.id)])

    def test_where_lateness_costs_nothing_price_decides(self):
        self.customer.with_company(self.company_a).scm_customer_class_id = False
        choice = self._propose(self._delivery(self.good))
        self.assertEqual((choice.suggested_id, choice.saving), (self.cheap, 2.0))
        self.assertIn("carrier_note_no_cost_late", choice.why["notes"])
        self._class("All", 20.0, is_default=True)
        self.assertEqual(self._propose(choice.picking_id).suggested_id, self.good)

    def test_risk_of_loss_counts_with_the_value(self):
        self._lane_of(self.good).lost_rate = 0.5
        choice = self._propose(self._delivery())
        self.assertEqual(choice.suggested_id, self.cheap)  # 7 + 0.4 + 0.5 x 25 is more than 13

    def test_apply_and_the_customer_pays_the_same(self):
        picking = self._delivery()
        total = picking.sale_id.amount_total
        choice = self._propose(picking)
        with self.assertRaises(AccessError):
            self._as(self.outsider, choice).apply()
        self.assertEqual(self._as(self.keeper, choice).apply(), 1)
        self.assertEqual(self._as(self.keeper, choice).apply(), 0)
        self.assertEqual(picking.carrier_id, self.good)
        self.assertEqual(picking.sale_id.amount_total, total)
        self.assertRecordValues(choice, [{"state": "applied", "chosen_id": self.good.id, "user_id": self.keeper.id}])
        self.assertFalse(self._propose(picking), "decided once")

    def test_override_needs_a_reason_and_a_carrier_that_can(self):
        choice = self._as(self.keeper, self._propose(self._delivery()))
        other = self._carrier("Elsewhere", 1.0, country_ids=[Command.set(self.env.ref("base.fr").ids)])
        with self.assertRaisesRegex(UserError, "Say why"):
            choice.override(self.cheap.id, " ")
        with self.assertRaisesRegex(UserError, "does not take"):
            choice.override(other.id, "Cheapest")
        choice.override(self.cheap.id, "The customer knows the driver")
        self.assertRecordValues(choice, [{"state": "overridden", "chosen_id": self.cheap.id}])
        self.assertEqual(choice.reason, "The customer knows the driver")

    def test_a_carrier_set_on_the_delivery_is_a_decision(self):
        third = self._carrier("Third", 9.0)
        follow, deviate = self._propose(self._delivery(), self._delivery())
        self._as(self.keeper, follow.picking_id).carrier_id = self.good
        self._as(self.keeper, deviate.picking_id).carrier_id = third
        self.assertEqual((follow.state, follow.user_id), ("applied", self.keeper))
        self.assertEqual((deviate.state, deviate.chosen_id), ("overridden", third))

    def test_limit_per_day_leaves_the_places_to_who_needs_them(self):
        self.good.scm_capacity_day = 1
        calm = self.env["res.partner"].create({"name": "Calm", "country_id": self.germany.id})
        calm.with_company(self.company_a).scm_customer_class_id = self._class("Calm", 6.0)
        urgent, relaxed = self._delivery(), self._delivery(partner_id=calm.id)
        choices = {one.picking_id: one for one in self._propose(urgent, relaxed)}
        self.assertEqual(choices[urgent].suggested_id, self.good)
        self.assertEqual(choices[relaxed].suggested_id, self.cheap)

    def test_peak_days_and_deliveries_of_others_count(self):
        other = self._delivery(self.good)
        self.good.scm_peak_ids = [
            Command.create(
                {
                    "company_id": self.company_a.id, "date_from": "2026-11-20", "date_to": "2026-11-30",
                    "capacity_day": 1,
                }
            )
        ]  # fmt: skip
        choice = self._propose(self._delivery())
        self.assertEqual(choice.suggested_id, self.cheap, f"{other.name} has the only place")
        self.assertIn("carrier_note_limit", choice.why["notes"])

    def test_share_of_the_month(self):
        self.good.scm_share_max = 0.5
        choices = self._propose(*(self._delivery() for _number in range(4)))
        self.assertEqual(len(choices.filtered(lambda one: one.suggested_id == self.good)), 2)

    def test_rules(self):
        rules = self.env["scm.carrier.rule"]
        base = {"name": "Heavy", "company_id": self.company_a.id, "weight_from": 10.0}
        heavy = rules.create(base | {"carrier_ids": [Command.set(self.cheap.ids)]})
        conditions = {"class_ids": [Command.set(self.rush.ids)], "zone_ids": [Command.set(self.zone.ids)]}
        auto = rules.create(base | conditions | {"name": "Rush", "weight_from": 0, "mode": "automatic", "sequence": 20})
        big, small = self._delivery(quantity=6), self._delivery()
        choices = {one.picking_id: one for one in self._propose(big, small)}
        self.assertEqual((choices[big].rule_id, choices[big].state), (heavy, "agreed"))
        self.assertNotIn(small, [one for one, choice in choices.items() if choice.state == "proposed"])
        applied = small.scm_choice_ids
        self.assertRecordValues(applied, [{"state": "applied", "is_automatic": True, "rule_id": auto.id}])
        self.assertEqual(small.carrier_id, self.good)
        with self.assertRaisesRegex(ValidationError, "Heavy"):
            heavy.weight_to = 5.0

    def test_least_saving_and_leaving_alone(self):
        rule = self.env["scm.carrier.rule"].create({"name": "All", "company_id": self.company_a.id, "min_saving": 6.0})
        picking = self._delivery()
        choice = self._propose(picking)
        self.assertEqual((choice.state, choice.suggested_id), ("agreed", self.cheap))
        rule.write({"mode": "off"})
        self.assertFalse(self._propose(picking))
        self.assertEqual(choice.state, "obsolete")

    def test_price_rules_and_lane_prices(self):
        rule = {"variable": "weight", "operator": "<=", "max_value": 3, "list_base_price": 1.0, "list_price": 0.5}
        tiered = self._carrier(
            "Tiered",
            0.0,
            delivery_type="base_on_rule",
            price_rule_ids=[Command.create(rule | {"variable_factor": "weight"})],
        )
        self._lane(tiered, [0, 1.0], late=0.0)
        light, heavy = self._propose(self._delivery(), self._delivery(quantity=2))
        self.assertEqual((light.suggested_id, light.score_suggested), (tiered, 2.0))
        self.assertNotIn(tiered.id, [one["carrier_id"] for one in heavy.candidates["options"]])
        tiered.scm_price_basis = "lane"
        self.assertGreater(self._propose(light.picking_id).candidates["options"][0]["score"], 2.0)

    def test_a_quotation_gets_a_proposal_too(self):
        order = self._create_sale(
            [(self.product, 1)], "2026-11-23", confirm=False, commitment_date="2026-11-25 11:00:00"
        )
        order.carrier_id = self.cheap
        with self._at(self.TODAY):
            ids = self._as(self.seller, self.env["scm.carrier.choice"]).propose_for("sale.order", order.ids)
        choice = self.env["scm.carrier.choice"].browse(ids)
        self.assertEqual((choice.order_id, choice.suggested_id), (order, self.good))
        self._as(self.seller, choice).apply()
        self.assertEqual(order.carrier_id, self.good)

    def test_bad_input_is_answered_in_words(self):
        choices = self._as(self.keeper, self.env["scm.carrier.choice"])
        with self.assertRaisesRegex(UserError, "res.partner"):
            choices.propose_for("res.partner", [1])
        picking = self._delivery()
        self._deliver(picking.sale_id, "2026-11-23")
        with self.assertRaisesRegex(UserError, picking.name):
            choices.propose_for("stock.picking", picking.ids)
        with self.assertRaisesRegex(UserError, "manager"):
            choices.refresh_open()
        with self.assertRaises(AccessError):
            self._as(self.outsider, choices).propose_for("stock.picking", picking.ids)
        with self.assertRaises(AccessError):
            self._as(self.planner_b, self._propose(self._delivery())).read(["saving"])

    def test_as_many_queries_for_many_as_for_few(self):
        few = [self._delivery() for _number in range(2)]
        many = [self._delivery(quantity=1 + number % 3) for number in range(14)]
        self._propose(*few)
        self.assertLessEqual(self._query_count(self._propose, *many), self._query_count(self._propose, *few) + 2)

    def test_nightly_of_open_deliveries(self):
        soon, later = self._delivery(), self._delivery(day="2026-12-20", promised="2026-12-22")
        with self._at(self.TODAY):
            found = self._as(self.manager, self.env["scm.carrier.choice"]).refresh_open()
        self.assertEqual((found["deliveries"], found["proposed"], found["saving"]), (1, 1, 5.6))
        self.assertFalse(later.scm_choice_ids)
        self._deliver(soon.sale_id, "2026-11-24")
        with self._at("2026-11-25"):
            self._as(self.manager, self.env["scm.carrier.choice"]).refresh_open()
        self.assertRecordValues(soon.scm_choice_ids, [{"state": "overridden", "chosen_id": self.cheap.id}])

    def test_panel(self):
        picking = self._delivery()
        panel = self._as(self.keeper, self.env["scm.carrier.choice"]).get_panel("stock.picking", picking.id)
        self.assertEqual((panel["choice"], panel["can_ask"]), (False, True))
        self._propose(picking)
        panel = self._as(self.keeper, self.env["scm.carrier.choice"]).get_panel("stock.picking", picking.id)
        self.assertEqual([one["carrier"] for one in panel["choice"]["options"]], ["Good", "Cheap"])
        self.assertEqual(panel["choice"]["date_promised"], "2026-11-25")
        buyer = self._create_user("buyer", "purchase.group_purchase_user")
        panel = self._as(buyer, self.env["scm.carrier.choice"]).get_panel("stock.picking", picking.id)
        self.assertEqual((panel["choice"], panel["can_ask"]), (False, False), "who reads transfers only, sees nothing")


class TestOutcome(ChoiceCase):
    def _parcel(self, picking, **values):
        return self.env["scm.parcel"].create(
            {
                "name": picking.name,
                "company_id": self.company_a.id,
                "carrier_id": picking.carrier_id.id,
                "picking_ids": [Command.set(picking.ids)],
                "value": 25.0,
                "is_final": True,
                **values,
            }
        )

    def test_regret(self):
        kept, followed, still = (self._delivery() for _number in range(3))
        choices = {one.picking_id: one for one in self._propose(kept, followed, still)}
        choices[kept].override(self.cheap.id, "Habit")
        (choices[followed] + choices[still]).apply()
        self._parcel(kept, cost_expected=5.0, is_late=True, days_late=1)
        self._parcel(followed, cost_expected=7.0, cost_invoiced=7.5)
        self._parcel(still, cost_expected=7.0, is_final=False)
        self.assertEqual(self.env["scm.carrier.choice"]._measure_outcomes(self.company_a), 2)
        self.assertEqual(self.env["scm.carrier.choice"]._measure_outcomes(self.company_a), 0)
        # 5 + 20 late, where 7.4 was expected of the suggested one; 7.5, where 13 was expected of the former one
        self.assertRecordValues(
            choices[kept] + choices[followed],
            [
                {"is_measured": True, "is_late": True, "cost_real": 25.0, "regret": 17.6},
                {"is_measured": True, "is_late": False, "cost_real": 7.5, "regret": -5.5},
            ],
        )
        self.assertFalse(choices[still].is_measured)
