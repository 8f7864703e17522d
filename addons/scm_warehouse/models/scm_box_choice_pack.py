from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

#: deliveries that the page of the packing table lists
QUEUE_ROWS = 40


class ScmBoxChoice(models.Model):
    """What people at the packing table do: ask for boxes, see how to pack, take them or others."""

    _inherit = "scm.box.choice"

    # Rights

    @api.model
    def _check_packer(self):
        if not self.env.su and not self.env.user.has_group("stock.group_stock_user"):
            raise AccessError(self.env._("Only people who work in the warehouse can choose boxes and pack."))

    @api.model
    def _packable(self, picking_ids):
        """The transfers of these ids that the user may pack.

        :raises UserError: for one that has left, was cancelled or is unknown
        """
        pickings = self.env["stock.picking"].browse(picking_ids)
        if len(pickings.exists()) < len(set(picking_ids)):
            raise UserError(self.env._("One of these transfers does not exist any more. Reload the page."))
        pickings.check_access("read")
        for picking in pickings:
            if picking.state in ("done", "cancel"):
                raise UserError(self.env._("“%s” has left or was cancelled: nothing is to be packed.", picking.name))
            if not picking.picking_type_id.warehouse_id:
                raise UserError(self.env._("“%s” belongs to no warehouse: boxes are set up there.", picking.name))
        return pickings

    # Public methods

    @api.model
    def choose_box(self, picking_ids):
        """Propose the boxes of transfers; asked again, what still holds stays as it is.

        :param picking_ids: ids of open transfers
        :return: one dict per transfer, see :meth:`get_packing`
        :raises AccessError: for people who do not work in the warehouse
        :raises UserError: for a transfer that has left
        """
        self._check_packer()
        pickings = self._packable(picking_ids)
        # sudo: choices are written by the system only; the right to pack these transfers is checked above
        choices = self.sudo()._propose(pickings.sudo())
        names = self._product_names(choices)
        by_picking = {choice.picking_id.id: choice for choice in choices}
        return [self._describe(picking, by_picking.get(picking.id), names) for picking in pickings]

    @api.model
    def get_packing(self, picking_id):
        """How a transfer is to be packed, or was.

        :return: dict: picking_id, name, state (a choice's, or ``none``), cost, currency_id, void_ratio, boxes: list of
            number, box, box_id, edges (cm), void_ratio, cost, places (product, count, x, y, z, length, width, height,
            layer); products: ``{id: name}``; missing and left: lists of id and name; findings; taken; other boxes
        """
        picking = self.env["stock.picking"].browse(picking_id)
        picking.check_access("read")
        # sudo: names of boxes, goods and rules of a transfer that the user may read, as checked above
        choice = self.search([("picking_id", "=", picking.id)], limit=1).sudo()
        return self._describe(picking, choice, self._product_names(choice))

    @api.model
    def take(self, picking_id, box_id=False, reason=False, note=False):
        """Pack a transfer: put its reserved goods into packages of the proposed boxes, or all into another box.

        :param box_id: id of another box for all of it (package type)
        :param reason: why another box: out, no_fit, protect, together or other
        :return: the same as :meth:`get_packing`
        """
        self._check_packer()
        picking = self._packable([picking_id])
        picking.check_access("write")
        # sudo: choices are written by the system only; the rights on the transfer are checked above
        choice = self.sudo()._propose(picking.sudo())
        parcels = choice._asked_parcels(picking, box_id, reason)
        self._put_in_packages(picking, parcels)
        choice.write(
            {
                "reason": reason if box_id else False,
                "reason_note": (note or "")[:500] if box_id else False,
                "packed_by_id": self.env.uid,
                "taken_names": self._names_of(parcels),
            }
        )
        return self.get_packing(picking.id)

    @api.model
    def packing_queue(self):
        """Deliveries that are ready and not packed yet, those due first: list of dicts."""
        self._check_packer()
        packed = self._search([("taken_names", "!=", False)]).subselect("picking_id")
        pickings = self.env["stock.picking"].search(
            [
                ("id", "not in", packed),
                ("picking_type_code", "=", "outgoing"),
                ("state", "=", "assigned"),
                ("company_id", "in", self.env.companies.ids),
            ],
            order="scheduled_date, id",
            limit=QUEUE_ROWS,
        )
        choices = {one.picking_id.id: one for one in self.search([("picking_id", "in", pickings.ids)])}
        return [
            {
                "id": picking.id,
                "name": picking.name,
                "partner": picking.partner_id.display_name or "",
                "origin": picking.origin or "",
                "scheduled": fields.Datetime.to_string(picking.scheduled_date),
                "state": choices[picking.id].state if picking.id in choices else "none",
                "boxes": (choices[picking.id].box_names or "") if picking.id in choices else "",
            }
            for picking in pickings
        ]

    @api.model
    def packing_scan(self, code):
        """The open delivery whose name, order or package was scanned; its id, or False."""
        self._check_packer()
        code = (code or "").strip()
        if not code:
            return False
        known = Domain("name", "=ilike", _literal(code)) | Domain("origin", "=ilike", _literal(code))
        known |= Domain("move_line_ids.result_package_id.name", "=ilike", _literal(code))
        open_ones = Domain("state", "not in", ("done", "cancel", "draft")) & Domain(
            "picking_type_code", "=", "outgoing"
        )
        companies = Domain("company_id", "in", self.env.companies.ids)
        return self.env["stock.picking"].search(known & open_ones & companies, order="id", limit=1).id

    # Packing

    def _asked_parcels(self, picking, box_id, reason):
        """``[(box, {product id: quantity})]``: the proposed ones, or one box for all that is reserved."""
        if box_id:
            box = self.env["stock.package.type"].browse(box_id).exists()
            if not box or (box.company_id and box.company_id != picking.company_id):
                raise UserError(self.env._("“%s”: choose a box of this company.", picking.name))
            if reason not in dict(self._fields["reason"].selection):
                raise UserError(self.env._("“%s”: say why another box is taken.", picking.name))
            return [(box, None)]
        if self.state != "proposed":
            raise UserError(
                self.env._(
                    "“%(picking)s” has no proposed box (%(state)s): take a box yourself.",
                    picking=picking.name,
                    state=dict(self._fields["state"]._description_selection(self.env)).get(self.state, ""),
                )
            )
        lines = self.line_ids.filtered(lambda line: line.kind == "proposed").sorted("number")
        return [(line.box_id, dict(line.contents)) for line in lines]

    @api.model
    def _names_of(self, parcels):
        names = [box.name for box, _content in parcels]
        return ", ".join(names)

    @api.model
    def _put_in_packages(self, picking, parcels):
        """Reserved goods that are in no package yet go into new ones."""
        lines = picking.move_line_ids.filtered(lambda line: line.quantity > 0 and not line.result_package_id)
        if not lines:
            raise UserError(
                self.env._("“%s”: nothing is reserved that is not packed yet. Check its availability.", picking.name)
            )
        for number, (box, content) in enumerate(parcels, 1):
            is_last = number == len(parcels)
            inside = lines if is_last or content is None else self._cut_out(lines, dict(content))
            if inside:
                inside._put_in_pack(package_type_id=box.id)
            lines = (picking.move_line_ids - inside).filtered(
                lambda line: line.quantity > 0 and not line.result_package_id
            )

    @api.model
    def _cut_out(self, lines, content):
        """Lines that hold just these quantities of products; a line that holds more is cut in two."""
        inside = lines.browse()
        for line in lines:
            wanted = content.get(line.product_id.id, 0.0)
            if line.product_id.uom_id.compare(wanted, 0.0) <= 0:
                continue
            if line.product_id.uom_id.compare(line.quantity_product_uom, wanted) > 0:
                line = self._cut_line(line, wanted)
            content[line.product_id.id] = wanted - line.quantity_product_uom
            inside |= line
        return inside

    @api.model
    def _cut_line(self, line, wanted):
        """A new line with the wanted quantity, which the old one loses."""
        quantity = line.product_id.uom_id._compute_quantity(wanted, line.product_uom_id, rounding_method="HALF-UP")
        line.quantity -= quantity
        return line.copy({"quantity": quantity, "picked": line.picked})

    # Words

    @api.model
    def _product_names(self, choices):
        """``{product id: name}`` of all that the choices speak of."""
        ids = {place["key"] for line in choices.line_ids for place in line.places or []}
        # sudo: names of goods that the user may see on the transfer
        products = self.env["product.product"].sudo().browse(ids) | choices.missing_ids | choices.left_ids
        return {product.id: product.display_name for product in products}

    @api.model
    def _describe(self, picking, choice, names):
        head = {"picking_id": picking.id, "name": picking.name, "partner": picking.partner_id.display_name or ""}
        if not choice:
            return head | {"id": False, "state": "none", "boxes": [], "missing": [], "left": [], "findings": []}
        used = {str(place["key"]) for line in choice.line_ids for place in line.places or []}
        return head | {
            "id": choice.id,
            "state": choice.state,
            "cost": choice.cost,
            "cost_taken": choice.cost_taken,
            "lost": choice.lost,
            "currency_id": choice.currency_id.id,
            "void_ratio": choice.void_ratio,
            "box_names": choice.box_names or "",
            "taken": choice.taken_names or "",
            "is_override": choice.is_override,
            "boxes": [self._describe_line(line) for line in choice.line_ids if line.kind == "proposed"],
            "products": {key: name for key, name in ((str(id_), name) for id_, name in names.items()) if key in used},
            "missing": [{"id": one.id, "name": names[one.id]} for one in choice.missing_ids],
            "left": [{"id": one.id, "name": names[one.id]} for one in choice.left_ids],
            "findings": [
                {
                    "rule": found.rule_id.name,
                    "level": found.level,
                    "value": found.value,
                    "limit": found.limit,
                    "kind": found.rule_id.kind,
                }
                for found in choice.finding_ids
            ],
            "why": choice.why or False,
        }

    @api.model
    def _describe_line(self, line):
        inner = line.box_id._scm_inner_cm()
        return {
            "number": line.number,
            "box": line.box_id.name,
            "box_id": line.box_id.id,
            "edges": [round(edge, 2) for edge in inner],
            "void_ratio": line.void_ratio,
            "cost": line.cost,
            "goods_kg": line.goods_kg,
            "pieces": line.pieces,
            "layers": line.layers,
            "filler_kg": line.filler_kg,
            "material_kg": line.material_kg,
            "co2e_kg": line.co2e_kg,
            "places": line.places or [],
        }

    @api.model
    def packing_boxes(self, picking_id):
        """Boxes that may be taken for a transfer: list of id, name and inner edges in cm, small ones first."""
        self._check_packer()
        picking = self.env["stock.picking"].browse(picking_id)
        picking.check_access("read")
        boxes = self.env["stock.package.type"]._scm_offered(picking.company_id)
        rows = [{"id": box.id, "name": box.name, "edges": list(box._scm_inner_cm())} for box in boxes]
        return sorted(rows, key=lambda row: row["edges"][0] * row["edges"][1] * row["edges"][2])


def _literal(text):
    """Text for =ilike that stands for itself."""
    return text.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")
