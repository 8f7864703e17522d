from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from odoo.addons.scm_base.tools.zones import local_today

from ..kernel.disruption import day_back

#: what decides who is met, and by how much
_AREA_FIELDS = {
    "country_ids",
    "state_ids",
    "zip_prefixes",
    "carrier_ids",
    "warehouse_ids",
    "date_from",
    "date_to",
    "extra_days",
    "company_id",
}


class ScmDisruption(models.Model):
    """Saving lists who is met, activating moves their days, ending it early takes the days back."""

    _inherit = "scm.disruption"

    parcel_count = fields.Integer("Parcels", compute="_compute_counts")
    delivery_count = fields.Integer("Open Deliveries", compute="_compute_counts")
    draft_count = fields.Integer("Messages to Approve", compute="_compute_counts")
    message_total = fields.Integer("All Messages", compute="_compute_counts")
    alternative_count = fields.Integer("Other Ways", compute="_compute_counts")
    value_total = fields.Monetary("Value of Goods", compute="_compute_counts")

    def _compute_counts(self):
        impacts = self.env["scm.disruption.impact"]
        held = [("disruption_id", "in", self.ids), ("state", "!=", "taken_back")]
        aggregates = ["parcel_id:count", "picking_id:count", "value:sum", "alternative_id:count"]
        aggregates.append("alternative_warehouse_id:count")
        rows = {row[0].id: row[1:] for row in impacts._read_group(held, ["disruption_id"], aggregates)}
        messages = self.env["scm.parcel.message"]._read_group(
            [("disruption_id", "in", self.ids)], ["disruption_id", "state"], ["__count"]
        )
        for one in self:
            parcels, deliveries, value, carriers, warehouses = rows.get(one.id, (0, 0, 0.0, 0, 0))
            one.parcel_count, one.delivery_count, one.value_total = parcels, deliveries, value or 0.0
            one.alternative_count = carriers + warehouses
            mine = {state: count for disruption, state, count in messages if disruption == one}
            one.draft_count, one.message_total = mine.get("draft", 0), sum(mine.values())

    @api.model_create_multi
    def create(self, vals_list):
        disruptions = super().create(vals_list)
        disruptions._refresh_preview()
        return disruptions

    def write(self, vals):
        if "company_id" in vals and (fixed := self.filtered(lambda one: one.state != "draft")):
            raise UserError(self.env._("“%(name)s” has begun: its company stays.", name=fixed[0].name))
        if _AREA_FIELDS & set(vals) and (ended := self.filtered(lambda one: one.state == "ended")):
            raise UserError(
                self.env._("“%(name)s” has ended and stays as it was. Make a new disruption.", name=ended[0].name)
            )
        result = super().write(vals)
        if _AREA_FIELDS & set(vals):
            self._refresh_preview()
            for one in self.filtered(lambda one: one.state == "active"):
                one._reapply()
        return result

    def copy_data(self, default=None):
        return [
            vals | {"name": self.env._("%s (copy)", one.name)}
            for one, vals in zip(self, super().copy_data(default), strict=True)
        ]

    @api.ondelete(at_uninstall=False)
    def _unlink_except_active(self):
        if active := self.filtered(lambda one: one.state == "active"):
            raise UserError(self.env._("“%(name)s” is active. End it first.", name=active[0].name))

    # Preview

    def _refresh_preview(self):
        """List whom each draft would meet; nothing moves."""
        for one in self.filtered(lambda one: one.state == "draft"):
            self.env.cr.execute(
                "DELETE FROM scm_disruption_impact WHERE disruption_id = %s AND state = 'preview'", [one.id]
            )
            self._insert_impacts(one, one.sudo()._find(), "preview")  # sudo: what it meets is found whoever asks

    def refresh_preview(self):
        """Look again whom drafts would meet.

        :return: ``{disruption id as text: {'parcels': n, 'deliveries': n}}``
        """
        self._check_manager()
        self._refresh_preview()
        self.invalidate_recordset()
        return {str(one.id): {"parcels": one.parcel_count, "deliveries": one.delivery_count} for one in self}

    def action_refresh_preview(self):
        self.refresh_preview()
        return True

    # Activate

    def activate(self):
        """Move the day of everything that these disruptions meet, draft messages and look for other ways.

        :return: ``{disruption id as text: {'parcels': n, 'deliveries': n}}``: what moved
        """
        self._check_manager()
        if started := self.filtered(lambda one: one.state != "draft"):
            raise UserError(self.env._("“%(name)s” was activated already.", name=started[0].name))
        for one in self:
            if one.date_to < local_today(one.company_id):
                raise UserError(
                    self.env._("“%(name)s” lies in the past: nothing is delivered in these days.", name=one.name)
                )
        result = {}
        for one in self:
            one.write({"state": "active", "date_activated": fields.Datetime.now()})
            self.env.cr.execute("DELETE FROM scm_disruption_impact WHERE disruption_id = %s", [one.id])
            self.env["scm.disruption.impact"].invalidate_model()
            one._reapply()
            one._find_alternatives()
            one.invalidate_recordset()
            result[str(one.id)] = {"parcels": one.parcel_count, "deliveries": one.delivery_count}
        return result

    def action_activate(self):
        self.activate()
        return True

    def _reapply(self):
        """Make days say what the disruption says now: who is met moves, who is not met any more goes back."""
        one = self.sudo()  # sudo: callers checked the role; parcels and transfers of the company move
        rows = one._find()
        met = {(row["parcel_id"], row["picking_id"]) for row in rows}
        held = one.impact_ids.filtered(lambda impact: impact.state == "applied")
        known = {(impact.parcel_id.id or None, impact.picking_id.id or None): impact for impact in held}
        gone = one.impact_ids.browse(impact.id for key, impact in known.items() if key not in met)
        one._take_back(gone)
        # a day that somebody has named since is newer than ours
        todo = [row for row in rows if not self._named_since(row, known.get((row["parcel_id"], row["picking_id"])))]
        one._insert_impacts(one, todo, "applied")
        one._move(
            {row["parcel_id"]: row["date_after"] for row in todo if row["parcel_id"]},
            {row["picking_id"]: row["date_after"] for row in todo if row["picking_id"]},
        )
        return len(todo)

    @api.model
    def _named_since(self, row, impact):
        return bool(impact) and row["expected"] != impact.date_after

    def _move(self, parcels, pickings):
        """Name the new days, each parcel's and transfer's."""
        parcel_model = self.env["scm.parcel"].with_context(scm_disruption_id=self.id)
        moved = parcel_model._set_expected(parcels, "disruption", self.name)
        if pickings:
            self.env.cr.execute(
                SQL(
                    """UPDATE stock_picking picking SET scm_date_expected = new.day
                         FROM unnest(%s::int4[], %s::date[]) AS new(id, day) WHERE picking.id = new.id""",
                    list(pickings),
                    list(pickings.values()),
                )
            )
            self.env["stock.picking"].browse(pickings).invalidate_recordset(["scm_date_expected"])
        self._draft_for_deliveries(pickings)
        return moved

    def _draft_for_deliveries(self, pickings):
        """Messages about open deliveries, whose customers know the day of the order."""
        now, rows = fields.Datetime.now(), []
        befores = {impact.picking_id.id: impact.date_before for impact in self.impact_ids if impact.picking_id}
        slip = self.company_id.scm_slip_days
        for picking in self.env["stock.picking"].browse(pickings):
            before, day = befores.get(picking.id), pickings[picking.id]
            if before and day and (day - before).days >= slip:
                rows.append(
                    {
                        "picking": picking,
                        "kind": "delayed",
                        "subject_key": f"{before}>{day}@{now.date()}",
                        "news_at": now,
                        "date_before": before,
                        "date_told": day,
                    }
                )
        self.env["scm.parcel.message"].with_context(scm_disruption_id=self.id)._draft(self.company_id, rows)

    # End

    def end(self):
        """End these disruptions now. Before their last day: the days that they moved are taken back.

        :return: number of parcels and deliveries whose day was taken back
        """
        self._check_manager()
        if idle := self.filtered(lambda one: one.state != "active"):
            raise UserError(self.env._("“%(name)s” is not active.", name=idle[0].name))
        return sum(one._end(early=local_today(one.company_id) <= one.date_to) for one in self)

    def action_end(self):
        self.end()
        return True

    def _end(self, early):
        one = self.sudo()  # sudo: callers checked the role, or it is the cron
        one.write({"state": "ended", "date_ended": fields.Datetime.now()})
        held = one.impact_ids.filtered(lambda impact: impact.state == "applied")
        taken = one._take_back(held) if early else 0
        held.filtered(lambda impact: impact.state == "applied").write({"state": "passed"})
        if early:
            waiting = (
                self.env["scm.parcel.message"]
                .sudo()  # sudo: as above
                .search(
                    [("disruption_id", "=", one.id), ("state", "in", ("draft", "scheduled")), ("kind", "=", "delayed")]
                )
            )
            waiting.write({"state": "suppressed", "reason": "ended"})
        return taken

    def _take_back(self, impacts):
        """Give these their days back, as far as nobody has named another since; number of those that moved."""
        self.ensure_one()
        mine = impacts.filtered(
            lambda impact: (
                impact.date_after
                == (impact.parcel_id.date_expected if impact.parcel_id else impact.picking_id.scm_date_expected)
            )
        )
        if not mine:
            return 0
        others, today = self._other_extras(mine), local_today(self.company_id)
        days = self._carrier_calendar(
            [{"base": impact.date_before, "carrier_id": impact.carrier_id.id or None} for impact in mine]
        )
        back = {}
        for impact in mine:
            carrier = impact.carrier_id.id or None
            back[impact] = day_back(
                impact.date_before,
                others.get(impact.id, []),
                today,
                lambda day, count, carrier=carrier: days.after(carrier, day, count),
            )
        mine.write({"state": "taken_back"})
        self._move(
            {impact.parcel_id.id: day for impact, day in back.items() if impact.parcel_id},
            {impact.picking_id.id: day for impact, day in back.items() if impact.picking_id},
        )
        return len(mine)

    def _other_extras(self, impacts):
        """``{impact id: delays of other active disruptions of the same parcel or delivery}``, in one query."""
        self.env["scm.disruption.impact"].flush_model()
        self.flush_model()
        return dict(
            self.env.execute_query(
                SQL(
                    """SELECT mine.id, array_agg(disruption.extra_days)
                         FROM scm_disruption_impact mine
                         JOIN scm_disruption_impact other
                           ON other.state = 'applied' AND other.disruption_id <> mine.disruption_id
                          AND (other.parcel_id = mine.parcel_id OR other.picking_id = mine.picking_id)
                         JOIN scm_disruption disruption
                           ON disruption.id = other.disruption_id AND disruption.state = 'active'
                        WHERE mine.id = ANY(%s) GROUP BY mine.id""",
                    impacts.ids,
                )
            )
        )

    # Each hour

    @api.model
    def _refresh_company(self, company):
        """New parcels are met too; what is over ends by itself."""
        today = local_today(company)
        active = self.search([("company_id", "=", company.id), ("state", "=", "active")], order="date_from, id")
        for one in active:
            if one.date_to < today:
                one._end(early=False)
            else:
                one._reapply()
        return active

    # Other ways

    def _find_alternatives(self):
        """Carriers and warehouses that the disruption does not stop, for deliveries that have not left yet."""
        for one in self.sudo():  # sudo: callers checked the role
            pickings = one.impact_ids.filtered(lambda impact: impact.state == "applied").picking_id
            if not pickings:
                continue
            if one.carrier_ids:
                one._find_carriers(pickings)
            if one.warehouse_ids:
                one._find_warehouses(pickings)

    def _find_carriers(self, pickings):
        choices = self.env["scm.carrier.choice"]._propose(self.company_id, pickings=pickings)
        best = {choice.picking_id.id: (choice, self._first_open_carrier(choice)) for choice in choices}
        for impact in self.impact_ids.filtered("picking_id"):
            choice, carrier_id = best.get(impact.picking_id.id, (False, False))
            if carrier_id:
                impact.write({"choice_id": choice.id, "alternative_id": carrier_id})

    def _first_open_carrier(self, choice):
        """The cheapest candidate, risk included, that is allowed and not stopped."""
        stopped = set(self.carrier_ids.ids)
        options = (choice.candidates or {}).get("options", [])
        return next(
            (one["carrier_id"] for one in options if one.get("allowed") and one["carrier_id"] not in stopped), False
        )

    def _find_warehouses(self, pickings):
        proposals = self.env["scm.ship.from"]._propose(self.company_id, pickings.sale_id)
        stopped, best = set(self.warehouse_ids.ids), {}
        for proposal in proposals:
            options = [one for one in proposal.options or [] if one["warehouse_id"] not in stopped]
            best[proposal.order_id.id] = next((one["warehouse_id"] for one in options if not one["missing"]), False)
        for impact in self.impact_ids.filtered("picking_id"):
            impact.alternative_warehouse_id = best.get(impact.picking_id.sale_id.id, False)

    def action_find_alternatives(self):
        """Look again for carriers and warehouses that are not stopped."""
        self._check_manager()
        self._find_alternatives()
        return True

    # Screens

    def action_open_impacts(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("scm_logistics.scm_disruption_impact_action")
        return action | {"domain": [("disruption_id", "=", self.id)], "context": {}}

    def action_open_messages(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("scm_logistics.scm_parcel_message_action")
        return action | {"domain": [("disruption_id", "=", self.id)], "context": {}}

    def _check_manager(self):
        self.check_access("read")
        if not self.env.user.has_group("scm_base.scm_group_manager"):
            raise AccessError(self.env._("Only supply chain managers say what a disruption does."))
