import hashlib
import json
import math
from collections import defaultdict

from odoo import api, fields, models

from ..kernel.box_choice import Piece, choose_many
from .packing_basis import PackingBasis

#: more pieces than this go on a pallet, not into boxes
MAX_PIECES = 150
LITRE = 1000.0
#: what is read of a product, beside its weight
_EDGES = ("scm_length", "scm_width", "scm_height", "scm_nest_height")
_NATURES = ("scm_is_fragile", "scm_is_liquid", "scm_is_upright", "scm_is_perishable")


class ScmBoxChoice(models.Model):
    """How a proposal comes about: contents and products are read, the kernel chooses, all is written at once."""

    _inherit = "scm.box.choice"

    @api.model
    def _propose(self, pickings):
        """Propose boxes for transfers, in a constant number of queries; what stands and still holds is kept.

        :param pickings: transfers that the caller may pack; what has left is computed from what left
        :return: their choices
        """
        contents = self._contents(pickings)
        pickings = pickings.filtered(lambda picking: contents.get(picking.id))
        goods = self._goods(contents)
        standing = {choice.picking_id.id: choice for choice in self.search([("picking_id", "in", pickings.ids)])}
        results = {}
        for warehouse, own in pickings.grouped(lambda one: one.picking_type_id.warehouse_id).items():
            if warehouse:
                results |= self._propose_in(PackingBasis(warehouse), own, contents, goods, standing)
        return self._write_results(pickings, standing, results)

    # Reading

    @api.model
    def _contents(self, pickings):
        """``{picking id: {product id: quantity}}`` in units of the product: what is reserved or done, else wanted."""
        contents = defaultdict(dict)
        lines = self.env["stock.move.line"]._read_group(
            [("picking_id", "in", pickings.ids), ("state", "!=", "cancel"), ("quantity", ">", 0)],
            ["picking_id", "product_id"],
            ["quantity_product_uom:sum"],
        )
        wanted = self.env["stock.move"]._read_group(
            [("picking_id", "in", pickings.ids), ("state", "not in", ("cancel", "done"))],
            ["picking_id", "product_id"],
            ["product_qty:sum"],
        )
        for picking, product, quantity in lines:
            contents[picking.id][product.id] = quantity
        reserved = set(contents)
        for picking, product, quantity in wanted:
            if picking.id not in reserved and quantity > 0:
                contents[picking.id][product.id] = quantity
        return contents

    @api.model
    def _goods(self, contents):
        """``{product id: product}`` of all contents, read at once."""
        ids = list({product for one in contents.values() for product in one})
        products = self.env["product.product"].browse(ids)
        products.fetch(["weight", "product_tmpl_id"])
        products.product_tmpl_id.fetch([*_EDGES, *_NATURES, "scm_has_dimensions"])
        return {product.id: product for product in products}

    @api.model
    def _freight(self, pickings):
        """Hook: ``{picking id: (price per parcel, price per kg)}`` where another price than the warehouse's holds."""
        return {}

    @api.model
    def _pieces(self, content, goods, kilograms):
        """Pieces of a transfer; a part of a unit takes the room of a whole one."""
        pieces = []
        for product_id in sorted(content):
            product = goods[product_id]
            count = math.ceil(content[product_id] - 1e-6)
            edges = [product[name] for name in _EDGES]
            flags = [product.scm_is_fragile, product.scm_is_liquid, product.scm_is_upright]
            pieces += [Piece(product_id, *edges[:3], product.weight * kilograms, *flags, edges[3])] * count
        return pieces

    # Deciding

    @api.model
    def _propose_in(self, basis, pickings, contents, goods, standing):
        """``{picking id: (values, [(line values, findings)])}``, without those whose proposal still holds."""
        _centimetres, kilograms = self.env["stock.package.type"]._scm_units()
        freight, results, asked = self._freight(pickings), {}, defaultdict(list)
        for picking in pickings:
            content = contents[picking.id]
            terms = basis.terms
            if own := freight.get(picking.id):
                terms = terms.__class__(**{**terms.__dict__, "freight_base": own[0], "freight_kg": own[1]})
            missing = [one for one in content if not goods[one].scm_has_dimensions]
            pieces = self._pieces(content, goods, kilograms) if not missing else []
            signature = _signature(content, pieces, basis, terms, picking)
            if (old := standing.get(picking.id)) and old.signature == signature:
                continue
            values = self._prepare_head(picking, basis, signature)
            if missing:
                results[picking.id] = (values | {"state": "blocked", "missing_ids": [fields.Command.set(missing)]}, [])
            elif len(pieces) > MAX_PIECES:
                results[picking.id] = (values | {"state": "too_many"}, [])
            else:
                asked[terms].append((picking, values, pieces))
        for terms, ones in asked.items():
            choices = choose_many([one[2] for one in ones], list(basis.kernel_boxes.values()), terms)
            for (picking, values, _pieces), choice in zip(ones, choices, strict=True):
                results[picking.id] = self._prepare_result(picking, values, choice, basis, goods)
        return results

    @api.model
    def _prepare_head(self, picking, basis, signature):
        return {
            "picking_id": picking.id,
            "company_id": basis.company.id,
            "warehouse_id": basis.warehouse.id,
            "state": "proposed",
            "signature": signature,
            "missing_ids": [fields.Command.clear()],
            "left_ids": [fields.Command.clear()],
            "box_names": False,
            "parcels": 0,
            "cost": 0.0,
            "void_ratio": 0.0,
            "must_count": 0,
            "why": False,
        }

    @api.model
    def _prepare_result(self, picking, values, choice, basis, goods):
        """Values of a choice and of its parcels, from what the kernel chose."""
        if choice.left:
            left = sorted({piece.key for piece in choice.left})
            return values | {"state": "no_box", "left_ids": [fields.Command.set(left)]}, []
        day, country = basis.day(picking), picking.partner_id.country_id.id
        parcels = []
        for number, parcel in enumerate(choice.parcels, 1):
            content = defaultdict(int)
            for piece in parcel.pieces:
                content[piece.key] += 1
            line, parts = basis.parcel_values(parcel.box.key, parcel.goods_volume, parcel.goods_weight, parcel.cost)
            line |= {
                "kind": "proposed",
                "number": number,
                "places": parcel.places,
                "contents": [[product, count] for product, count in content.items()],
                "pieces": len(parcel.pieces),
                "layers": max(place["layer"] for place in parcel.places),
            }
            nature = self._nature(content, goods)
            parcels.append((line, basis.findings(line, parts, nature, country, day)))
        return values | self._prepare_totals(choice, parcels, basis), parcels

    @api.model
    def _prepare_totals(self, choice, parcels, basis):
        lines = [line for line, _findings in parcels]
        room = sum(line["box_litres"] for line in lines)
        return {
            "box_names": self._names(basis, [line["box_id"] for line in lines]),
            "parcels": len(lines),
            "cost": choice.total,
            "void_ratio": 1 - sum(line["goods_litres"] for line in lines) / room if room else 0.0,
            "must_count": sum(found["level"] == "must" for _line, findings in parcels for found in findings),
            "why": self._prepare_why(choice, lines, basis),
        }

    @api.model
    def _names(self, basis, box_ids):
        """Names of boxes, as ``2 × S, L``."""
        counted = defaultdict(int)
        for box_id in box_ids:
            counted[basis.boxes[box_id].name] += 1
        return ", ".join(f"{count} × {name}" if count > 1 else name for name, count in counted.items())

    @api.model
    def _nature(self, content, goods):
        """The nature of goods for which most packaging is allowed."""
        if any(goods[product].scm_is_perishable for product in content):
            return "perishable"
        return "fragile" if any(goods[product].scm_is_fragile for product in content) else "ordinary"

    @api.model
    def _prepare_why(self, choice, lines, basis):
        money = basis.company.currency_id.name
        small = {basis.boxes[key].name for parcel in choice.parcels for key in parcel.too_small}
        terms = [{"code": f"pack_{name}", "value": round(sum(line[f"cost_{name}"] for line in lines), 4), "unit": money}
                 for name in ("box", "filler", "tape", "freight")]  # fmt: skip
        terms += [
            {"code": "pack_goods", "value": round(sum(line["goods_litres"] for line in lines), 2), "unit": "litres"},
            {"code": "pack_room", "value": round(sum(line["box_litres"] for line in lines), 2), "unit": "litres"},
            {"code": "pack_weight", "value": round(sum(line["goods_kg"] for line in lines), 3), "unit": "kg"},
            {"code": "pack_boxes", "value": len(basis.kernel_boxes), "unit": ""},
        ]
        notes = [{"code": "pack_too_small", "values": {"boxes": ", ".join(sorted(small))}}] if small else []
        if len(lines) > 1:
            notes.append("pack_split")
        if not all(line["goods_kg"] for line in lines):
            notes.append("pack_no_weight")
        return {
            "value": round(choice.total, 4),
            "unit": money,
            "method": "pack_search",
            "formula": "pack_formula",
            "sample": len(lines),
            "terms": terms,
            "notes": notes,
        }

    # Writing

    @api.model
    def _write_results(self, pickings, standing, results):
        """Create and write choices, and put their parcels in place of the old ones."""
        old = self.browse([standing[key].id for key in results if key in standing])
        # taken ones belong to what was packed before the contents changed
        old.line_ids.unlink()
        created = self.create([values for key, (values, _parcels) in results.items() if key not in standing])
        choices = {choice.picking_id.id: choice for choice in created} | standing
        for choice in old:
            choice.write(results[choice.picking_id.id][0])
        self._create_parcels([(choices[key], parcels) for key, (_values, parcels) in results.items()])
        return self.browse([choices[picking.id].id for picking in pickings if picking.id in choices])

    @api.model
    def _create_parcels(self, rows, is_packed=False):
        """Create the parcels of choices with their findings, by one statement each."""
        flat = [(choice, line, findings) for choice, parcels in rows for line, findings in parcels]
        lines = self.env["scm.box.choice.line"].create([line | {"choice_id": one.id} for one, line, _found in flat])
        self.env["scm.packaging.finding"].create(
            [
                found
                | {
                    "choice_id": choice.id,
                    "picking_id": choice.picking_id.id,
                    "line_id": line.id,
                    "is_packed": is_packed,
                }
                for (choice, _values, findings), line in zip(flat, lines, strict=True)
                for found in findings
            ]
        )
        return lines


def _signature(content, pieces, basis, terms, picking):
    """Fingerprint of all that a proposal depends on."""
    made_of = [
        sorted(content.items()),
        sorted(map(str, set(pieces))),
        basis.fingerprint,
        repr(terms),
        picking.partner_id.country_id.id,
    ]
    return hashlib.sha256(json.dumps(made_of, default=str).encode()).hexdigest()
