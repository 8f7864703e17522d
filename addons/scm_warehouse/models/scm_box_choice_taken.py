from collections import defaultdict

from odoo import api, models

from ..kernel.box_choice import parcel_cost
from .packing_basis import PackingBasis

#: what is added up over the parcels of a delivery
_SUMMED = ("goods_kg", "goods_litres", "box_litres", "material_kg", "recycled_kg", "co2e_kg", "cost")


class ScmBoxChoice(models.Model):
    """What the packer took, set against the proposal when a delivery leaves, and noted as a fact."""

    _inherit = "scm.box.choice"

    @api.model
    def _note_taken(self, pickings):
        """Close the choices of deliveries that left and note their packaging; set-based, once per delivery."""
        noted = self.env["scm.packaging.fact"].search_fetch([("picking_id", "in", pickings.ids)], ["picking_id"])
        pickings -= noted.picking_id
        packed = self._packed_contents(pickings)
        asked = self.search([("picking_id", "in", pickings.ids)]).picking_id
        pickings = pickings.filtered(
            lambda one: one.id in packed or one in asked or one.picking_type_id.warehouse_id.scm_box_choice_auto
        )
        choices = self._propose(pickings)
        facts = []
        for warehouse, own in choices.grouped("warehouse_id").items():
            facts += own._close(PackingBasis(warehouse), packed)
        return self.env["scm.packaging.fact"].create(facts)

    @api.model
    def _packed_contents(self, pickings):
        """``{picking id: {package: {product id: quantity}}}`` of packages that have a type."""
        packed = defaultdict(lambda: defaultdict(dict))
        groups = self.env["stock.move.line"]._read_group(
            [
                ("picking_id", "in", pickings.ids),
                ("result_package_id.package_type_id", "!=", False),
                ("state", "!=", "cancel"),
                ("quantity", ">", 0),
            ],
            ["picking_id", "result_package_id", "product_id"],
            ["quantity_product_uom:sum"],
        )
        for picking, package, product, quantity in groups:
            packed[picking.id][package][product.id] = quantity
        return packed

    def _close(self, basis, packed):
        """Write what was packed to these choices of one warehouse; returns the values of their facts."""
        packages = self.env["stock.package"].union(*(package for one in self for package in packed[one.picking_id.id]))
        basis.add_boxes(packages.package_type_id)
        goods = self._goods({id_: content for one in self for id_, content in packed[one.picking_id.id].items()})
        freight = self._freight(self.picking_id)
        facts, rows = [], []
        for choice in self:
            own = packed[choice.picking_id.id]
            parcels = choice._taken_parcels(own, basis, goods, freight.get(choice.picking_id.id))
            facts.append(choice._prepare_fact(parcels, basis))
            choice.write(choice._prepare_taken(parcels, basis, facts[-1]))
            rows.append((choice, parcels))
        # what was only proposed is no finding on a parcel that was packed otherwise
        repacked = self.browse([choice.id for choice, parcels in rows if parcels])
        repacked.finding_ids.filtered(lambda found: not found.is_packed).unlink()
        self._create_parcels(rows, is_packed=True)
        return facts

    def _taken_parcels(self, packed, basis, goods, freight):
        """``[(line values, findings)]`` of the packages of a delivery."""
        _centimetres, kilograms = self.env["stock.package.type"]._scm_units()
        terms = basis.terms
        if freight:
            terms = terms.__class__(**{**terms.__dict__, "freight_base": freight[0], "freight_kg": freight[1]})
        day, country = basis.day(self.picking_id), self.picking_id.partner_id.country_id.id
        parcels = []
        for number, (package, content) in enumerate(sorted(packed.items(), key=lambda one: one[0].id), 1):
            has_void = all(goods[product].scm_has_dimensions for product in content)
            volume = sum(_volume(goods[product], quantity) for product, quantity in content.items())
            weight = sum(goods[product].weight * quantity * kilograms for product, quantity in content.items())
            box_id = package.package_type_id.id
            cost = parcel_cost(basis.kernel_boxes[box_id], volume, weight, terms)
            line, parts = basis.parcel_values(box_id, volume, weight, cost, has_void)
            line |= {
                "kind": "taken",
                "number": number,
                "package_id": package.id,
                "contents": [[product, quantity] for product, quantity in content.items()],
                "pieces": round(sum(content.values())),
            }
            found = basis.findings(line, parts, self._nature(content, goods), country, day)
            parcels.append((line, found))
        return parcels

    def _prepare_taken(self, parcels, basis, fact):
        return {
            "state": "packed",
            "taken_names": self._names(basis, [line["box_id"] for line, _found in parcels]) or False,
            "cost_taken": fact["cost"],
            "lost": fact["lost"],
            "is_override": fact["is_override"],
            "must_count": fact["must_count"],
            "packed_by_id": self.packed_by_id.id or self.picking_id.user_id.id or self.env.uid,
        }

    def _prepare_fact(self, parcels, basis):
        """Values of the fact: of the packages, or of the proposal where nobody named a box."""
        proposed = self.line_ids.filtered(lambda line: line.kind == "proposed")
        lines = [line for line, _found in parcels] or [
            {"box_id": line.box_id.id, "has_void": line.has_void, **{name: line[name] for name in _SUMMED}}
            for line in proposed
        ]
        sums = {name: sum(line[name] for line in lines) for name in _SUMMED}
        is_known = bool(lines) and all(line["has_void"] for line in lines)
        is_compared = bool(parcels and proposed)
        is_override = is_compared and sorted(line["box_id"] for line in lines) != sorted(
            line.box_id.id for line in proposed
        )
        must = sum(found["level"] == "must" for _line, findings in parcels for found in findings)
        return sums | {
            "picking_id": self.picking_id.id,
            "choice_id": self.id,
            "company_id": self.company_id.id,
            "warehouse_id": self.warehouse_id.id,
            "country_id": self.picking_id.partner_id.country_id.id or basis.country,
            "date": basis.day(self.picking_id),
            "basis": "packed" if parcels else "assumed",
            "parcels": len(lines),
            "has_void": is_known,
            "void_ratio": max(0.0, 1 - sums["goods_litres"] / sums["box_litres"]) if is_known else 0.0,
            "cost_proposed": self.cost,
            "lost": sums["cost"] - self.cost if is_override else 0.0,
            "co2e_proposed_kg": sum(proposed.mapped("co2e_kg")),
            "is_override": is_override,
            "must_count": must if parcels else self.must_count,
        }


def _volume(product, quantity):
    """cm3 of a quantity in one box, nested where the product nests."""
    height = product.scm_height
    if product.scm_nest_height and quantity > 1:
        return product.scm_length * product.scm_width * (height + product.scm_nest_height * (quantity - 1))
    return product.scm_length * product.scm_width * height * quantity
