"""Cases for the warehouse: a hall with aisles, stock in its places, picks, on top of the suite's test kit."""

from odoo.addons.scm_base.tests.common import ScmCase


class WarehouseCase(ScmCase):
    """Adds ``packer`` and ``counter`` (stock users of company A) and factories for its warehouse.

    * :meth:`_places` makes the places of an aisle, with coordinates: ``A-01-0``, ``A-02-0`` ...
    * :meth:`_put` sets the stock of a product in a place; :meth:`_pick` takes some of it out on a day
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.packer = cls._create_user("packer", "stock.group_stock_user")
        cls.counter = cls._create_user("counter", "stock.group_stock_user")
        cls.product = cls._create_product("Lamp")
        # new warehouses of Odoo put transfers of a contact into batches by themselves
        (cls.warehouse_a.in_type_id | cls.warehouse_a.out_type_id).auto_batch = False

    @classmethod
    def _places(cls, aisle="A", bays=4, levels=1, warehouse=None, parent=None):
        """Places of one aisle, three metres a bay, one aisle of four metres per letter."""
        warehouse = warehouse or cls.warehouse_a
        return cls.env["stock.location"].create(
            [
                {
                    "name": f"{aisle}-{bay:02}-{level}",
                    "location_id": (parent or warehouse.lot_stock_id).id,
                    "usage": "internal",
                    "company_id": warehouse.company_id.id,
                    "scm_aisle": aisle,
                    "scm_bay": bay,
                    "scm_level": level,
                    "scm_x": (ord(aisle[0]) - ord("A")) * 4.0,
                    "scm_y": bay * 3.0,
                    "scm_z": level * 1.5,
                }
                for bay in range(1, bays + 1)
                for level in range(levels)
            ]
        )

    @classmethod
    def _put(cls, place, product, quantity, lot=None):
        """Stock of a product in one place."""
        cls.env["stock.quant"]._update_available_quantity(product, place, quantity, lot_id=lot)

    @classmethod
    def _pick(cls, place, product, quantity, day, user=None):
        """A done delivery from one place to the customer, on a day; returns the picking."""
        warehouse = place.warehouse_id
        with cls._at(day):
            picking = cls.env["stock.picking"].create(
                {
                    "picking_type_id": warehouse.out_type_id.id,
                    "partner_id": cls.customer.id,
                    "user_id": user and user.id,
                    "location_id": place.id,
                    "location_dest_id": cls.env.ref("stock.stock_location_customers").id,
                    "move_ids": [
                        (
                            0,
                            0,
                            {
                                "product_id": product.id,
                                "product_uom_qty": quantity,
                                "product_uom": product.uom_id.id,
                                "location_id": place.id,
                                "location_dest_id": cls.env.ref("stock.stock_location_customers").id,
                            },
                        )
                    ],
                }
            )
            picking.action_confirm()
            picking.action_assign()
            picking.move_ids.picked = True
            picking._action_done()
        return picking
