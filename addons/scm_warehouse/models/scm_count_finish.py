import base64
import binascii

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.scm_base.tools import photos

from ..kernel import count_book


class ScmCountTask(models.Model):
    """The end of a count: found against the books, and what follows."""

    _inherit = "scm.count.task"

    @api.model
    def finish(self, payload):
        """End the count of a place; may be sent again without harm. For people of the warehouse (Inventory: User).

        :param payload: ``{'uuid', 'task_id', 'moment'}`` and ``entries`` (as for :meth:`record_count`; those sent
            before may be sent again), ``is_empty`` (nothing lies there), ``note``, ``photo`` (base64 of a JPEG, PNG or
            WebP), ``clock_offset``. What the books have and nobody counted was not there
        :return: ``{'id', 'state', 'message'}``; state: done, recount (by another person) or approval
        :raises UserError: where nothing was counted and the place was not said to be empty
        """
        self._check_counter()
        task = self._locked({payload.get("task_id")})
        if self._known({payload.get("uuid")}):
            return task._answer()
        task._check_countable_by_me()
        entries = [{**entry, "task_id": task.id} for entry in payload.get("entries") or []]
        known = self._known({entry.get("uuid") for entry in entries})
        rows = [("count", self._checked_entry(entry)) for entry in entries if entry["uuid"] not in known]
        end = {"uuid": payload["uuid"], "task_id": task.id, "note": (payload.get("note") or "")[:500] or None}
        end |= task._checked_moment(payload)
        kept = self._keep([*rows, ("finish", end)])
        if payload["uuid"] in kept:
            task._close_round(end["moment"], payload)
        return task._answer()

    @api.model
    def skip(self, payload):
        """Leave a place for later or for somebody else, with the reason. For people of the warehouse.

        :param payload: ``{'uuid', 'task_id', 'reason', 'moment'}``
        :return: as :meth:`finish`
        """
        self._check_counter()
        task = self._locked({payload.get("task_id")})
        if self._known({payload.get("uuid")}):
            return task._answer()
        reason = (payload.get("reason") or "").strip()[:200]
        if not reason:
            raise UserError(self.env._("%(place)s: say why it is skipped.", place=task.location_name))
        task._check_countable_by_me()
        state = task.state
        end = {"uuid": payload["uuid"], "task_id": task.id, "note": reason, **task._checked_moment(payload)}
        if self._keep([("skip", end)]):
            task.write(
                {
                    "skip_reason": reason,
                    "user_id": False,
                    "claimed_at": False,
                    "state": "recount" if state == "recount" else "todo",
                }
            )
        return task._answer()

    def _answer(self):
        words = {
            "todo": self.env._("To be counted later."),
            "counting": self.env._("Being counted."),
            "recount": self.env._("Counted. Another person counts it once more."),
            "approval": self.env._("Counted. A manager looks at it."),
            "done": self.env._("Counted and done."),
            "cancelled": self.cancel_reason or self.env._("Not to be counted any more."),
        }
        return {"id": self.id, "state": self.state, "message": words[self.state]}

    # Judging

    def _close_round(self, moment, payload):
        """Found against the books, key by key, and on to the next step."""
        found = self._found()
        if not found and not payload.get("is_empty"):
            raise UserError(
                self.env._(
                    "%(place)s: nothing was counted. Count what lies there, or say that it is empty.",
                    place=self.location_name,
                )
            )
        if any(quantity for quantity, _moment in found.values()) and payload.get("is_empty"):
            raise UserError(
                self.env._("%(place)s: it is not empty, since something was counted.", place=self.location_name)
            )
        moments = {key[:4]: when for key, (_quantity, when) in found.items()}
        book = self._read_book(moments, moment)
        lines = self._write_lines(found, book, moment)
        values = {"is_empty": bool(payload.get("is_empty")), "counted_at": moment}
        if self.round == 1:
            values["counted_by_id"] = self.env.uid
        if payload.get("note"):
            values["note"] = "\n".join(filter(None, (self.note, payload["note"][:500])))
        if payload.get("photo"):
            values["photo"] = self._checked_photo(payload["photo"])
        self.write(values)
        self._go_on(lines)

    def _found(self):
        """This counter's last word in this round: ``{(product, lot, package, owner, lot name): (quantity, when)}``."""
        entries = self.env["scm.count.entry"].sudo()  # sudo: of this count, which is the user's own by now
        entries = entries.search(
            [
                ("task_id", "=", self.id),
                ("kind", "=", "count"),
                ("round", "=", self.round),
                ("user_id", "=", self.env.uid),
            ]
        )
        return count_book.last_entries([(entry._key(), entry.moment, entry.id, entry.quantity) for entry in entries])

    def _write_lines(self, found, book, moment):
        """A line for each key that is on the books or was found; a recount fills the lines of the first count."""
        standing = {line._key(): line for line in self.line_ids}
        keys = set(found) | {(*key, "") for key, row in book.items() if row["book"]} | set(standing)
        products = self.env["product.product"].sudo().browse({key[0] for key in keys})  # sudo: their cost is written
        costs = {product.id: product.with_company(self.company_id).standard_price for product in products}
        made = []
        for key in sorted(keys):
            quantity, when = found.get(key, (0.0, moment))
            row = book.get(key[:4]) if not key[4] else None
            row = row or {"book": 0.0, "now": 0.0, "moved": 0.0, "reserved": 0.0, "in_hand": 0.0, "corrected": 0.0}
            values = self._prepare_line(key, quantity, when, row, costs[key[0]])
            if key in standing:
                standing[key].write(values)
            elif quantity or row["book"]:
                made.append({**values, **self._prepare_key(key, row)})
        self.env["scm.count.line"].sudo().create(made)  # sudo: of this count, which is the user's own by now
        return self.line_ids

    def _prepare_key(self, key, row):
        product, lot, package, owner, lot_name = key
        values = {
            "task_id": self.id,
            "product_id": product,
            "lot_id": lot or False,
            "package_id": package or False,
            "owner_id": owner or False,
            "lot_name": lot_name or False,
            "is_unexpected": not row["book"],
        }
        if self.round > 1:
            # the first counter did not see it, and the books did not have it then
            values |= {"counted_at": self.counted_at, "counted_by_id": self.counted_by_id.id, "in_tolerance": True}
        return values

    def _prepare_line(self, key, quantity, moment, row, cost):
        product = self.env["product.product"].browse(key[0])
        gap = product.uom_id.round(count_book.shelf_gap(quantity, row["book"], row["in_hand"]))
        shared = {
            "difference": gap,
            "reserved_quantity": row["reserved"],
            "picked_quantity": row["in_hand"],
            "unit_cost": cost,
            "why": self._why_difference(product, quantity, moment, row, gap),
        }
        if self.round > 1:
            return shared | {
                "recount_quantity": quantity,
                "recount_expected": row["book"],
                "is_recounted": True,
                "recounted_at": moment,
                "recounted_by_id": self.env.uid,
            }
        return shared | {
            "quantity": quantity,
            "expected_quantity": row["book"],
            "first_difference": gap,
            "counted_at": moment,
            "counted_by_id": self.env.uid,
        }

    def _why_difference(self, product, quantity, moment, row, gap):
        unit = product.uom_id.name
        terms = [
            ("count_found", quantity),
            ("count_stock_now", row["now"]),
            ("count_moved", row["moved"]),
            ("count_book", row["book"]),
            ("count_in_hand", row["in_hand"]),
            ("count_reserved", row["reserved"]),
        ]
        return {
            "value": gap,
            "unit": unit,
            "method": "count_difference",
            "formula": "count_difference_formula",
            "sample": self.round,
            "window": {"from": str(moment), "to": str(fields.Datetime.now())},
            "terms": [{"code": code, "value": value, "unit": unit} for code, value in terms],
            "notes": ["count_note_in_hand"] if row["in_hand"] else [],
        }

    def _go_on(self, lines):
        """To the end, to a recount, to a manager, or to the correction."""
        within = self._judge(lines)
        wrong = lines.filtered("difference")
        # sudo: the settings of a warehouse hold for everybody who counts there
        warehouse = self.warehouse_id.sudo()
        step = count_book.next_step(
            differs=bool(wrong),
            within=within,
            is_recount=self.round > 1,
            agrees=self.round == 1
            or all(not line.uom_id.compare(line.difference, line.first_difference) for line in lines),
            wants_recount=warehouse.scm_count_is_recounted,
            gross=sum(abs(line.value_difference) for line in wrong),
            limit=warehouse.scm_count_limit,
            is_automatic=warehouse.scm_count_is_automatic,
        )
        if step == "recount":
            self.write({"state": "recount", "round": 2, "user_id": False, "claimed_at": False})
        elif step == "approval" or (step == "apply" and not self._apply_alone(wrong)):
            self.write({"state": "approval"})
        else:
            self._close(is_automatic=step == "apply")

    def _judge(self, lines):
        """Whether all differences are within tolerance; kept at the lines for the first count."""
        judged = self.env["scm.count.rule"]._within(
            self.company_id,
            [
                (self.location_id, line.product_id, found - line.difference, found, line.unit_cost)
                for line in lines
                for found in [line.recount_quantity if line.is_recounted else line.quantity]
            ],
        )
        if self.round == 1:
            for flag in (True, False):
                lines.browse(line.id for line, one in zip(lines, judged, strict=True) if one is flag).write(
                    {"in_tolerance": flag}
                )
        return all(judged)

    def _close(self, is_automatic=False):
        self.write({"state": "done", "done_at": fields.Datetime.now(), "is_automatic": is_automatic})

    @api.model
    def _checked_photo(self, photo):
        """The picture as we wrote it ourselves: made small, nothing hidden in it."""
        try:
            content = base64.b64decode(photo, validate=True)
            return base64.b64encode(photos.rewrite(content))
        except (binascii.Error, ValueError, TypeError):
            raise UserError(
                self.env._(
                    "The photo was not taken: JPEG, PNG or WebP, at most 10 MB. Finish without it, or take it again."
                )
            ) from None
