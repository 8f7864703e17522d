from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.scm_planning.tests.test_demand import DemandCase


@tagged("post_install", "-at_install")
class TestKits(DemandCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kit = cls._create_product("Dinner set", is_storable=False)
        cls.box = cls._create_product("Box of glasses", is_storable=False)
        cls.glass = cls._create_product("Glass")
        cls.jug = cls._create_product("Jug")

    @classmethod
    def _create_kit(cls, product, lines, company=None, **values):
        return cls.env["mrp.bom"].create(
            {
                "product_tmpl_id": product.product_tmpl_id.id,
                "type": "phantom",
                "company_id": company.id if company else False,
                "bom_line_ids": [
                    Command.create({"product_id": component.id, "product_qty": quantity, **more})
                    for component, quantity, more in lines
                ],
                **values,
            }
        )

    def _components(self, kit, company=None):
        company = company or self.company_a
        self.env.flush_all()
        rows = self.env["scm.demand.day"]._kit_components(company)
        return {row[2]: row[3] for row in rows if row[0] == kit.id}

    def test_kit_within_a_kit(self):
        self._create_kit(self.box, [(self.glass, 6, {})])
        self._create_kit(self.kit, [(self.box, 2, {}), (self.jug, 1, {})])
        self._create_sale([(self.kit, 3), (self.glass, 1)], "2026-11-02")
        self._refresh()
        self.assertEqual(self._days(self.kit), {})
        self.assertEqual(self._days(self.box), {})
        self.assertEqual(self._days(self.glass), {"2026-11-02": 37})
        self.assertEqual(self._days(self.jug), {"2026-11-02": 3})

    def test_demand_is_what_odoo_ships(self):
        """Units and quantities of the bill: the moves that Odoo makes for the order say the same."""
        self._create_kit(
            self.box, [(self.glass, 2, {"product_uom_id": self.dozen.id})], product_qty=4, product_uom_id=self.unit.id
        )
        self._create_kit(
            self.kit,
            [(self.box, 24, {}), (self.jug, 12, {})],
            product_qty=1,
            product_uom_id=self.dozen.id,
        )
        order = self._create_sale([(self.kit, 12)], "2026-11-02", confirm=False)
        with self._at("2026-11-02"):
            order.action_confirm()
        self._refresh()
        shipped = {move.product_id: move.product_qty for move in order.picking_ids.move_ids}
        self.assertEqual(self._days(self.glass), {"2026-11-02": shipped[self.glass]})
        self.assertEqual(self._days(self.jug), {"2026-11-02": shipped[self.jug]})

    def test_bill_is_the_one_that_odoo_takes(self):
        self._create_kit(self.kit, [(self.glass, 1, {})], sequence=5)
        self._create_kit(self.kit, [(self.glass, 2, {})], company=self.company_a, sequence=3)
        self._create_kit(self.kit, [(self.glass, 9, {})], sequence=1, active=False)
        self._create_kit(self.kit, [(self.glass, 7, {})], sequence=1, type="normal")
        self.assertEqual(self._components(self.kit), {self.glass.id: 2})
        self.assertEqual(self._components(self.kit, self.company_b), {self.glass.id: 1})

    def test_lines_of_other_variants(self):
        attribute = self.env["product.attribute"].create(
            {"name": "Colour", "value_ids": [Command.create({"name": "Red"}), Command.create({"name": "Blue"})]}
        )
        template = self.env["product.template"].create(
            {
                "name": "Set",
                "attribute_line_ids": [
                    Command.create({"attribute_id": attribute.id, "value_ids": [Command.set(attribute.value_ids.ids)]})
                ],
            }
        )
        red, blue = template.product_variant_ids
        self._create_kit(
            red,
            [
                (self.glass, 1, {}),
                (
                    self.jug,
                    1,
                    {
                        "bom_product_template_attribute_value_ids": [
                            Command.set(red.product_template_attribute_value_ids.ids)
                        ]
                    },
                ),
            ],
        )
        self.assertEqual(self._components(red), {self.glass.id: 1, self.jug.id: 1})
        self.assertEqual(self._components(blue), {self.glass.id: 1})

    def test_services_and_circles(self):
        """A circle that slipped past Odoo's check counts as itself and stops nothing."""
        fitting = self._create_product("Fitting", type="service", is_storable=False)
        inner = self._create_kit(self.box, [(self.glass, 6, {}), (fitting, 1, {})])
        self._create_kit(self.kit, [(self.box, 1, {})])
        self.assertEqual(self._components(self.kit), {self.glass.id: 6})
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE mrp_bom_line SET product_id = %s WHERE bom_id = %s AND product_id = %s",
            (self.kit.id, inner.id, self.glass.id),
        )
        self.env.invalidate_all()
        with self.assertLogs("odoo.addons.scm_planning_mrp.models.scm_demand_day", "WARNING"):
            self.assertEqual(self._components(self.kit), {})

    def test_changed_bill_restates(self):
        bill = self._create_kit(self.kit, [(self.glass, 6, {})])
        self._create_sale([(self.kit, 1)], "2026-11-02")
        self._refresh()
        bill.bom_line_ids.product_qty = 8
        self._refresh("2026-11-24")
        self.assertEqual(self._days(self.glass), {"2026-11-02": 8})
        self._create_kit(self.kit, [(self.jug, 2, {})], company=self.company_a, sequence=-1)
        self._refresh("2026-11-25")
        self.assertEqual(self._days(self.glass), {})
        self.assertEqual(self._days(self.jug), {"2026-11-02": 2})
