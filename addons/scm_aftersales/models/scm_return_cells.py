from odoo import api, models

#: what a return rate can be told by: name -> columns of ``scm.return.fact`` (and of ``scm.return.part``)
DIMENSIONS = {
    "product": ("product_id",),
    "category": ("categ_id",),
    "supplier": ("supplier_id",),
    "supplier_product": ("supplier_id", "product_id"),
    "lot": ("lot_id",),
    "carrier": ("carrier_id",),
    "zone": ("zone_id",),
    "lane": ("carrier_id", "warehouse_id", "zone_id"),
    "packaging": ("package_type_id",),
    "warehouse": ("warehouse_id",),
    "picker": ("user_id",),
    "channel": ("team_id",),
}


class ScmReturnFact(models.Model):
    """Cells: what was delivered and came back by product, supplier, carrier, ..."""

    _inherit = "scm.return.fact"

    @api.model
    def _cells(self, company, date_from, date_to, dimensions, by=None, today=None):
        """Deliveries and returns of orders of a period, by each of these dimensions and by product category.

        The caller has checked that the company may be read. One scan, however many dimensions.

        :param date_from: first local order day; ``date_to``: last one (both included)
        :param dimensions: names of :data:`DIMENSIONS`
        :param by: None, or ``"cause_id"``, ``"reason_id"``, ``"owner"``: returns are told apart by it, and there is a
            cell for each value that occurs beside the one of all returns (``what`` None)
        :param today: the day T at which it is looked at (default: the company's today); returns after it are not seen
        :return: dict of NumPy arrays of one length. A cell is (dimension, key, group, what); empty keys (a delivery
            without carrier) have no cell.

            * ``dimension`` (str), ``key`` (tuple of ids, as in :data:`DIMENSIONS`), ``group`` (category id, 0 without),
              ``what`` (id, or owner code; None: all returns)
            * ``lines``, ``delivered``: deliveries (rows) and units. ``mature_lines``, ``mature``: the same times the
              share of returns that must have been asked for by T, by the company's delay curve (:meth:`_curve`)
            * ``returned_lines``, ``returned``: deliveries of which something came back, and units. Units of one
              delivery come back together: tests count lines, not units
            * ``expected_returned``: units that will have come back in the end, ``returned`` by the completed share
            * ``value``, ``refund``, ``cost``: company currency
        """
        raise NotImplementedError

    @api.model
    def _curve(self, company, today=None):
        """Completed share of returns by days since delivery: array F, ``F[d]`` at age d, the last one for all older."""
        raise NotImplementedError

    @api.model
    def _cell_domain(self, company, date_from, date_to, dimension, key, what=None, by=None, group=None):
        """Domain of the ``scm.return.part`` (the returns) behind a cell."""
        raise NotImplementedError
