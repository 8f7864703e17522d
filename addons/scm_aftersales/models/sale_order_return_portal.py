from odoo import models
from odoo.tools.image import image_data_uri

#: an order with more items than this is listed without pictures
MAX_PICTURES = 40


class SaleOrder(models.Model):
    """What a customer can give back of an order. The callers have checked token or partner."""

    _inherit = "sale.order"

    def _scm_may_return(self):
        """Whether anything of these orders can still be asked back."""
        orders = self.filtered(lambda order: order.state == "sale")
        return bool(orders) and any(cell["free"] > 0 for cell in self.env["scm.return"]._returnable(orders).values())

    def _scm_return_items(self, pictures=True):
        """Delivered goods with what is free, in the order's sequence.

        :param pictures: False where nobody looks at them
        :return: list of dicts: ``key`` ("line-product-lot", the form's name of it), ``line``, ``product``, ``name``,
            ``unit``, ``free`` (product's unit), ``lot`` (number or ""), ``step`` (smallest quantity), ``image`` (data
            URI or ""), ``variants`` (what it may be exchanged for: [(id, name)])
        """
        self.ensure_one()
        cells = self.env["scm.return"]._returnable(self)
        lines = {line.id: line for line in self.order_line}
        ranks = {line.id: rank for rank, line in enumerate(self.order_line)}
        products = self.env["product.product"].browse({product for _line, product in cells})
        lots = self.env["stock.lot"].browse({lot for cell in cells.values() for lot in cell["lots"]})
        names = dict(zip(lots.ids, lots.mapped("name"), strict=True))
        shown = products if pictures and len(cells) <= MAX_PICTURES else products.browse()
        images = {one.id: image_data_uri(one.image_128) for one in shown if one.image_128}
        items = []
        for (line, product), cell in sorted(cells.items(), key=lambda pair: (ranks[pair[0][0]], pair[0][1])):
            item = self._scm_return_item(lines[line], products.browse(product), max(cell["free"], 0.0))
            item["image"] = images.get(product, "")
            # each lot or serial number that the customer has is an item of its own
            held = [(lot, min(free, item["free"])) for lot, free in cell["lots"].items() if free > 0]
            for lot, free in held or [(0, item["free"])]:
                items.append(
                    item | {"key": f"{line}-{product}-{lot}", "free": max(free, 0.0), "lot": names.get(lot, "")}
                )
        return items

    def _scm_return_item(self, line, product, free):
        whole = not self.env["scm.return.line"].new({"product_id": product.id})._is_divisible()
        return {
            "line": line,
            "product": product,
            "name": product.with_context(display_default_code=False).display_name,
            "unit": product.uom_id.name,
            "free": free,
            "step": "1" if whole else "any",
            "variants": [
                (one.id, one.product_template_attribute_value_ids._get_combination_name())
                for one in product._scm_siblings()
            ],
        }
