from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL


class ScmEventPage(models.AbstractModel):
    """From a figure of the event page to the records behind it; what a reader may open, his own rights say."""

    _inherit = "scm.event.page"

    @api.model
    def open_orders(self, occurrence_id, hour=False, region_id=False, product_id=False):
        """Action with the orders of an event up to an hour; of a region, of a product. Public, also over RPC."""
        moment = self._moment_of(occurrence_id, hour)
        watch = moment.watch
        domain = (
            Domain("company_id", "=", watch.company_id.id)
            & Domain("state", "=", "sale")
            & Domain("date_order", ">=", watch.date_start)
            & Domain("date_order", "<", min(moment.now, watch.date_end))
        )
        if region_id is not False:
            domain &= self._region_domain(self._number(region_id))
        if product_id:
            domain &= Domain("order_line.product_id", "=", self._number(product_id))
        return self._list(self.env._("Orders"), "sale.order", domain)

    @api.model
    def open_behind(self, occurrence_id, hour=False, warehouse_id=False, carrier_id=False):
        """Action with the deliveries of an event that were behind at an hour; public, also over RPC.

        :param carrier_id: 0: of orders without a carrier
        """
        moment = self._moment_of(occurrence_id, hour)
        rows = self.env.execute_query(SQL("SELECT id FROM (%s) behind", self._behind_query(moment)))
        domain = Domain("id", "in", [row[0] for row in rows])
        if warehouse_id:
            domain &= Domain("picking_type_id.warehouse_id", "=", self._number(warehouse_id))
        if carrier_id is not False:
            domain &= Domain("sale_id.carrier_id", "=", self._number(carrier_id) or False)
        return self._list(self.env._("Deliveries behind"), "stock.picking", domain)

    @api.model
    def open_remedy(self, occurrence_id, remedy, product_id=False):
        """Action to do something against a shortage; public, also over RPC.

        :param remedy: ``transfer`` (where the product lies), ``expedite`` (receipts on their way), ``hold`` (the
            event), ``alerts`` (all that run out)
        """
        moment = self._moment_of(occurrence_id, False)
        mine = Domain("company_id", "=", moment.watch.company_id.id)
        product = Domain("product_id", "=", self._number(product_id)) if product_id else Domain.TRUE
        if remedy == "transfer":
            inside = mine & product & Domain("location_id.usage", "=", "internal")
            return self._list(self.env._("Where it lies"), "stock.quant", inside)
        if remedy == "expedite":
            coming = Domain("location_id.usage", "in", ("supplier", "transit", "production"))
            coming &= Domain("state", "in", ("waiting", "confirmed", "partially_available", "assigned"))
            return self._list(self.env._("On the way"), "stock.move", mine & product & coming)
        if remedy == "hold":
            return {
                "type": "ir.actions.act_window",
                "name": moment.watch.event_id.display_name,
                "res_model": "scm.event",
                "res_id": moment.watch.event_id.id,
                "views": [(False, "form")],
            }
        if remedy == "alerts":
            running = Domain("type_id.code", "=", "event_runs_out") & Domain("state", "!=", "resolved")
            return self._list(self.env._("Runs out before the event ends"), "scm.alert", mine & running)
        raise UserError(
            self.env._(
                "“%(remedy)s” is no remedy. Choose transfer, expedite, hold or alerts.",
                remedy=str(remedy)[:50],
            )
        )

    @api.model
    def rework_forecast(self, occurrence_id):
        """Expect of a past event what the forecast would have said with the history of that time.

        For managers; takes as long as a planning run. Public, also over RPC.

        :return: the basis that the expectation has now: ``replay``, or as before where there is no history
        """
        self.env["scm.metric"]._check_manager()
        occurrence = self._chosen(self.env.company, self._offered(self.env.company), self._number(occurrence_id))
        watch = self._up_to_date(self.env.company, occurrence)
        watch._freeze("replay")
        return watch.basis

    # Parts

    @api.model
    def _moment_of(self, occurrence_id, hour):
        self.env["scm.metric"]._check_reader()
        company = self.env.company
        occurrence = self._chosen(company, self._offered(company), self._number(occurrence_id))
        return self._moment(self._up_to_date(company, occurrence), hour)

    @api.model
    def _number(self, value):
        if isinstance(value, bool) or not isinstance(value, int) or abs(value) >= 2**31:
            raise UserError(self.env._("“%(value)s” is not the number of a record.", value=str(value)[:50]))
        return value

    @api.model
    def _region_domain(self, region_id):
        if region_id > 0:
            return Domain("partner_shipping_id.state_id", "=", region_id)
        country = Domain("partner_shipping_id.country_id", "=", -region_id or False)
        return Domain("partner_shipping_id.state_id", "=", False) & country

    @api.model
    def _list(self, name, model, domain):
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "views": [(False, "list"), (False, "form")],
            "domain": [
                (leaf[0], leaf[1], fields.Datetime.to_string(leaf[2]))
                if isinstance(leaf, list | tuple) and len(leaf) == 3 and hasattr(leaf[2], "hour")
                else leaf
                for leaf in domain
            ],
        }
