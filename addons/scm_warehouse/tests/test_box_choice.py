"""Boxes of deliveries: proposed, taken, overridden, weighed and held against the rules."""

from datetime import date

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .packing_common import PackingCase


@tagged("post_install", "-at_install")
class TestBoxChoice(PackingCase):
    def test_cheapest_box_that_fits(self):
        two, three = self._delivery((self.cup, 2)), self._delivery((self.cup, 3))
        first, second = self._choices().choose_box([two.id, three.id])
        self.assertEqual((first["box_names"], second["box_names"]), ("S", "L"))
        self.assertAlmostEqual(first["void_ratio"], 1 - 1800 / 3000)
        choice = two.scm_box_choice_ids
        # 1.2 litres of air at 0.012 kg, no price for filler; tape and freight cost nothing here
        self.assertAlmostEqual(choice.cost, 0.4)
        self.assertAlmostEqual(choice.line_ids.filler_kg, 0.0144)
        board, paper = 0.9 * 1.10 + 0.1 * 1.20, 0.9 * 1.05 + 0.1 * 1.35
        tape = 2 * (20 + 10) / 100 * 0.003 * 2.94
        self.assertAlmostEqual(choice.line_ids.co2e_kg, 0.1 * board + 0.0144 * paper + tape, 4)
        self.assertEqual(choice.why["method"], "pack_search")
        self.assertEqual(three.scm_box_choice_ids.why["notes"][0]["values"]["boxes"], "S")

    def test_asked_again_it_stays_and_follows_changes(self):
        picking = self._delivery((self.cup, 2))
        self._choices().choose_box([picking.id])
        choice, line = picking.scm_box_choice_ids, picking.scm_box_choice_ids.line_ids
        self._choices().choose_box([picking.id])
        self.assertEqual(picking.scm_box_choice_ids.line_ids, line)
        self._edges(self.cup, 30, 10, 9)
        self._choices().choose_box([picking.id])
        self.assertEqual(picking.scm_box_choice_ids, choice)
        self.assertEqual(choice.line_ids.box_id, self.large)

    def test_missing_dimensions_are_named(self):
        self.env["stock.quant"]._update_available_quantity(self.product, self.warehouse_a.lot_stock_id, 5)
        picking = self._delivery((self.product, 1), (self.cup, 1))
        [answer] = self._choices().choose_box([picking.id])
        self.assertEqual((answer["state"], answer["boxes"]), ("blocked", []))
        self.assertEqual([one["id"] for one in answer["missing"]], self.product.ids)
        self.env["scm.box.choice"]._sync_alerts(self.company_a)
        alerts = self.env["scm.alert"].search(
            [("type_id.code", "=", "product_no_dimensions"), ("company_id", "=", self.company_a.id)]
        )
        self.assertEqual(alerts.product_id, self.product)
        self._edges(self.product, 5, 5, 5)
        self.assertEqual(self._choices().choose_box([picking.id])[0]["state"], "proposed")
        self.env["scm.box.choice"]._sync_alerts(self.company_a)
        self.assertEqual(alerts.state, "resolved")

    def test_nothing_fits_and_units_of_measure(self):
        board = self._create_product("Board", weight=2)
        self._edges(board, 120, 20, 2)
        self.env["stock.quant"]._update_available_quantity(board, self.warehouse_a.lot_stock_id, 5)
        picking = self._delivery((board, 1))
        [answer] = self._choices().choose_box([picking.id])
        self.assertEqual((answer["state"], answer["left"][0]["id"]), ("no_box", board.id))
        dozen = self._delivery((self.cup, 1, self.env.ref("uom.product_uom_dozen")))
        [answer] = self._choices().choose_box([dozen.id])
        self.assertEqual(sum(place["count"] for box in answer["boxes"] for place in box["places"]), 12)
        many = self._delivery((self.cup, 160))
        self.assertEqual(self._choices().choose_box([many.id])[0]["state"], "proposed", "100 are reserved")
        self.cup.scm_is_fragile = False
        self.env["stock.quant"]._update_available_quantity(self.cup, self.warehouse_a.lot_stock_id, 200)
        with self._at("2026-11-23"):
            many.action_assign()
        self.assertEqual(self._choices().choose_box([many.id])[0]["state"], "too_many")

    def test_take_splits_lines_and_facts_are_noted(self):
        self.large.scm_is_box = False
        picking = self._delivery((self.cup, 5))
        answer = self._choices().take(picking.id)
        self.assertEqual(answer["taken"], "S, S, S")
        packed = picking.move_line_ids.grouped("result_package_id")
        self.assertEqual(sorted(sum(lines.mapped("quantity")) for lines in packed.values()), [1, 2, 2])
        self.assertEqual(sum(picking.move_ids.mapped("quantity")), 5)
        with self._refused("nothing is reserved"):
            self._choices().take(picking.id)
        self._send(picking)
        fact = self.env["scm.packaging.fact"].search([("picking_id", "=", picking.id)])
        self.assertRecordValues(
            fact,
            [
                {
                    "basis": "packed",
                    "parcels": 3,
                    "is_override": False,
                    "lost": 0.0,
                    "date": date(2026, 11, 23),
                    "country_id": self.germany.id,
                }
            ],
        )
        self.assertAlmostEqual(fact.void_ratio, 1 - 4500 / 9000)
        self.assertAlmostEqual(fact.co2e_kg, fact.co2e_proposed_kg, 3)
        self.assertEqual(fact.choice_id.state, "packed")
        with self._refused("has left"):
            self._choices().choose_box([picking.id])

    def test_another_box_costs_and_needs_a_reason(self):
        picking = self._delivery((self.cup, 1))
        with self._refused("say why"):
            self._choices().take(picking.id, self.large.id)
        self._choices().take(picking.id, self.large.id, "out", "the S are gone")
        self._send(picking)
        choice = picking.scm_box_choice_ids
        self.assertRecordValues(
            choice,
            [
                {
                    "state": "packed",
                    "box_names": "S",
                    "taken_names": "L",
                    "is_override": True,
                    "reason": "out",
                    "packed_by_id": self.packer.id,
                }
            ],
        )
        self.assertAlmostEqual(choice.lost, 0.5)
        self.assertAlmostEqual(choice.fact_id.lost, 0.5)
        self.assertGreater(choice.fact_id.co2e_kg, choice.fact_id.co2e_proposed_kg)

    def test_rules_on_proposal_and_parcel(self):
        void = self.env["scm.packaging.rule"].create(
            {
                "name": "A third of air",
                "kind": "void_ratio",
                "limit": 0.35,
                "where": "to",
                "country_ids": [Command.set(self.germany.ids)],
                "source": "test",
            }
        )
        later = void.copy({"name": "Less air", "limit": 0.3, "date_from": "2030-01-01", "is_ahead": True})
        elsewhere = void.copy({"name": "Taiwan", "country_ids": [Command.set(self.env.ref("base.tw").ids)]})
        picking = self._delivery((self.cup, 2))
        self._choices().choose_box([picking.id])
        found = picking.scm_box_choice_ids.finding_ids
        self.assertEqual({(one.rule_id, one.level) for one in found}, {(void, "must"), (later, "ahead")})
        self.assertFalse(found.filtered(lambda one: one.rule_id == elsewhere))
        self._choices().take(picking.id, self.large.id, "other")
        self._send(picking)
        packed = picking.scm_box_choice_ids.finding_ids
        self.assertTrue(all(packed.mapped("is_packed")))
        self.assertAlmostEqual(packed.filtered(lambda one: one.rule_id == void).value, 1 - 1800 / 24000)
        self.assertEqual(picking.scm_box_choice_ids.must_count, 1)
        with self._at("2026-11-24"):
            self.env["scm.box.choice"]._sync_alerts(self.company_a)
        alert = self.env["scm.alert"].search([("type_id.code", "=", "packaging_rule_broken")])
        self.assertEqual(alert.mapped("res_id"), void.ids)
        with self.assertRaises(ValidationError):
            void.write({"kind": "recycled", "family": False})

    def test_rights_and_companies(self):
        picking = self._delivery((self.cup, 1))
        for user in (self.outsider, self.planner):
            with self.assertRaises(AccessError):
                self._choices(user).choose_box([picking.id])
        self._choices().choose_box([picking.id])
        self.assertEqual(self._choices(self.planner).search_count([("picking_id", "=", picking.id)]), 1)
        self.assertFalse(self._choices(self.planner_b).search_count([("picking_id", "=", picking.id)]))
        for model in ("scm.box.choice", "scm.packaging.fact", "scm.packaging.finding"):
            self.assertFalse(self._as(self.manager, self.env[model]).has_access("write"))
        with self.assertRaises(AccessError):
            self._as(self.packer, self.env["scm.packaging.rule"]).check_access("write")
        other = self.env["stock.package.type"].create(
            self._box("B", (50, 50, 50), 1, 1, self.small.scm_material_id, self.company_b)
        )
        with self._refused("of this company"):
            self._choices().take(picking.id, other.id, "other")
        with self.assertRaises(ValidationError):
            self.env["stock.package.type"].create({"name": "flat", "scm_is_box": True})

    def test_same_count_of_queries(self):
        few, many = [self._delivery((self.cup, 2))], [self._delivery((self.cup, n % 3 + 1)) for n in range(8)]
        self._choices().choose_box([self._delivery((self.cup, 1)).id])
        counts = [
            self._query_count(self._choices().choose_box, [picking.id for picking in pickings])
            for pickings in (few, many)
        ]
        self.assertLessEqual(counts[1], counts[0] + 2)
        for picking in few + many:
            picking.move_ids.picked = True
        notes = []
        for pickings in (few, many):
            records = self.env["stock.picking"].union(*pickings)
            with self._at("2026-11-23"):
                records.move_ids._action_done()
            notes.append(self._query_count(self.env["scm.box.choice"].sudo()._note_taken, records))
        self.assertLessEqual(notes[1], notes[0] + 2)
        self.assertEqual(self.env["scm.packaging.fact"].search_count([("picking_id", "in", records.ids)]), 8)

    def test_queue_scan_and_boxes(self):
        picking = self._delivery((self.cup, 1))
        choices = self._choices()
        row = next(one for one in choices.packing_queue() if one["id"] == picking.id)
        self.assertEqual(row["state"], "none")
        packed = self._delivery((self.cup, 1))
        choices.choose_box(packed.ids)
        choices.take(packed.id)
        self.assertNotIn(packed.id, [one["id"] for one in choices.packing_queue()], "it is packed")
        self.assertEqual(choices.packing_scan(f" {picking.name.lower()} "), picking.id)
        self.assertFalse(choices.packing_scan("%"))
        self.assertEqual([box["name"] for box in choices.packing_boxes(picking.id)], ["S", "L"])
        self.assertEqual(choices.get_packing(picking.id)["state"], "none")
        with self.assertRaises(UserError):
            choices.choose_box([0])

    def test_import_of_dimensions(self):
        lamp = self._create_product("Lamp", default_code="LAMP-1")
        importer = self.env["scm.importer.dimension"].with_company(self.company_a)
        from odoo.addons.scm_base.models.scm_importer import ImportReport, ImportRow

        report = ImportReport(self.env["scm.import"])
        good = {"product": "LAMP-1", "scm_length": 30.0, "scm_width": 20.0, "scm_height": 15.5, "weight": 1.2}
        rows = [
            ImportRow(2, good | {"scm_is_fragile": "Yes"}),
            ImportRow(3, good | {"product": "nothing"}),
            ImportRow(4, good | {"scm_height": 0.0}),
            ImportRow(5, good | {"scm_is_liquid": "maybe"}),
        ]
        checked = importer._check_rows(rows, report)
        self.assertEqual(report.bad_rows, {3, 4, 5})
        importer._write_rows([values for _number, values in checked])
        self.assertRecordValues(
            lamp.product_tmpl_id,
            [{"scm_length": 30.0, "scm_height": 15.5, "scm_is_fragile": True, "scm_has_dimensions": True}],
        )
        self.assertEqual(lamp.weight, 1.2)

    def test_manual_package_without_proposal(self):
        lamp = self._create_product("Lamp", weight=1.0)
        self.env["stock.quant"]._update_available_quantity(lamp, self.warehouse_a.lot_stock_id, 5)
        picking = self._delivery((lamp, 1))
        picking.move_line_ids._put_in_pack(package_type_id=self.large.id)
        self._send(picking)
        fact = self.env["scm.packaging.fact"].search([("picking_id", "=", picking.id)])
        self.assertEqual((fact.basis, fact.has_void, fact.is_override), ("packed", False, False))
        self.assertGreater(fact.material_kg, 0.39)
        self.assertEqual(fact.lost, 0.0)
        self._send(loose := self._delivery((self.cup, 1)))
        self.assertFalse(loose.scm_box_choice_ids, "nobody asked for a box, and none is known")
        self.warehouse_a.scm_box_choice_auto = True
        self._send(assumed := self._delivery((self.cup, 1)))
        self.assertEqual(assumed.scm_box_choice_ids.fact_id.basis, "assumed")
