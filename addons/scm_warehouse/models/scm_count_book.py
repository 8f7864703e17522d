from collections import defaultdict

from odoo import models
from odoo.tools import SQL

from ..kernel import count_book


class ScmCountTask(models.Model):
    """What the books say of a place, at a moment that is past."""

    _inherit = "scm.count.task"

    def _read_book(self, moments, closing):
        """Book stock of the place at the moment of each key's count, in four queries.

        :param moments: ``{(product, lot, package, owner ids): moment}``; 0 stands for none
        :param closing: moment of all other keys
        :return: ``{key: {'book', 'now', 'moved', 'reserved', 'in_hand', 'corrected'}}``; ``moved``: since the count;
            ``corrected``: of it, by inventory adjustments; ``in_hand``: picked, not booked out yet
        """
        self.ensure_one()
        self.env.flush_all()
        now, reserved = self._read_stock()
        since = min([closing, *moments.values()])
        moves = self._read_moves(since)
        in_hand = self._read_in_hand()
        book = count_book.book_at(now, [move[:3] for move in moves], moments, closing)
        corrected = defaultdict(float)
        for key, moment, quantity, is_inventory in moves:
            if is_inventory and moment > moments.get(key, closing):
                corrected[key] += quantity
        return {
            key: {
                "book": quantity,
                "now": now.get(key, 0.0),
                "moved": now.get(key, 0.0) - quantity,
                "reserved": reserved.get(key, 0.0),
                "in_hand": in_hand.get(key, 0.0),
                "corrected": corrected.get(key, 0.0),
            }
            for key, quantity in book.items()
        }

    def _read_stock(self):
        """``({key: stock now}, {key: reserved})``, from the quants."""
        rows = self.env.execute_query(
            SQL(
                """SELECT quant.product_id, COALESCE(quant.lot_id, 0), COALESCE(quant.package_id, 0),
                          COALESCE(quant.owner_id, 0), SUM(quant.quantity), SUM(quant.reserved_quantity)
                     FROM stock_quant quant
                    WHERE quant.location_id = %s AND %s
                    GROUP BY 1, 2, 3, 4
                   HAVING SUM(quant.quantity) <> 0 OR SUM(quant.reserved_quantity) <> 0""",
                self.location_id.id,
                self._product_sql("quant"),
            )
        )
        return {row[:4]: row[4] for row in rows}, {row[:4]: row[5] for row in rows}

    def _read_moves(self, since):
        """``[(key, moment, signed quantity, whether a correction)]`` of what was done in the place after a moment."""
        return [(row[:4], *row[4:]) for row in self.env.execute_query(self._moves_sql(since))]

    def _moves_sql(self, since):
        place, product = self.location_id.id, self._product_sql("line")
        return SQL(
            """SELECT line.product_id, COALESCE(line.lot_id, 0), COALESCE(line.package_id, 0),
                      COALESCE(line.owner_id, 0), line.date, -line.quantity_product_uom, move.is_inventory
                 FROM stock_move_line line JOIN stock_move move ON move.id = line.move_id
                WHERE line.location_id = %(place)s AND line.state = 'done' AND line.date > %(since)s AND %(product)s
                UNION ALL
               SELECT line.product_id, COALESCE(line.lot_id, 0), COALESCE(line.result_package_id, 0),
                      COALESCE(line.owner_id, 0), line.date, line.quantity_product_uom, move.is_inventory
                 FROM stock_move_line line JOIN stock_move move ON move.id = line.move_id
                WHERE line.location_dest_id = %(place)s AND line.state = 'done' AND line.date > %(since)s
                  AND %(product)s""",
            place=place,
            since=since,
            product=product,
        )

    def _read_in_hand(self):
        """``{key: quantity}`` that pickers have taken from the shelf, in transfers that are not done."""
        rows = self.env.execute_query(
            SQL(
                """SELECT line.product_id, COALESCE(line.lot_id, 0), COALESCE(line.package_id, 0),
                          COALESCE(line.owner_id, 0), SUM(line.quantity_product_uom)
                     FROM stock_move_line line
                    WHERE line.location_id = %s AND line.picked AND %s
                      AND line.state IN ('assigned', 'partially_available', 'confirmed', 'waiting')
                    GROUP BY 1, 2, 3, 4""",
                self.location_id.id,
                self._product_sql("line"),
            )
        )
        return {row[:4]: row[4] for row in rows}

    def _product_sql(self, alias):
        """Condition: the product of the count, or every one that is kept in stock at all."""
        product = SQL("%s.product_id", SQL.identifier(alias))
        if self.product_id:
            return SQL("%s = %s", product, self.product_id.id)
        return SQL(
            """EXISTS (SELECT FROM product_product item
                         JOIN product_template template ON template.id = item.product_tmpl_id
                        WHERE item.id = %s AND template.is_storable)""",
            product,
        )
