import logging
from collections import defaultdict

from odoo import api, models
from odoo.tools import SQL

from ..kernel.kits import explode

_logger = logging.getLogger(__name__)


class ScmDemandDay(models.Model):
    _inherit = "scm.demand.day"

    @api.model
    def _kit_components(self, companies):
        """Add the goods in each product that is sold as a kit, by the bill of materials that Odoo itself would ship.

        Lines for other variants are left out, services too. A line that depends on a value chosen on the order alone
        (an attribute that makes no variants) is left out: which of them applies is not known per product.
        """
        rows = super()._kit_components(companies)
        parts = defaultdict(lambda: defaultdict(list))
        for company, kit, component, factor in self._kit_lines(companies):
            parts[company][kit].append((component, factor))
        for company, kits in parts.items():
            components, circular = explode(kits)
            if circular:
                _logger.warning("Kits that contain themselves count as themselves: products %s", sorted(circular))
            rows += [
                (kit, company, component, factor)
                for kit, goods in components.items()
                for component, factor in goods.items()
            ]
        return rows

    @api.model
    def _kit_lines(self, companies):
        """Rows (company, kit, component, quantity of the component in one unit of the kit, both in their own units).

        The bill of a product is the first kit by sequence, own variant before all variants, number, among those of the
        company and of none, as in ``mrp.bom._bom_find``; a line applies as in ``mrp.bom.line._skip_bom_line``.
        """
        return self.env.execute_query(
            SQL(
                """
                WITH bill AS (
                    SELECT DISTINCT ON (c.id, pp.id) c.id AS company_id, pp.id AS product_id, b.id AS bom_id,
                           b.product_qty * bu.factor / pu.factor AS made
                      FROM res_company c
                      JOIN mrp_bom b ON b.company_id IS NULL OR b.company_id = c.id
                      JOIN product_product pp ON pp.product_tmpl_id = b.product_tmpl_id
                                             AND (b.product_id IS NULL OR b.product_id = pp.id)
                      JOIN product_template pt ON pt.id = pp.product_tmpl_id
                      JOIN uom_uom bu ON bu.id = b.product_uom_id
                      JOIN uom_uom pu ON pu.id = pt.uom_id
                     WHERE c.id = ANY(%s) AND b.type = 'phantom' AND b.active AND pt.type <> 'service'
                  ORDER BY c.id, pp.id, b.sequence, b.product_id, b.id
                ), applies AS (
                    SELECT line.id AS line_id,
                           count(DISTINCT v.attribute_id) AS attributes,
                           array_agg(v.id) AS values,
                           bool_or(a.create_variant = 'no_variant') AS chosen_on_order
                      FROM mrp_bom_line line
                      JOIN mrp_bom_line_product_template_attribute_value_rel r ON r.mrp_bom_line_id = line.id
                      JOIN product_template_attribute_value v ON v.id = r.product_template_attribute_value_id
                      JOIN product_attribute a ON a.id = v.attribute_id
                     WHERE line.bom_id IN (SELECT bom_id FROM bill)
                  GROUP BY line.id
                )
                SELECT bill.company_id, bill.product_id, line.product_id,
                       (line.product_qty * lu.factor / cu.factor / bill.made)::float8
                  FROM bill
                  JOIN mrp_bom_line line ON line.bom_id = bill.bom_id
                  JOIN product_product cp ON cp.id = line.product_id
                  JOIN product_template ct ON ct.id = cp.product_tmpl_id
                  JOIN uom_uom lu ON lu.id = line.product_uom_id
                  JOIN uom_uom cu ON cu.id = ct.uom_id
             LEFT JOIN applies ON applies.line_id = line.id
                 WHERE ct.type = 'consu' AND line.product_qty > 0 AND bill.made > 0
                   AND (applies.line_id IS NULL OR NOT applies.chosen_on_order AND applies.attributes = (
                       SELECT count(*) FROM product_variant_combination combination
                        WHERE combination.product_product_id = bill.product_id
                          AND combination.product_template_attribute_value_id = ANY(applies.values)))
              ORDER BY bill.company_id, bill.product_id, line.sequence, line.id
                """,
                companies.ids,
            )
        )
