from odoo import api, fields, models
from odoo.exceptions import AccessError

from odoo.addons.scm_base.tools.zones import local_today

from ..kernel import carrier_choice, carrier_rule
from .proposal_rows import upsert_open

#: a difference below this is no reason to change a carrier, company currency
_TINY = 0.005
_OPEN = ("proposed", "agreed")


class ScmCarrierChoice(models.Model):
    """Proposals: read all shipments, let the kernel choose within the limits, write what changed."""

    _inherit = "scm.carrier.choice"

    @api.model
    def _propose(self, company, pickings=None, orders=None, live=False):
        """Propose a carrier for open deliveries, or for orders that have none yet. Running twice proposes once.

        :param live: ask providers for their rates (one call each); else their lanes say what they cost
        :return: the choices of these records that a person can still decide about
        """
        source = "picking_id" if pickings is not None else "order_id"
        records = self._undecided(source, pickings if pickings is not None else orders)
        reader = self.env["scm.carrier.case"]._with_default_class(company)
        cases = (
            reader._picking_cases(company, records) if source == "picking_id" else reader._order_cases(company, records)
        )
        self._set_candidates(company, cases)
        cases = [case for case in cases if case["rule"].mode != "off" and not case["is_kept"]]
        self.env["scm.carrier.score"]._score(company, cases, live)
        rows = [row for row in self._decide_cases(company, cases, source) if row]
        own = "picking_id IS NOT NULL" if source == "picking_id" else "picking_id IS NULL"
        upsert_open(self, rows, source, f"{own} AND state <> 'obsolete'")
        self._retire(records, source, [row[source] for row in rows])
        # sudo: read back for the caller, who was allowed to ask
        choices = self.sudo().search([(source, "in", records.ids), ("state", "in", _OPEN)])
        choices._apply_by_rule()
        return choices.sudo(self.env.su)

    @api.model
    def _undecided(self, source, records):
        """Records about which nobody has decided yet."""
        # sudo: decisions are looked up to leave them alone, also those of other users
        decided = self.sudo().search([(source, "in", records.ids), ("state", "in", ("applied", "overridden"))])
        if source == "order_id":
            decided = decided.filtered(lambda one: not one.picking_id)
        return records - decided[source]

    # Candidates and rules

    @api.model
    def _set_candidates(self, company, cases):
        """The carriers that Odoo allows for each case, less those that a rule leaves out; and the case's rule."""
        # sudo: what is offered to the customer is not narrowed by what its seller may read
        carriers = self.env["delivery.carrier"].sudo().search([("company_id", "in", (company.id, False))])
        fixed = set(carriers.filtered(lambda one: not one.scm_in_choice).ids)
        carriers = carriers.filtered("scm_in_choice")
        rules = self.env["scm.carrier.rule"].sudo().search([("company_id", "=", company.id)])  # sudo: see above
        self.env["scm.carrier.score"]._classify(company, cases)
        kernel_rules = [self._kernel_rule(rule) for rule in rules]
        for case in cases:
            key = carrier_rule.first_match(
                kernel_rules, case["categories"], case["class_id"], case["zone_id"], case["weight"]
            )
            case["rule"] = rules.browse(key or ())
            case["is_kept"] = bool(case["present"]) and case["present"] in fixed
            allowed = carriers.available_carriers(case["partner"], case["source"])
            if case["rule"].carrier_ids:
                allowed &= case["rule"].carrier_ids
            case["allowed"] = allowed
            case["allowed_ids"] = self._collecting(allowed, case["warehouse_id"]).ids
            case["carrier_ids"] = list(dict.fromkeys([*case["allowed_ids"], *filter(None, [case["present"]])]))

    @api.model
    def _collecting(self, carriers, warehouse_id):
        """The carriers that collect from a warehouse."""
        return carriers.filtered(
            lambda one: not one.scm_warehouse_ids or not warehouse_id or warehouse_id in one.scm_warehouse_ids.ids
        )

    @api.model
    def _kernel_rule(self, rule):
        return carrier_rule.Rule(
            rule.id,
            frozenset(rule.categ_ids.ids),
            frozenset(rule.class_ids.ids),
            frozenset(rule.zone_ids.ids),
            rule.weight_from,
            rule.weight_to,
        )

    # The choice

    @api.model
    def _decide_cases(self, company, cases, source):
        """Row of values for each case, or False where no carrier can be proposed."""
        pairs = [
            (number, option)
            for number, case in enumerate(cases)
            for option in case["options"]
            if option["carrier_id"] in case["allowed_ids"]
        ]
        limits = self._limits(company, cases, [(number, option["carrier_id"]) for number, option in pairs])
        found = carrier_choice.assign(
            [number for number, _option in pairs],
            [option["score"] + self._change_costs(cases[number], option) for number, option in pairs],
            len(cases),
            [(members, most) for _name, members, most in limits],
        )
        rows = []
        for number, case in enumerate(cases):
            pair = int(found.pair[number])
            chosen = pairs[pair][1] if pair >= 0 else False
            moved = bool(found.moved[number])
            rows.append(chosen and self._row(company, case, chosen, moved, source))
        return rows

    @api.model
    def _change_costs(self, case, option):
        """A change has to save so much, else the present carrier stays."""
        stays = option["carrier_id"] == case["present"] or case["present"] not in case["allowed_ids"]
        return 0.0 if stays else max(case["rule"].min_saving, _TINY)

    @api.model
    def _row(self, company, case, chosen, moved, source):
        present = next((one for one in case["options"] if one["carrier_id"] == case["present"]), None)
        allowed = case["present"] in case["allowed_ids"]
        saving = round(present["score"] - chosen["score"], 2) if present else 0.0
        same = bool(present) and chosen["carrier_id"] == case["present"]
        return {
            "company_id": company.id,
            "order_id": case["order"].id or False,
            "picking_id": case["key"] if source == "picking_id" else False,
            "partner_id": case["partner"].id,
            "suggested_id": chosen["carrier_id"],
            "carrier_id": case["present"] or False,
            "rule_id": case["rule"].id or False,
            "score_present": present["score"] if present else 0.0,
            "score_suggested": chosen["score"],
            "saving": saving,
            "p_late_present": present["p_late"] if present else 0.0,
            "p_late_suggested": chosen["p_late"],
            "candidates": self._candidates_json(case),
            "why": self._why(company, case, chosen, present, moved, allowed),
            "state": "agreed" if same else "proposed",
            **{name: case[name] or False for name in ("warehouse_id", "class_id", "zone_id", "band_id")},
            **{name: case[name] or False for name in ("date_ship", "date_promised")},
            **{name: round(case[name], 4) for name in ("weight", "value")},
        }

    @api.model
    def _candidates_json(self, case):
        options = [
            one | {"allowed": one["carrier_id"] in case["allowed_ids"]}
            for one in sorted(case["options"], key=lambda one: (one["score"], one["carrier_id"]))
        ]
        return {"cost_late": case["cost_late"], "cost_late_day": case["cost_late_day"], "options": options}

    # Writing

    @api.model
    def _retire(self, records, source, kept_ids):
        """Proposals that do not hold any more: no carrier can be proposed now, or a rule leaves the record alone."""
        domain = [(source, "in", records.ids), (source, "not in", kept_ids), ("state", "in", _OPEN)]
        if source == "order_id":
            domain.append(("picking_id", "=", False))
        # sudo: nobody writes choices by hand; who asked for the proposals may renew them
        self.sudo().search(domain).write({"state": "obsolete"})

    # Open deliveries, all at once

    @api.model
    def refresh_open(self):
        """Propose carriers for all open deliveries of the company that the user works in; for managers, also over RPC.

        :return: ``{"deliveries": n, "proposed": n, "applied": n, "saving": amount}``
        """
        self._check_manager()
        return self._refresh_company(self.env.company)

    @api.model
    def action_refresh_open(self):
        """:meth:`refresh_open` for the list: propose, then show what there is to decide."""
        found = self.refresh_open()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "%(proposed)s of %(deliveries)s open deliveries would go better with another carrier.", **found
                ),
                "next": self.env["ir.actions.act_window"]._for_xml_id("scm_logistics.scm_carrier_choice_action"),
            },
        }

    @api.model
    def _refresh_company(self, company):
        self._close_stale(company)
        # sudo: the manager's role was checked, or it is the nightly job; he need not be allowed to read transfers
        pickings = self.env["stock.picking"].sudo().search(self._open_deliveries_domain(company))
        choices = self._propose(company, pickings=pickings)
        proposed = choices.filtered(lambda one: one.state == "proposed")
        return {
            "deliveries": len(pickings),
            "proposed": len(proposed),
            "applied": len(choices.filtered("is_automatic")),
            "saving": round(sum(proposed.mapped("saving")), 2),
        }

    @api.model
    def _open_deliveries_domain(self, company):
        """Hook: deliveries for which carriers are proposed."""
        last = fields.Date.add(local_today(company), days=company.scm_choice_days)
        return [
            ("company_id", "=", company.id),
            ("picking_type_code", "=", "outgoing"),
            ("state", "in", ("waiting", "confirmed", "assigned")),
            ("location_dest_id.usage", "=", "customer"),
            ("scheduled_date", "<=", last),
        ]

    @api.model
    def _close_stale(self, company):
        """Proposals whose delivery has left or was cancelled, and of quotations that became orders."""
        # sudo: nobody writes choices by hand; this only follows what happened to the deliveries
        choices = self.sudo().search([("company_id", "=", company.id), ("state", "in", _OPEN)])
        done = choices.filtered(lambda one: one.picking_id.state == "done")
        for carrier, ones in (
            done.filtered(lambda one: one.state == "proposed").grouped(lambda one: one.picking_id.carrier_id).items()
        ):
            ones._settle_done(carrier)
        choices.filtered(
            lambda one: (
                one.picking_id.state == "cancel" or (not one.picking_id and one.order_id.state not in ("draft", "sent"))
            )
        ).write({"state": "obsolete"})

    def _settle_done(self, carrier):
        """A delivery left while its proposal stood: that is a decision too."""
        followed = self.filtered(lambda one: one.suggested_id == carrier)
        values = {"chosen_id": carrier.id, "date_decided": fields.Datetime.now()}
        followed.write(values | {"state": "applied"})
        (self - followed).write(values | {"state": "overridden", "reason": self.env._("Left as it was")})

    @api.model
    def _cron_refresh(self):
        """Nightly: outcomes of delivered parcels, and proposals where the company wants them."""
        for company in self.env["res.company"].search([("active", "=", True)]):
            choices = self.with_company(company)
            choices._measure_outcomes(company)
            if company.scm_choice_auto:
                choices._refresh_company(company)
                self.env["scm.ship.from"].with_company(company)._refresh_company(company)
            self.env["ir.cron"]._commit_progress(1)

    @api.model
    def _check_manager(self):
        if not self.env.su and not self.env.user.has_group("scm_base.scm_group_manager"):
            raise AccessError(
                self.env._("Only a supply chain manager can propose carriers for all deliveries. Ask one of them.")
            )
