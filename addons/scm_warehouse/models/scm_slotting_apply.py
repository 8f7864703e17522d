from odoo import models
from odoo.fields import Command, Domain
from odoo.tools import SQL


class ScmSlottingMove(models.Model):
    """From proposals to transfers and put-away rules, and back again."""

    _inherit = "scm.slotting.move"

    def apply(self):
        """Make the transfers and put-away rules of these moves, each with its whole group; public, also over RPC.

        For supply-chain managers. Each group becomes one internal transfer whose lines are in the order in which
        places become free; what has to wait while others turn gets a second one. Groups whose stock or places changed
        since they were proposed are left as they are.

        :return: ``{'applied': moves, 'transfers': [ids], 'skipped': [reasons in words]}``
        """
        moves = self._decidable(("proposed", "accepted"))
        good, skipped = moves._still_possible()
        good._make_transfers()
        good._make_rules()
        good.write(good._decided("applied"))
        return {"applied": len(good), "transfers": good.picking_ids.ids, "skipped": skipped}

    def action_apply(self):
        """Button of :meth:`apply`: says what was made."""
        done = self.apply()
        lines = [
            self.env._(
                "%(moves)s moves in %(transfers)s transfers.",
                moves=done["applied"],
                transfers=len(done["transfers"]),
            )
        ]
        return self._tell(lines + done["skipped"][:5], bool(done["applied"]))

    def undo(self):
        """Take back applied moves, each with its whole group; public, also over RPC. For supply-chain managers.

        Open transfers are cancelled; for what was carried already, a transfer back is made, as far as the goods still
        lie there. The put-away rules of before hold again.

        :return: ``{'undone': moves, 'transfers': [ids of transfers back]}``
        """
        moves = self._decidable(("applied",))
        carried = moves._carried()
        moves.picking_ids.filtered(lambda picking: picking.state not in ("done", "cancel")).action_cancel()
        back = moves._carry_back(carried)
        moves._restore_rules()
        moves.write(moves._decided("undone"))
        return {"undone": len(moves), "transfers": back.ids}

    def action_undo(self):
        """Button of :meth:`undo`: says what was made."""
        done = self.undo()
        words = self.env._(
            "%(moves)s moves undone, %(transfers)s transfers back.",
            moves=done["undone"],
            transfers=len(done["transfers"]),
        )
        return self._tell([words], True)

    def _tell(self, lines, is_good):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if is_good else "warning",
                "message": "\n".join(lines),
                "sticky": len(lines) > 1,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    # Is it still as it was proposed?

    def _groups(self):
        """These moves by group, each in the order of its steps."""
        groups = {}
        for move in self.sorted(lambda move: (move.run_id.id, move.group, move.sequence)):
            groups.setdefault((move.run_id.id, move.group), self.browse())
            groups[move.run_id.id, move.group] |= move
        return list(groups.values())

    def _stock_now(self):
        """``{(place, product): (quantity, reserved)}`` of all that lies in the places of these moves."""
        self.env["stock.quant"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT location_id, product_id, sum(quantity)::float8, sum(reserved_quantity)::float8
                  FROM stock_quant WHERE location_id = ANY(%s) AND quantity <> 0 GROUP BY 1, 2
                """,
                (self.location_id | self.location_dest_id).ids,
            )
        )
        return {row[:2]: row[2:] for row in rows}

    def _still_possible(self):
        """Moves of the groups that can be done, and why the others cannot."""
        stock, good, skipped = self._stock_now(), self.browse(), []
        in_place = {}
        for (place, product), (quantity, _reserved) in stock.items():
            if quantity > 0:
                in_place.setdefault(place, set()).add(product)
        for group in self._groups():
            if reason := group._obstacle(stock, in_place):
                skipped.append(reason)
                continue
            good |= group
            for move in group:
                in_place.get(move.location_id.id, set()).discard(move.product_id.id)
            for move in group:
                in_place.setdefault(move.location_dest_id.id, set()).add(move.product_id.id)
        return good, skipped

    def _obstacle(self, stock, in_place):
        """Why this group cannot be done now, in words; False when it can."""
        leaving = {(move.location_id.id, move.product_id.id) for move in self}
        for move in self:
            names = {"product": move.product_id.display_name, "place": move.location_id.display_name}
            quantity, reserved = stock.get((move.location_id.id, move.product_id.id), (0.0, 0.0))
            if move.product_id.uom_id.compare(quantity, 0.0) <= 0:
                return self.env._("%(product)s no longer lies in %(place)s.", **names)
            if reserved:
                return self.env._("%(product)s in %(place)s is reserved; wait until it is picked.", **names)
            target = move.location_dest_id
            if not target.active or target.scm_is_locked or move.location_id.scm_is_locked:
                return self.env._(
                    "%(product)s cannot be carried from %(place)s to %(target)s: a place is closed.",
                    target=target.display_name,
                    **names,
                )
            present = in_place.get(target.id, set())
            left = {product for product in present if (target.id, product) not in leaving}
            arriving = {one.product_id.id for one in self if one.location_dest_id == target}
            if len(left | arriving) > max(move._products_taken(), len(present)):
                return self.env._(
                    "%(target)s is not empty any more; %(product)s stays in %(place)s.",
                    target=target.display_name,
                    **names,
                )
        return False

    def _products_taken(self):
        category = self.location_dest_id.storage_category_id
        if category and category.allow_new_product != "mixed":
            return 1
        return self.warehouse_id.scm_slotting_products

    # Transfers

    def _legs(self):
        """``(move, from, to, is_last_leg_of_a_ring)`` of one group in the order of the work."""
        legs, waiting = [], []
        for move in self.sorted("sequence"):
            if move.buffer_id:
                legs.append((move, move.location_id, move.buffer_id, False))
                waiting.append((move, move.buffer_id, move.location_dest_id, True))
            else:
                legs.append((move, move.location_id, move.location_dest_id, False))
        return legs + waiting

    def _make_transfers(self):
        """Transfers of all groups: one create, one confirmation, one reservation."""
        stock = self._stock_now()
        plans = [
            (group, [(*leg, stock[leg[0].location_id.id, leg[0].product_id.id][0]) for leg in group._legs()])
            for group in self._groups()
        ]
        self._transfers_of(plans)

    def _transfers_of(self, plans):
        """Pickings of ``[(group, [(move, from, to, is second leg, quantity)])]``, confirmed and reserved."""
        headers, owners = [], []
        for group, legs in plans:
            for is_second in (False, True):
                part = [leg for leg in legs if leg[3] == is_second]
                if part:
                    headers.append(group._prepare_picking([group._prepare_move(i, *leg) for i, leg in enumerate(part)]))
                    owners.append((group, part, is_second))
        pickings = self.env["stock.picking"].create(headers)
        first_legs, stock_moves = {}, self.env["stock.move"]
        for picking, (group, part, is_second) in zip(pickings, owners, strict=True):
            for leg, stock_move in zip(part, picking.move_ids.sorted("sequence"), strict=True):
                if is_second:
                    stock_move.move_orig_ids = first_legs.get(leg[0].id)
                first_legs.setdefault(leg[0].id, stock_move)
                stock_moves |= stock_move
            group.picking_ids = [Command.link(picking.id)]
        stock_moves._action_confirm(merge=False)
        stock_moves._action_assign()
        self._keep_packages(stock_moves.move_line_ids)
        return pickings

    def _prepare_picking(self, moves):
        warehouse = self.warehouse_id[:1]
        return {
            "picking_type_id": warehouse.int_type_id.id,
            "location_id": warehouse.lot_stock_id.id,
            "location_dest_id": warehouse.lot_stock_id.id,
            "company_id": warehouse.company_id.id,
            "origin": self.env._("%(run)s, group %(group)s", run=self.run_id[:1].name, group=self[:1].group),
            "move_ids": [Command.create(values) for values in moves],
        }

    def _prepare_move(self, number, move, start, end, _is_second, quantity):
        return {
            "sequence": 10 + number,
            "product_id": move.product_id.id,
            "product_uom": move.product_id.uom_id.id,
            "product_uom_qty": quantity,
            "location_id": start.id,
            "location_dest_id": end.id,
            "company_id": move.company_id.id,
            "picking_type_id": move.warehouse_id.int_type_id.id,
        }

    def _keep_packages(self, lines):
        """What lies in a package with nothing else goes with its package."""
        packages = lines.package_id
        if not packages:
            return
        held = self.env["stock.quant"]._read_group(
            [("package_id", "in", packages.ids), ("quantity", ">", 0)], ["package_id"], ["product_id:count_distinct"]
        )
        single = {package.id for package, count in held if count == 1}
        for line in lines.filtered(lambda line: line.package_id.id in single):
            line.result_package_id = line.package_id

    # Put-away rules

    def _make_rules(self):
        """What comes in later is put into the new place. Rules that send the product elsewhere on purpose stay."""
        leading = {}
        for move in self.sorted(lambda move: (-move.picks_day, move.id)):
            leading.setdefault((move.warehouse_id.id, move.product_id.id), move)
        roots = self.warehouse_id.lot_stock_id
        rules = self.env["stock.putaway.rule"].search(
            [("location_in_id", "in", roots.ids), ("product_id", "in", self.product_id.ids)]
        )
        standing = {}
        for rule in rules:
            standing.setdefault((rule.location_in_id.id, rule.product_id.id), self.env["stock.putaway.rule"])
            standing[rule.location_in_id.id, rule.product_id.id] |= rule
        wanted = self.browse()
        for move in leading.values():
            known = standing.get((move.warehouse_id.lot_stock_id.id, move.product_id.id), rules.browse())
            replaced = known.filtered(lambda rule, move=move: rule.location_out_id == move.location_id)
            if known and not replaced:
                continue
            move.old_rule_ids = replaced
            wanted |= move
        wanted.old_rule_ids.active = False
        made = self.env["stock.putaway.rule"].create([move._prepare_rule() for move in wanted])
        for move, rule in zip(wanted, made, strict=True):
            move.rule_id = rule

    def _prepare_rule(self):
        return {
            "product_id": self.product_id.id,
            "location_in_id": self.warehouse_id.lot_stock_id.id,
            "location_out_id": self.location_dest_id.id,
            "company_id": self.company_id.id,
            "sequence": min(self.old_rule_ids.mapped("sequence"), default=0),
        }

    def _restore_rules(self):
        self.rule_id.unlink()
        self.with_context(active_test=False).old_rule_ids.active = True

    # Back

    def _carried(self):
        """``{move: quantity}`` that its transfers have brought to the new place and that is still free there."""
        done = self.env["stock.move.line"]._read_group(
            [
                ("picking_id", "in", self.picking_ids.ids),
                ("state", "=", "done"),
                ("location_dest_id", "in", self.location_dest_id.ids),
            ],
            ["picking_id", "product_id", "location_dest_id"],
            ["quantity_product_uom:sum"],
        )
        brought = {(picking.id, product.id, place.id): quantity for picking, product, place, quantity in done}
        stock, carried = self._stock_now(), {}
        for move in self:
            quantity = sum(
                brought.get((picking.id, move.product_id.id, move.location_dest_id.id), 0.0)
                for picking in move.picking_ids
            )
            lies, reserved = stock.get((move.location_dest_id.id, move.product_id.id), (0.0, 0.0))
            carried[move] = max(min(quantity, lies - reserved), 0.0)
        return carried

    def _carry_back(self, carried):
        """Transfers back of what was carried, in the opposite order."""
        plans = []
        for group in self._groups():
            back = [move for move in group.sorted("sequence", reverse=True) if carried[move] > 0]
            # who waited first comes last now, so it leaves its new place first
            waiting = [move for move in back if move.buffer_id]
            legs = [(move, move.location_dest_id, move.buffer_id, False, carried[move]) for move in waiting]
            legs += [
                (move, move.location_dest_id, move.location_id, False, carried[move])
                for move in back
                if not move.buffer_id
            ]
            legs += [(move, move.buffer_id, move.location_id, True, carried[move]) for move in waiting]
            if legs:
                plans.append((group, legs))
        return self._transfers_of(plans)

    # All of a warehouse

    def _open_of(self, warehouse_id):
        return self.search(Domain("warehouse_id", "=", warehouse_id) & Domain("state", "in", ("proposed", "accepted")))
