from typing import NamedTuple

from odoo import api, models
from odoo.fields import Command
from odoo.tools import SQL

from odoo.addons.scm_base.tools.zones import local_day, zone_name

from .scm_tracking_key import tracking_key, tracking_key_sql

#: kilograms in a pound, by definition (1959)
KG_PER_LB = 0.45359237
#: context that keeps the machinery of mail out of bulk creation
_QUIET = {"tracking_disable": True, "mail_create_nolog": True, "mail_create_nosubscribe": True}


class Part(NamedTuple):
    """What of a transfer travels as one parcel."""

    picking: models.BaseModel
    ref: str
    packages: models.BaseModel
    lines: models.BaseModel
    share: float  # of the price of the transfer's freight


class ScmParcel(models.Model):
    """The one way in which parcels come from transfers."""

    _inherit = "scm.parcel"

    @api.model
    def _from_pickings(self, pickings):
        """Make the parcels of deliveries that have left: one per tracking number, else one per package.

        Packages take the tracking numbers in their order; when there are fewer numbers than packages, the last number
        stands for the rest. Several transfers under one number share its parcel. Safe to repeat.
        Callers decide who may do so. A constant number of queries.

        :return: the parcels of these transfers, old and new
        """
        # sudo: whoever validates a delivery need not be allowed to read orders, costs and packages
        pickings = pickings.sudo().filtered(lambda picking: picking._scm_makes_parcels())
        if not pickings:
            return self.browse()
        parcels = self.sudo().with_context(**_QUIET)  # sudo: as above
        existing = parcels.search([("picking_ids", "in", pickings.ids)])
        groups = {}
        _read_all(pickings)
        for picking in (pickings - existing.picking_ids).sorted(lambda picking: (picking.date_done, picking.id)):
            for number, part in enumerate(_parts(picking)):
                key = tracking_key(part.ref) or f"{picking.id}/{number}"
                groups.setdefault((picking.company_id.id, picking.carrier_id.id, key), []).append(part)
        joined = parcels._open_by_tracking(groups)
        factor = self._weight_factor()
        parcels._join({joined[key]: parts for key, parts in groups.items() if key in joined}, factor)
        vals_list = [self._prepare_parcel_vals(parts, factor) for key, parts in groups.items() if key not in joined]
        new = parcels.create(vals_list)
        new._set_expected({one.id: one.date_promised for one in new}, "order")
        new._classify()
        new._fill_cost_expected()
        return self.browse([*existing.ids, *joined.values(), *new.ids])

    @api.model
    def _weight_factor(self):
        """Kilograms in the unit in which this database weighs."""
        unit = self.env["product.template"]._get_weight_uom_id_from_ir_config_parameter()
        return KG_PER_LB if unit == self.env.ref("uom.product_uom_lb", raise_if_not_found=False) else 1.0

    @api.model
    def _open_by_tracking(self, keys):
        """``{(company, carrier, tracking key): parcel id}`` of parcels under way that have one of these numbers."""
        self.flush_model(["company_id", "carrier_id", "tracking_ref", "is_final"])
        rows = self.env.execute_query(
            SQL(
                """SELECT company_id, carrier_id, %(key)s, id FROM scm_parcel
                    WHERE company_id = ANY(%(companies)s) AND %(key)s = ANY(%(keys)s) AND is_final IS NOT TRUE
                    ORDER BY id""",
                key=tracking_key_sql("tracking_ref"),
                companies=list({company for company, _carrier, _key in keys}),
                keys=list({key for _company, _carrier, key in keys}),
            )
        )
        found = {(company, carrier or False, key): id_ for company, carrier, key, id_ in rows}
        return {key: found[key] for key in keys if key in found}

    def _join(self, groups, factor):
        """Add parts to parcels that exist: ``{parcel id: [Part]}``."""
        if not groups:
            return
        links = [(id_, part.picking) for id_, parts in groups.items() for part in parts]
        for table, column, pairs in (
            ("scm_parcel_picking_rel", "picking_id", [(id_, picking.id) for id_, picking in links]),
            ("scm_parcel_sale_rel", "order_id", [(id_, order.id) for id_, pick in links for order in _orders(pick)]),
        ):
            self.env.cr.execute(
                SQL(
                    """INSERT INTO %s (parcel_id, %s) SELECT * FROM unnest(%s::int4[], %s::int4[])
                       ON CONFLICT DO NOTHING""",
                    SQL.identifier(table),
                    SQL.identifier(column),
                    [one for one, _other in pairs],
                    [other for _one, other in pairs],
                )
            )
        self.env.cr.execute(
            SQL(
                """UPDATE scm_parcel SET weight = COALESCE(scm_parcel.weight, 0) + new.weight,
                                         value = COALESCE(scm_parcel.value, 0) + new.value,
                                         package_count = COALESCE(package_count, 0) + new.packages
                     FROM unnest(%s::int4[], %s::numeric[], %s::numeric[], %s::int4[])
                       AS new(id, weight, value, packages)
                    WHERE scm_parcel.id = new.id""",
                list(groups),
                [sum(_weight(part, factor) for part in parts) for parts in groups.values()],
                [sum(_value(part) for part in parts) for parts in groups.values()],
                [sum(len(part.packages) or 1 for part in parts) for parts in groups.values()],
            )
        )
        self.invalidate_model()
        self.env["stock.picking"].invalidate_model(["scm_parcel_ids"])
        self.env["sale.order"].invalidate_model(["scm_parcel_ids"])

    @api.model
    def _prepare_parcel_vals(self, parts, factor):
        """Hook: values of one parcel from its parts; all that is frozen is taken here."""
        first, picking = parts[0], parts[0].picking
        partner, warehouse = picking.partner_id, picking.picking_type_id.warehouse_id
        pickings = picking.union(*(part.picking for part in parts))
        packages = first.packages.union(*(part.packages for part in parts))
        orders = _orders(pickings)
        promised, source = _promise(pickings, orders, zone_name(picking.company_id, warehouse))
        return {
            "name": first.ref or packages[:1].name or picking.name,
            "tracking_ref": first.ref or False,
            "company_id": picking.company_id.id,
            "carrier_id": picking.carrier_id.id,
            "warehouse_id": warehouse.id,
            "partner_id": partner.id,
            "country_id": partner.country_id.id,
            "state_id": partner.state_id.id,
            "zip": partner.zip,
            "city": partner.city,
            "picking_ids": [Command.set(pickings.ids)],
            "sale_ids": [Command.set(orders.ids)],
            "package_id": packages[:1].id,
            "package_count": sum(len(part.packages) or 1 for part in parts),
            "weight": sum(_weight(part, factor) for part in parts),
            "value": sum(_value(part) for part in parts),
            "cost_expected": sum(_freight(part) for part in parts),
            "date_ordered": min(orders.mapped("date_order"), default=picking.create_date),
            "date_ready": max(_ready(part) for part in parts),
            "date_handed": max(pickings.mapped("date_done")),
            "date_promised": promised,
            "promise_source": source,
        }


