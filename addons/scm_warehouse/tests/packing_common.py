"""Cases for packing: two boxes, a filler, a tape, and cups to pack."""

from odoo.fields import Command

from .warehouse_common import WarehouseCase


class PackingCase(WarehouseCase):
    """Adds ``small`` and ``large`` boxes, ``cup`` in stock, :meth:`_delivery` (reserved) and :meth:`_send`."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["scm.packaging.rule"].search([("sequence", "<", 1000)]).active = False
        cls.env["stock.package.type"].search([("scm_is_box", "=", True)]).scm_is_box = False
        board, paper, tape = (
            cls.env.ref(f"scm_warehouse.scm_packaging_material_{name}") for name in ("board", "kraft_fill", "pvc_tape")
        )
        cls.small, cls.large = cls.env["stock.package.type"].create(
            [
                cls._box("S", (20, 15, 10), 0.4, 0.1, board, cls.company_a),
                cls._box("L", (40, 30, 20), 0.9, 0.4, board, cls.company_a),
            ]
        )
        cls.warehouse_a.write({"scm_filler_id": paper.id, "scm_tape_id": tape.id})
        cls.cup = cls._create_product("Cup", weight=0.3)
        cls._edges(cls.cup, 10, 10, 9, fragile=True)
        cls.env["stock.quant"]._update_available_quantity(cls.cup, cls.warehouse_a.lot_stock_id, 100)
        cls.germany = cls.env.ref("base.de")
        cls.customer.country_id = cls.germany

    @classmethod
    def _box(cls, name, inner, cost, tare, material, company, **more):
        length, width, height = inner
        return {
            "name": name,
            "scm_is_box": True,
            "company_id": company.id,
            "scm_inner_length": length,
            "scm_inner_width": width,
            "scm_inner_height": height,
            "packaging_length": 10 * length,
            "width": 10 * width,
            "height": 10 * height,
            "base_weight": tare,
            "max_weight": 15,
            "scm_cost": cost,
            "scm_material_id": material.id,
            **more,
        }

    @classmethod
    def _edges(cls, product, length, width, height, fragile=False, **more):
        product.write(
            {"scm_length": length, "scm_width": width, "scm_height": height, "scm_is_fragile": fragile, **more}
        )

    @classmethod
    def _delivery(cls, *lines, warehouse=None):
        """A delivery of (product, quantity) that is reserved."""
        warehouse = warehouse or cls.warehouse_a
        customers = cls.env.ref("stock.stock_location_customers").id
        with cls._at("2026-11-23"):
            picking = cls.env["stock.picking"].create(
                {
                    "picking_type_id": warehouse.out_type_id.id,
                    "partner_id": cls.customer.id,
                    "location_id": warehouse.lot_stock_id.id,
                    "location_dest_id": customers,
                    "move_ids": [
                        Command.create(
                            {
                                "product_id": product.id,
                                "product_uom_qty": quantity,
                                "product_uom": uom.id,
                                "location_id": warehouse.lot_stock_id.id,
                                "location_dest_id": customers,
                            }
                        )
                        for product, quantity, uom in ((one[0], one[1], (*one, one[0].uom_id)[2]) for one in lines)
                    ],
                }
            )
            picking.action_confirm()
            picking.action_assign()
        return picking

    @classmethod
    def _send(cls, picking):
        with cls._at("2026-11-23"):
            picking.move_ids.picked = True
            picking._action_done()

    def _choices(self, user=None):
        return self._as(user or self.packer, self.env["scm.box.choice"])
