from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError

from .helpdesk_ticket import KINDS


class ScmSlaPolicy(models.Model):
    """How fast tickets of a kind are answered and solved. The first policy that fits a ticket is its policy."""

    _name = "scm.sla.policy"
    _description = "Response Time Policy"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company, index=True)
    team_ids = fields.Many2many(
        "helpdesk.ticket.team", "scm_sla_policy_team_rel", string="Teams", check_company=True, help="Empty: all teams."
    )
    priority = fields.Selection(
        [("0", "Low"), ("1", "Medium"), ("2", "High"), ("3", "Very High")], help="Empty: any priority."
    )
    kind = fields.Selection(KINDS, "About", help="Empty: whatever the ticket is about.")
    channel_id = fields.Many2one("helpdesk.ticket.channel", help="Empty: any channel.")
    class_id = fields.Many2one(
        "scm.customer.class", "Customer Class", check_company=True, help="Empty: customers of any class."
    )
    hours_response = fields.Float(
        "First Answer within (h)", default=4.0, help="Hours until the first message to the customer; 0: no clock."
    )
    hours_resolution = fields.Float(
        "Solved within (h)", default=24.0, help="Hours until the ticket is closed; 0: no clock."
    )
    counting = fields.Selection(
        [("team", "As the team works"), ("calendar", "In these working hours"), ("always", "Around the clock")],
        "Hours Count",
        required=True,
        default="team",
    )
    calendar_id = fields.Many2one("resource.calendar", "Working Hours", check_company=True)
    warn_share = fields.Float(
        "Warn at", default=0.75, help="Share of the hours after which the person in charge is warned."
    )
    step_ids = fields.One2many("scm.sla.step", "policy_id", "Escalation", copy=True)
    open_count = fields.Integer("Open Tickets", compute="_compute_open_count", compute_sudo=True)

    _hours = models.Constraint(
        "CHECK(hours_response >= 0 AND hours_resolution >= 0 AND hours_response <= 8760 AND hours_resolution <= 8760)",
        "Hours are between 0 and 8,760 (a year).",
    )
    _warn = models.Constraint("CHECK(warn_share > 0 AND warn_share <= 1)", "Warn at more than 0 % and at most 100 %.")

    def _compute_open_count(self):
        counts = dict(
            self.env["scm.sla.clock"]._read_group(
                [("policy_id", "in", self.ids), ("date_stopped", "=", False)],
                ["policy_id"],
                ["ticket_id:count_distinct"],
            )
        )
        for policy in self:
            policy.open_count = counts.get(policy, 0)

    @api.constrains("counting", "calendar_id")
    def _check_calendar(self):
        for policy in self:
            if policy.counting == "calendar" and not policy.calendar_id:
                raise ValidationError(self.env._("%s: choose the working hours in which it counts.", policy.name))
            policy.calendar_id._scm_check_hours()

    def action_apply(self):
        """Apply these policies to the open tickets of their companies, as if they had been there from the start.

        :return: number of open tickets that were looked at
        """
        if not (
            self.env.user.has_group("helpdesk_mgmt.group_helpdesk_manager")
            or self.env.user.has_group("scm_base.scm_group_manager")
        ):
            raise AccessError(self.env._("Only managers of the helpdesk apply policies to open tickets."))
        self.check_access("read")
        # sudo: the role was checked above; clocks of all teams are set
        tickets = (
            self.env["helpdesk.ticket"]
            .sudo()
            .search([("company_id", "in", self.company_id.ids), ("closed", "=", False)])
        )
        self.env["scm.sla.clock"].sudo()._sync(tickets)  # sudo: as above
        return len(tickets)

    @api.model
    def _match(self, tickets):
        """``{ticket id: policy, or none}``: the first that fits, in one read for all tickets."""
        policies = self.search([("company_id", "in", tickets.company_id.ids)])
        classes = self._classes_of(tickets) if policies.class_id else {}
        found = {}
        for ticket in tickets:
            found[ticket.id] = next(
                (policy for policy in policies if policy._fits(ticket, classes.get(ticket.id))), self.browse()
            )
        return found

    @api.model
    def _classes_of(self, tickets):
        """``{ticket id: class of its customer}``; who has none is of the company's default class."""
        found = {}
        for company, group in tickets.grouped("company_id").items():
            default = self.env["scm.customer.class"].search(
                [("company_id", "=", company.id), ("is_default", "=", True)], limit=1
            )
            for ticket in group:
                customer = ticket.with_company(company).partner_id.commercial_partner_id
                found[ticket.id] = (customer.scm_customer_class_id or default).id
        return found

    def _fits(self, ticket, class_id):
        return (
            self.company_id == ticket.company_id
            and (not self.team_ids or ticket.team_id in self.team_ids)
            and (not self.priority or self.priority == ticket.priority)
            and (not self.kind or self.kind == ticket.scm_kind)
            and (not self.channel_id or self.channel_id == ticket.channel_id)
            and (not self.class_id or self.class_id.id == class_id)
        )

    def _calendar_of(self, ticket):
        """Working hours in which a ticket's clocks run; none: around the clock."""
        team = ticket.team_id
        if self.counting == "calendar":
            return self.calendar_id
        if self.counting == "always" or (team and team.scm_counting == "always"):
            return self.env["resource.calendar"]
        return team.scm_calendar_id or self.company_id.resource_calendar_id
