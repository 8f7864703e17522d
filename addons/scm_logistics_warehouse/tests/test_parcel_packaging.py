"""A parcel says what it was packed in; the contract of the carrier decides between boxes."""

from odoo.tests import tagged

from odoo.addons.scm_warehouse.tests.packing_common import PackingCase


@tagged("post_install", "-at_install")
class TestParcelPackaging(PackingCase):
    def test_packaging_of_a_parcel(self):
        picking = self._delivery((self.cup, 2))
        self._choices().take(picking.id)
        parcel = self.env["scm.parcel"].create(
            {"name": "P1", "company_id": self.company_a.id, "picking_ids": [(6, 0, picking.ids)]}
        )
        self.assertFalse(parcel.scm_packaging_known)
        self._send(picking)
        parcel.invalidate_recordset()
        self.assertEqual(parcel.scm_packaging_box, "S")
        self.assertAlmostEqual(parcel.scm_packaging_void, 0.4)
        self.assertAlmostEqual(parcel.scm_packaging_kg, picking.scm_box_choice_ids.fact_id.material_kg, 3)

    def test_contract_rate_is_the_freight(self):
        picking = self._delivery((self.cup, 1))
        carrier = self.env["delivery.carrier"].create(
            {
                "name": "Van",
                "product_id": self._create_product("Freight", type="service", is_storable=False).id,
                "company_id": self.company_a.id,
            }
        )
        self.env["scm.freight.rate"].create(
            {"carrier_id": carrier.id, "company_id": self.company_a.id, "price_base": 3.0, "price_kg": 0.0}
        )
        picking.carrier_id = carrier
        self._choices().choose_box([picking.id])
        self.assertAlmostEqual(picking.scm_box_choice_ids.line_ids.cost_freight, 3.0)
