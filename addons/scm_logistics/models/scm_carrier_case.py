from odoo import api, fields, models

from odoo.addons.scm_base.tools.zones import local_day, local_today, zone_name


class ScmCarrierCase(models.AbstractModel):
    """Reads orders and deliveries as shipments of :class:`scm.carrier.score`, in as many queries for one as for all."""

    _name = "scm.carrier.case"
    _description = "Shipments whose Carrier is Chosen"

    @api.model
    def _picking_cases(self, company, pickings):
        """One case per delivery; those without address are left out."""
        # sudo: who may ask for the proposal was checked by the caller; it reads prices and classes besides
        pickings = pickings.sudo().with_company(company).filtered("partner_id")
        self._warm(pickings)
        today = local_today(company)
        cases = []
        for picking in pickings:
            moves = picking.move_ids.filtered(lambda move: move.state != "cancel")
            zone = zone_name(company, picking.picking_type_id.warehouse_id)
            case = self._case(company, picking.partner_id, picking.sale_id, picking.picking_type_id.warehouse_id)
            case |= self._measures([(one.product_id, one.product_qty, self._move_value(one)) for one in moves])
            case |= {
                "key": picking.id,
                "source": picking,
                "present": picking.carrier_id.id,
                "date_ship": self._day(picking.date_done, zone) or max(self._day(picking.scheduled_date, zone), today),
                "date_promised": self._promised(picking.sale_id, zone) or self._day(picking.date_deadline, zone),
            }
            cases.append(case)
        return cases

    @api.model
    def _order_cases(self, company, orders):
        """One case per order, as if all of it left in one parcel from the order's warehouse."""
        # sudo: see _picking_cases
        orders = orders.sudo().with_company(company).filtered("partner_shipping_id")
        orders.order_line.product_id.mapped("weight")
        today = local_today(company)
        cases = []
        for order in orders:
            zone = zone_name(company, order.warehouse_id)
            lines = order.order_line.filtered(self._is_shipped)
            case = self._case(company, order.partner_shipping_id, order, order.warehouse_id)
            case |= self._measures([(one.product_id, *self._line_amounts(one)) for one in lines])
            case |= {
                "key": order.id,
                "source": order,
                "present": order.carrier_id.id,
                "date_ship": today,
                "date_promised": self._promised(order, zone) or self._day(order.expected_date, zone),
            }
            cases.append(case)
        return cases

    @api.model
    def _case(self, company, partner, order, warehouse):
        customer = (order.partner_id or partner).commercial_partner_id.with_company(company)
        return self._address(partner) | {
            "partner": partner,
            "order": order,
            "warehouse_id": warehouse.id,
            **self._lateness_cost(company, customer.scm_customer_class_id),
        }

    @api.model
    def _address(self, partner):
        return {"country_id": partner.country_id.id, "state_id": partner.state_id.id, "zip": partner.zip or ""}

    @api.model
    def _lateness_cost(self, company, customer_class):
        """Class and cost of lateness: the customer's class, else the default class, else the company's figure."""
        found = customer_class or self._default_class(company)
        if not found:
            return {"class_id": False, "cost_late": company.scm_cost_late, "cost_late_day": 0.0}
        return {"class_id": found.id, "cost_late": found.cost_late, "cost_late_day": found.cost_late_day}

    @api.model
    def _default_class(self, company):
        cached = self.env.context.get("scm_default_class")
        if cached is not None:
            return self.env["scm.customer.class"].sudo().browse(cached)  # sudo: looked up as in the next line
        # sudo: what lateness costs is read to compute a figure, whoever asked for it
        return (
            self.env["scm.customer.class"]
            .sudo()
            .search([("company_id", "=", company.id), ("is_default", "=", True)], limit=1)
        )

    @api.model
    def _with_default_class(self, company):
        """Self, with the default class looked up once for all cases."""
        return self.with_context(scm_default_class=self._default_class(company).id or False)

    # Amounts

    @api.model
    def _measures(self, rows):
        """Weight, volume, quantity and value of ``[(product, quantity in its unit, value)]``."""
        return {
            "weight": sum(product.weight * quantity for product, quantity, _value in rows),
            "volume": sum(product.volume * quantity for product, quantity, _value in rows),
            "quantity": sum(quantity for _product, quantity, _value in rows),
            "value": sum(value for _product, _quantity, value in rows),
            "categories": self._categories([product for product, _quantity, _value in rows]),
        }

    @api.model
    def _categories(self, products):
        """Ids of the products' categories and of all above them."""
        paths = {product.categ_id.parent_path or "" for product in products}
        return {int(part) for path in paths for part in path.split("/") if part}

    @api.model
    def _is_shipped(self, line):
        return line.product_id.type == "consu" and not line.display_type and not line.is_delivery

    @api.model
    def _line_amounts(self, line):
        """(quantity in the product's unit, value in company currency) of an order line."""
        quantity = line.product_uom_id._compute_quantity(line.product_uom_qty, line.product_id.uom_id)
        return quantity, line.price_subtotal / (line.order_id.currency_rate or 1.0)

    @api.model
    def _move_value(self, move):
        """What a move is sold for, company currency; what it costs where no order line says."""
        line = move.sale_line_id
        if line.product_id == move.product_id and line.product_uom_qty:
            quantity, value = self._line_amounts(line)
            return value * move.product_qty / quantity if quantity else 0.0
        return move.product_id.standard_price * move.product_qty

    @api.model
    def _warm(self, pickings):
        """Read what the cases need for all deliveries at once."""
        moves = pickings.move_ids
        moves.product_id.mapped("weight")
        moves.product_id.mapped("categ_id.parent_path")
        moves.sale_line_id.mapped("price_subtotal")
        pickings.partner_id.mapped("commercial_partner_id.scm_customer_class_id.cost_late")
        tagged = ["|", ("must_have_tag_ids", "!=", False), ("excluded_tag_ids", "!=", False)]
        # sudo: whether any carrier looks at tags is no secret
        if self.env["delivery.carrier"].sudo().search_count(tagged, limit=1):
            moves.product_id.mapped("all_product_tag_ids")

    # Days

    @api.model
    def _promised(self, order, zone):
        """The day that the customer was promised: agreed with the order, else promised by the lanes."""
        return order.scm_date_promised or self._day(order.commitment_date, zone) or order.scm_promise_date

    @api.model
    def _day(self, moment, zone):
        return local_day(fields.Datetime.to_datetime(moment), zone) if moment else False
