"""What the packing of one warehouse is computed from, read once and then asked for each parcel."""

from functools import cached_property

from odoo import fields

from odoo.addons.scm_base.tools.zones import local_day, zone_name

from ..kernel.box_choice import filler_kg
from ..kernel.packaging_check import Facts, Part, check, footprint

LITRE = 1000.0


class PackingBasis:
    """Boxes, materials and rules of a warehouse. All records are read with the rights of who makes it."""

    def __init__(self, warehouse):
        env, company = warehouse.env, warehouse.company_id
        self.warehouse, self.company = warehouse, company
        self.boxes = {box.id: box for box in env["stock.package.type"]._scm_offered(company)}
        self.kernel_boxes = {box_id: box._scm_box() for box_id, box in self.boxes.items()}
        self.terms = warehouse._scm_packing_terms()
        self.rules = env["scm.packaging.rule"]._of_company(company)
        self.zone = zone_name(company, warehouse)
        self.country = (warehouse.partner_id.country_id or company.country_id).id

    @cached_property
    def fingerprint(self):
        """Text of the boxes, materials and rules: another one means that proposals have to be made again."""
        rules = [(rule._replace(banned=sorted(rule.banned)), sorted(where)) for _record, rule, where in self.rules]
        return repr([list(self.kernel_boxes.values()), [self.parts(key, 1.0) for key in self.boxes], rules])

    def add_boxes(self, boxes):
        """Boxes that a packer took though they are not offered (any more)."""
        for box in boxes:
            if box.id not in self.boxes:
                self.boxes[box.id], self.kernel_boxes[box.id] = box, box._scm_box()

    def day(self, picking):
        """Day on which a transfer left, else today, where the warehouse is."""
        return local_day(picking.date_done or fields.Datetime.now(), self.zone)

    def parts(self, box_id, filler):
        """Materials of one parcel."""
        box, kernel_box = self.boxes[box_id], self.kernel_boxes[box_id]
        weighed = (
            (box.scm_material_id, box.scm_material_kg or kernel_box.tare, max(box.scm_trips, 1)),
            (self.warehouse.scm_filler_id, filler, 1),
            (self.warehouse.scm_tape_id, kernel_box.tape * self.warehouse.scm_tape_id.kg_m, 1),
        )
        return tuple(_part(material, kg, trips) for material, kg, trips in weighed if material and kg > 0)

    def parcel_values(self, box_id, goods_cm3, goods_kg, cost, has_void=True):
        """Values of a parcel, and its materials.

        :param cost: terms of :func:`parcel_cost`
        """
        box = self.kernel_boxes[box_id]
        filler = filler_kg(box, goods_cm3, self.terms) if has_void else 0.0
        parts = self.parts(box_id, filler)
        kg, recycled, emitted = footprint(parts)
        values = {
            "box_id": box_id,
            "company_id": self.company.id,
            "goods_kg": goods_kg,
            "goods_litres": goods_cm3 / LITRE,
            "box_litres": box.volume / LITRE,
            "has_void": has_void,
            "void_ratio": max(0.0, 1 - goods_cm3 / box.volume) if has_void and box.volume else 0.0,
            "filler_kg": filler,
            "tape_m": box.tape,
            "material_kg": kg,
            "recycled_kg": recycled,
            "co2e_kg": emitted,
            "cost": sum(cost.values()),
            **{f"cost_{name}": value for name, value in cost.items()},
        }
        return values, parts

    def findings(self, values, parts, nature, country, day):
        """Values of the findings on a parcel: the rules that it breaks."""
        box = self.boxes[values["box_id"]]
        inner = box._scm_inner_cm()
        facts = Facts(
            void_ratio=values["void_ratio"] if values["has_void"] else None,
            layers=box.scm_layers,
            tape_width=self.warehouse.scm_tape_id.width_mm if values["tape_m"] else 0.0,
            tape_length=values["tape_m"],
            perimeter=2 * (inner[0] + inner[2]) / 100,
            goods_kg=values["goods_kg"],
            goods_litres=values["goods_litres"],
            nature=nature,
            parts=parts,
        )
        levels, rules = {}, []
        for record, rule, countries in self.rules:
            if level := record._level(self.country, country or self.country, countries, day):
                levels[rule.key] = level
                rules.append(rule)
        return [
            {
                "rule_id": key,
                "level": levels[key],
                "value": value,
                "limit": limit,
                "box_id": values["box_id"],
                "company_id": self.company.id,
                "date": day,
            }
            for key, value, limit in check(facts, rules)
        ]


def _part(material, kg, trips):
    factor = material.factor_id
    return Part(
        key=factor.id,
        family=factor.family,
        kg=kg,
        recycled=material.recycled_share,
        trips=trips,
        factor_new=factor.factor_new,
        factor_recycled=factor.factor_recycled,
        certified=material.is_certified,
    )
