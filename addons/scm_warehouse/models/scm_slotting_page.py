from odoo import api, models
from odoo.exceptions import AccessError
from odoo.tools import SQL


class ScmSlottingRun(models.Model):
    """What the head of the move list shows, and what its buttons do for a whole warehouse."""

    _inherit = "scm.slotting.run"

    @api.model
    @api.readonly
    def get_summary(self):
        """The last finished run of each warehouse of the ticked companies, in two queries; public, also over RPC.

        :return: ``{'warehouses': [{'id', 'name', 'run_id', 'date', 'metres_before', 'metres_after', 'metres_least',
            'effort_minutes', 'money_day', 'payback_days', 'moves', 'accepted', 'applied', 'more', 'message', ...}],
            'can_decide', 'bases': [(key, label)]}``
        """
        if not self.env.user.has_group("scm_base.scm_group_user"):
            raise AccessError(self.env._("Slotting is for supply chain users. Ask your administrator for the role."))
        self.env.flush_all()
        rows = self.env.execute_query_dict(self._summary_sql())
        return {
            "warehouses": [self._summary_row(row) for row in rows],
            "can_decide": self.env.user.has_group("scm_base.scm_group_manager"),
            "bases": self._fields["basis"]._description_selection(self.env),
        }

    @api.model
    def _summary_sql(self):
        return SQL(
            """
            SELECT w.id, w.name, c.currency_id, r.id AS run_id, r.name AS run_name, r.date_end::date::text AS date,
                   r.basis, r.metres_before::float8, r.metres_after::float8, r.metres_least::float8, r.payback_days,
                   r.place_count, r.item_count, r.fixed_count, r.more_count, r.no_way_count, r.message,
                   COALESCE(m.moves, 0) AS moves, COALESCE(m.accepted, 0) AS accepted,
                   COALESCE(m.applied, 0) AS applied, COALESCE(m.metres, 0)::float8 AS metres,
                   COALESCE(m.effort, 0)::float8 AS effort_minutes, COALESCE(m.money, 0)::float8 AS money_day
              FROM stock_warehouse w
              JOIN res_company c ON c.id = w.company_id
         LEFT JOIN LATERAL (SELECT * FROM scm_slotting_run r
                             WHERE r.warehouse_id = w.id AND r.state = 'done' ORDER BY r.id DESC LIMIT 1) r ON TRUE
         LEFT JOIN LATERAL (
                    SELECT count(*) FILTER (WHERE m.state IN ('proposed', 'accepted')) AS moves,
                           count(*) FILTER (WHERE m.state = 'accepted') AS accepted,
                           count(*) FILTER (WHERE m.state = 'applied') AS applied,
                           sum(m.metres_day) FILTER (WHERE m.state IN ('proposed', 'accepted', 'applied')) AS metres,
                           sum(m.effort_minutes) FILTER (WHERE m.state IN ('proposed', 'accepted')) AS effort,
                           sum(m.money_day) FILTER (WHERE m.state IN ('proposed', 'accepted')) AS money
                      FROM scm_slotting_move m WHERE m.run_id = r.id) m ON TRUE
             WHERE w.active AND w.company_id = ANY(%s)
          ORDER BY w.company_id, w.sequence, w.id
            """,
            self.env.companies.ids,
        )

    @api.model
    def _summary_row(self, row):
        row = {key: False if value is None else value for key, value in row.items()}
        hours = row["effort_minutes"] / 60.0
        row["name"] = row["name"] or ""
        row["pays_back"] = self._pays_back(row["id"], hours, row["money_day"])
        row["has_run"] = bool(row["run_id"])
        return row

    @api.model
    def _pays_back(self, warehouse_id, hours, money_day):
        """Days until the work of all open moves is earned; 0 when nothing is saved."""
        # sudo: the cost of an hour of a warehouse of the user's own companies, which he may not open
        cost = self.env["stock.warehouse"].sudo().browse(warehouse_id).scm_hour_cost
        return hours * cost / money_day if money_day > 0 else 0.0

    @api.model
    def apply_all(self, warehouse_id, only_accepted=False):
        """Apply the open moves of a warehouse; public, also over RPC. For supply-chain managers.

        :param only_accepted: leave alone what is only proposed
        :return: as :meth:`scm.slotting.move.apply`
        """
        self._check_role()
        warehouse = self._warehouse_to_slot(warehouse_id)
        moves = self.env["scm.slotting.move"]._open_of(warehouse.id)
        if only_accepted:
            moves = moves.filtered(lambda move: move.state == "accepted")
        return moves.apply()

    @api.model
    def undo_all(self, warehouse_id):
        """Undo what was applied of the last run of a warehouse; public, also over RPC. For supply-chain managers.

        :return: as :meth:`scm.slotting.move.undo`
        """
        self._check_role()
        warehouse = self._warehouse_to_slot(warehouse_id)
        applied = self.env["scm.slotting.move"].search(
            [("warehouse_id", "=", warehouse.id), ("state", "=", "applied")], order="run_id desc"
        )
        return applied.filtered(lambda move: move.run_id == applied[:1].run_id).undo()