def _read_all(pickings):
    """Read what the parts need for all transfers at once, because records that are joined lose their neighbours."""
    lines, moves = pickings.move_line_ids, pickings.move_ids
    lines.product_id.mapped("weight")
    for company, theirs in pickings.grouped("company_id").items():
        theirs.move_line_ids.product_id.with_company(company).mapped("standard_price")
    moves.sale_line_id.mapped("price_subtotal")
    (pickings.sale_id | moves.sale_line_id.order_id).mapped("date_order")
    moves.move_orig_ids.picking_id.mapped("date_done")
    lines.result_package_id.mapped("shipping_weight")


def _parts(picking):
    """How a transfer falls into parcels: its outermost packages with its tracking numbers, then what is in none."""
    refs = [ref.strip() for ref in (picking.carrier_tracking_ref or "").split(",") if ref.strip()]
    boxes, loose = {}, picking.move_line_ids.browse()
    for line in picking.move_line_ids.filtered(lambda line: line.state == "done" and line.quantity > 0):
        package = line.result_package_id
        if not package:
            loose |= line
            continue
        root = int((package.parent_path or f"{package.id}/").split("/")[0])
        boxes[root] = boxes.get(root, loose.browse()) | line
    units = [(line.result_package_id.browse(root), line) for root, line in sorted(boxes.items())]
    if loose or not units:
        units.append((picking.move_line_ids.result_package_id.browse(), loose))
    count = max(len(units), len(refs))
    parts = []
    for number in range(count):
        packages, lines = units[number] if number < len(units) else (units[0][0].browse(), loose.browse())
        ref = (refs[number] if number < len(refs) else refs[-1]) if refs else ""
        parts.append(Part(picking, ref, packages, lines, 1 / count))
    return parts


def _orders(pickings):
    return pickings.sale_id | pickings.move_ids.sale_line_id.order_id


def _promise(pickings, orders, zone):
    """(day, source) that was promised: the earliest day of the orders, else the deadline of the transfers."""
    frozen = [order._scm_promise() for order in orders]
    frozen = [(day, source) for day, source in frozen if day]
    if frozen:
        return min(frozen)
    deadlines = [moment for moment in pickings.mapped("date_deadline") if moment]
    return (local_day(min(deadlines), zone), "odoo") if deadlines else (False, False)


def _weight(part, factor):
    """Kilograms: as weighed, else by the products."""
    weighed = sum(part.packages.mapped("shipping_weight"))
    return factor * (weighed or sum(line.quantity_product_uom * line.product_id.weight for line in part.lines))


def _value(part):
    """What the customer pays for the goods, in company currency; goods without an order at cost."""
    company = part.picking.company_id
    return company.currency_id.round(sum(_line_value(line, company) for line in part.lines))


def _line_value(line, company):
    sold = line.move_id.sale_line_id
    if not sold or not sold.product_uom_qty or sold.product_id != line.product_id:
        return line.quantity_product_uom * line.product_id.with_company(company).standard_price
    quantity = line.product_id.uom_id._compute_quantity(line.quantity_product_uom, sold.product_uom_id, round=False)
    return sold.price_subtotal / sold.product_uom_qty * quantity / (sold.order_id.currency_rate or 1.0)


def _freight(part):
    """The part's share of what the carrier said it would cost, in company currency."""
    rate = part.picking.sale_id.currency_rate or 1.0
    return part.picking.company_id.currency_id.round(part.picking.carrier_price * part.share / rate)


def _ready(part):
    """When it was packed: the step before the dock, else the making of the package, else the dock itself."""
    left = part.picking.date_done
    before = part.lines.move_id.move_orig_ids.picking_id.filtered(lambda picking: picking.state == "done")
    steps = before.mapped("date_done") or part.packages.mapped("create_date")
    return min(max(steps, default=left), left)
