from odoo import api, fields, models
from odoo.tools import SQL, split_every

from odoo.addons.scm_base.tools.zones import local_day_sql, zone_sql

from ..kernel.parcel_state import Event, State, parcel_state

#: parcels whose events are in memory at once
BATCH_PARCELS = 5000
#: fields of the kernel's state that are columns of the parcel, with their types
_STATE_COLUMNS = {
    "status": "text",
    "sub_status": "text",
    "status_at": "timestamp",
    "last_event_at": "timestamp",
    "last_text": "text",
    "last_place": "text",
    "is_final": "boolean",
    "attempts": "int4",
    "is_lost": "boolean",
    "is_damaged": "boolean",
    "date_first_scan": "timestamp",
    "date_delivered": "timestamp",
}


class ScmParcel(models.Model):
    """The state of parcels follows from their events: read in bulk, computed in the kernel, written in bulk."""

    _inherit = "scm.parcel"

    def _refresh_state(self):
        """Compute the state of these parcels from all their events; a constant number of queries per 5,000 parcels.

        :return: ``{parcel id: (old status, new status)}`` of those whose status changed
        """
        changes = {}
        for ids in split_every(BATCH_PARCELS, sorted(self.ids)):
            changes |= self._refresh_state_batch(ids)
        return changes

    @api.model
    def _refresh_state_batch(self, ids):
        before = self._lock(ids)
        states = {id_: parcel_state(events) for id_, events in self._events_of(before).items()}
        self._write_states(states)
        parcels = self.browse(before)
        parcels._refresh_lateness()
        parcels.invalidate_recordset()
        parcels.modified([*_STATE_COLUMNS, "state_why"])
        return {id_: (before[id_], state.status) for id_, state in states.items() if before[id_] != state.status}

    @api.model
    def _lock(self, ids):
        """``{parcel id: status}`` of those that exist; whoever else is about to change them waits, in one order."""
        self.flush_model()
        query = SQL("SELECT id, status FROM scm_parcel WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE", list(ids))
        return dict(self.env.execute_query(query))

    @api.model
    def _events_of(self, ids):
        """``{parcel id: [kernel events]}``, with an entry for each id."""
        self.env["scm.parcel.event"].flush_model()
        events = {id_: [] for id_ in ids}
        rows = self.env.execute_query(
            SQL(
                """SELECT parcel_id, time, COALESCE(create_date, time), source, raw_code, text, status, sub_status,
                          place
                     FROM scm_parcel_event WHERE parcel_id = ANY(%s)""",
                list(events),
            )
        )
        for parcel_id, time, received, *rest in rows:
            events[parcel_id].append(Event(time, received.replace(microsecond=0), *rest))
        return events

    @api.model
    def _write_states(self, states):
        columns = {name: [getattr(state, name) for state in states.values()] for name in _STATE_COLUMNS}
        columns["state_why"] = [fields.Json().convert_to_column(_why(state), self) for state in states.values()]
        kinds = _STATE_COLUMNS | {"state_why": "jsonb"}
        self.env.cr.execute(
            SQL(
                """UPDATE scm_parcel SET %s, write_date = now() AT TIME ZONE 'UTC', write_uid = %s
                     FROM unnest(%s::int4[], %s) AS new(id, %s) WHERE scm_parcel.id = new.id""",
                SQL(", ").join(SQL("%s = new.%s", SQL.identifier(name), SQL.identifier(name)) for name in columns),
                self.env.uid,
                list(states),
                SQL(", ").join(SQL("%s::" + kinds[name] + "[]", values) for name, values in columns.items()),
                SQL(", ").join(SQL.identifier(name) for name in columns),
            )
        )

    # Lateness

    def _refresh_lateness(self):
        """Days late of these parcels, so far or at last, in the days of the warehouse; in one query."""
        return self._update_lateness(SQL("parcel.id = ANY(%s)", self.ids))

    @api.model
    def _cron_refresh_lateness(self):
        """Each hour: midnight has passed somewhere, and parcels that were on time are not any more."""
        return self._update_lateness(SQL("parcel.is_final IS NOT TRUE"))

    @api.model
    def _update_lateness(self, where):
        self.flush_model()
        zone = zone_sql("company_partner", "warehouse_partner")
        rows = self.env.execute_query(
            SQL(
                """WITH day AS (
                       SELECT parcel.id, parcel.date_promised,
                              %(day)s AS reached
                         FROM scm_parcel parcel
                         JOIN res_company company ON company.id = parcel.company_id
                         JOIN res_partner company_partner ON company_partner.id = company.partner_id
                         LEFT JOIN stock_warehouse warehouse ON warehouse.id = parcel.warehouse_id
                         LEFT JOIN res_partner warehouse_partner ON warehouse_partner.id = warehouse.partner_id
                        WHERE %(where)s),
                   late AS (SELECT id, COALESCE(GREATEST(reached - date_promised, 0), 0) AS days FROM day)
                   UPDATE scm_parcel parcel SET days_late = late.days, is_late = late.days > 0
                     FROM late
                    WHERE parcel.id = late.id
                      AND (parcel.days_late, parcel.is_late) IS DISTINCT FROM (late.days, late.days > 0)
                   RETURNING parcel.id""",
                day=local_day_sql(
                    SQL(
                        """CASE parcel.status WHEN 'delivered' THEN parcel.date_delivered
                                              WHEN 'returned' THEN parcel.status_at ELSE %s END""",
                        fields.Datetime.now(),
                    ),
                    zone,
                ),
                where=where,
            )
        )
        changed = self.browse(id_ for (id_,) in rows)
        changed.invalidate_recordset(["days_late", "is_late"])
        changed.modified(["days_late", "is_late"])
        return changed


def _why(state: State):
    """Why record of a status: which event decided, of how many, and what was not believed."""
    terms = [
        ("parcel_status", state.status),
        ("parcel_sub_status", state.sub_status),
        ("parcel_source", state.source),
        ("parcel_raw_code", state.raw_code),
        ("parcel_ignored", state.ignored),
        ("parcel_doubtful", state.doubtful),
    ]
    return {
        "value": state.status,
        "method": "parcel_state",
        "formula": "parcel_last_event",
        "sample": state.events,
        "terms": [{"code": code, "value": value} for code, value in terms if value],
        "notes": ["parcel_doubtful_note"] if state.doubtful else [],
    }
