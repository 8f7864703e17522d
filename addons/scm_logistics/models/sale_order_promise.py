from datetime import timedelta

from odoo import api, fields, models

from odoo.addons.scm_base.tools.zones import local_day, local_moment, local_noon, zone_name

from ..kernel.promise import promise

#: days behind the order's that the longest lane with its holidays may need
HORIZON_DAYS = 150


class SaleOrder(models.Model):
    """The day that lane and cut-off allow to promise, beside Odoo's own."""

    _inherit = "sale.order"

    scm_promise_date = fields.Date(
        "Arrives by",
        compute="_compute_scm_promise_date",
        help="Day by which the parcel arrives, from what the carrier did on this lane and the warehouse's cut-off.",
    )
    scm_promise_why = fields.Json(compute="_compute_scm_promise_date")

    @api.depends(
        "carrier_id", "partner_shipping_id", "warehouse_id", "date_order", "state", "order_line.product_uom_qty",
        "order_line.product_id", "shipping_weight",
    )  # fmt: skip
    def _compute_scm_promise_date(self):
        found = self._scm_promises()
        for order in self:
            order.scm_promise_date, order.scm_promise_why = found.get(order.id or order._origin.id) or (False, False)

    def _scm_promises(self, carriers=None):
        """What can be promised for each order, in a number of queries that does not grow with the orders.

        :param carriers: {order id: carrier} to ask about others than those of the orders
        :return: ``{order id: (date, why record)}``; orders without carrier, address or measured lane are left out
        """
        found = {}
        for company, orders in self.grouped("company_id").items():
            if company and company.scm_promise_mode != "off":
                found |= orders._scm_promises_of(company, carriers or {})
        return found

    def _scm_promises_of(self, company, carriers):
        asked = {
            order: carriers.get(order.id) or order.carrier_id
            for order in self
            if carriers.get(order.id) or (order.carrier_id and order.state != "cancel")
        }
        asked = {order: carrier for order, carrier in asked.items() if order.partner_shipping_id.country_id}
        if not asked:
            return {}
        keys = self._scm_lane_keys(company, asked)
        lanes = self.env["scm.lane"]._lookup(company, set(keys.values()))
        first = min(self._scm_asked_at(order)[0] for order in asked) - timedelta(days=1)
        last = max(self._scm_asked_at(order)[0] for order in asked) + timedelta(days=HORIZON_DAYS)
        every = self.env["delivery.carrier"].browse({carrier.id for carrier in asked.values()})
        calendars = self.env["delivery.carrier"]._scm_open_days(company, every, first, last)
        packing = self._scm_packing_days(company, first, last)
        return {
            (order.id or order._origin.id): self._scm_promise_of(
                order, lanes[keys[order]], first, packing[order.warehouse_id], calendars[carrier.id]
            )
            for order, carrier in asked.items()
            if lanes[keys[order]]["pmf"]
        }

    def _scm_packing_days(self, company, first, last):
        """Days on which the warehouse of each of these orders packs: by its calendar, else the company's."""
        # sudo: calendars say when a warehouse works, no more
        usual, warehouses = company.sudo().resource_calendar_id, self.warehouse_id.sudo()
        calendars = self.env["resource.calendar"].sudo().union(usual, warehouses.scm_calendar_id)
        days = self.env["delivery.carrier"]._scm_calendar_days(company, calendars, first, last)
        every = [True] * ((last - first).days + 1)
        return {
            warehouse: days.get(warehouse.sudo().scm_calendar_id or usual, every)  # sudo: as above
            for warehouse in [*self.warehouse_id, self.env["stock.warehouse"]]
        }

    def _scm_lane_keys(self, company, asked):
        """Lane key of each order: carrier, warehouse, zone, weight band."""
        places = [
            (company.id, order.partner_shipping_id.country_id.id, order.partner_shipping_id.state_id.id,
             order.partner_shipping_id.zip)
            for order in asked
        ]  # fmt: skip
        zones = self.env["scm.zone"]._resolve(places)
        factor = self.env["scm.parcel"]._weight_factor()
        bands = self.env["scm.weight.band"]._bands_of([(company.id, order.shipping_weight * factor) for order in asked])
        return {
            order: (carrier.id, order.warehouse_id.id or False, zone, band)
            for (order, carrier), zone, band in zip(asked.items(), zones, bands, strict=True)
        }

    @api.model
    def _scm_asked_at(self, order):
        """Local day and hour from which the order counts: now for a quotation, its own moment once confirmed."""
        moment = order.date_order if order.state == "sale" and order.date_order else fields.Datetime.now()
        zone = zone_name(order.company_id, order.warehouse_id)
        local = local_moment(moment, zone)
        return local.date(), local.hour + local.minute / 60

    def _scm_available_on(self, order):
        """Day from which all goods are there; None for now. Odoo's own forecast of each line says so."""
        days = []
        for line in order.order_line:
            short = line.display_qty_widget and line.qty_to_deliver > line.free_qty_today
            if short and line.is_storable and order.state in ("draft", "sent"):
                moment = line.forecast_expected_date or order.expected_date
                days += [local_day(moment, zone_name(order.company_id, order.warehouse_id))] if moment else []
        return max(days, default=None)

    def _scm_promise_of(self, order, lane, first, warehouse_open, carrier_open):
        """(date, why record) of one order."""
        day, hour = self._scm_asked_at(order)
        warehouse, company = order.warehouse_id, order.company_id
        available = self._scm_available_on(order)
        cut_off = warehouse.scm_cut_off or 24.0
        made = promise(
            day, hour, cut_off, warehouse.scm_handling_days, available, first, warehouse_open, carrier_open,
            lane["pmf"], company.scm_promise_share,
        )  # fmt: skip
        why = {
            "value": made.arrives.isoformat(),
            "method": "promise_lane",
            "formula": "promise_formula",
            "sample": lane["sample"],
            "terms": [
                {"code": "promise_asked", "value": day.isoformat()},
                {"code": "promise_cut_off", "value": round(cut_off, 2), "unit": "hours"},
                *([{"code": "promise_available", "value": available.isoformat()}] if available else []),
                {"code": "promise_ready", "value": made.ready.isoformat()},
                {"code": "promise_handed", "value": made.handed.isoformat()},
                {"code": "promise_transit", "value": made.transit_days, "unit": "days"},
                {"code": "promise_share", "value": company.scm_promise_share, "unit": "percent"},
                {"code": "promise_level", "value": f"lane_level_{lane['level']}"},
            ],
            "notes": ["small_sample"] if lane["sample"] < 20 else [],
        }
        return made.arrives, why

    def _action_confirm(self):
        """Where the company says so, the promised day becomes the delivery date, unless somebody agreed on one."""
        for order in self.filtered(lambda order: order.company_id.scm_promise_mode == "commit"):
            if not order.commitment_date and order.scm_promise_date:
                zone = zone_name(order.company_id, order.warehouse_id)
                order.commitment_date = local_noon(order.scm_promise_date, zone)
        return super()._action_confirm()

    def scm_promise(self, carrier_ids=()):
        """Days by which these orders arrive, also with other carriers, for checkouts and integrators.

        :param carrier_ids: delivery methods to ask about; none: that of each order
        :return: ``{str(order id): [{'carrier_id', 'date', 'why'}, ...]}``; ``date`` is False where no lane is known
        :raises AccessError: for who may not read the orders
        """
        self.check_access("read")
        carriers = self.env["delivery.carrier"].browse(carrier_ids).exists()
        answers = {str(order.id): [] for order in self}
        for carrier in carriers or [False]:
            found = self._scm_promises({order.id: carrier for order in self} if carrier else None)
            for order in self:
                day, why = found.get(order.id) or (False, False)
                asked = carrier.id if carrier else order.carrier_id.id
                answers[str(order.id)].append(
                    {"carrier_id": asked, "date": day.isoformat() if day else False, "why": why}
                )
        return answers
