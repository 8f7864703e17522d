"""Every picture of the guides: which page, as whom, how large, what to click before.

``page`` pictures are taken from a running demo company; ``test`` pictures in the middle of what somebody does are those
that the browser tests take (`make test` leaves them in `.local/test/screens`).
"""

from dataclasses import dataclass, field

DESK, PHONE = (1400, 900), (390, 844)


@dataclass(frozen=True)
class Shot:
    """One picture: a page of the demo company, or the name under which a browser test takes it."""

    name: str
    path: str = ""
    who: str = "planner"
    size: tuple = DESK
    wait: str = ".o_action_manager main, .o_list_view .o_data_row, .o_kanban_record:not(.o_kanban_ghost), .o_form_view"
    click: tuple = field(default=())
    test: str = ""


ROW = ".o_data_row td.o_data_cell:not(.o_list_button)"
LEAGUE = "tr.o_scm_league_row"
PAGES = (
    # planning
    Shot("overview", "supply-chain", wait="[data-card]"),
    Shot("alerts", "supply-chain-alerts"),
    Shot("plan", "replenishment-plan"),
    Shot("why", "replenishment-plan", click=(".o_data_row .o_scm_why",)),
    Shot("forecast", "scm-product-forecast", wait=".o_scm_forecast_canvas canvas"),
    Shot("events", "scm-events-calendar", wait=".o_calendar_view"),
    Shot("events-promotions", "scm-promotions"),
    Shot("season-board", "scm-season", wait=".o_scm_season_months"),
    Shot("order-plan", "supply-chain-order-plan", wait=".o_content table tbody tr"),
    Shot("order-plan-orders", "supply-chain-planned-orders"),
    Shot("vendor-orders-list", "vendor-orders"),
    Shot("vendor-orders-builder", "vendor-orders", click=(ROW,), wait=".o_data_row"),
    Shot("vendor-orders-budgets", "purchase-budgets"),
    Shot("policy-curve", "policy-curve"),
    Shot("excess", "excess-stock", wait=".o_scm_card"),
    Shot("accuracy", "accuracy", wait=".o_scm_card"),
    Shot("hierarchy", "forecast-hierarchy", click=("tbody tr:nth-child(2) td:last-child",), wait="tr.o_scm_press"),
    Shot("value-added", "forecast-value-added", wait="tr.o_scm_press"),
    Shot("history-corrections", "scm-history-corrections"),
    Shot("life-cycle", "scm-life-cycle", wait=".o_kanban_record"),
    Shot("simulator", "simulation-result", wait="article"),
    # suppliers
    Shot("supplier-league", "supplier-league", wait="tr.o_scm_league_row"),
    Shot("supplier-card", "supplier-league", click=(LEAGUE,), wait=LEAGUE),
    Shot("supplier-card-phone", "supplier-league", size=PHONE, click=(LEAGUE,), wait=LEAGUE),
    Shot("supplier-page", "scm-suppliers", click=("tbody tr.o_scm_press",), wait="tbody tr.o_scm_press"),
    Shot("supplier-qualifications", "supplier-qualifications", who="buyer"),
    Shot("supplier-evidence", "supplier-evidence", who="buyer"),
    Shot("supplier-actions", "corrective-actions"),
    Shot("supplier-risk-matrix", "supplier-risk-matrix", wait=".o_scm_risk_grid"),
    Shot("supplier-stress-test", "stress-test", wait=".o_scm_stress article"),
    Shot("supplier-portal-phone", "/my/promises?show=open", who="vendor", size=PHONE, wait=".scm_portal"),
    Shot("supplier-portal-card", "/my/scorecards", who="vendor", click=(".scm_portal_card_link",), wait=".scm_portal"),
    # warehouse
    Shot("warehouse-map", "warehouse-map", who="warehouse", wait=".o_scm_map"),
    Shot("warehouse-slotting", "slotting", who="warehouse"),
    Shot("warehouse-slotting-phone", "slotting", who="warehouse", size=PHONE),
    Shot("warehouse-count-accuracy", "scm-stock-accuracy", who="warehouse"),
    Shot("warehouse-count-approvals", "count-approvals", who="warehouse"),
    Shot("warehouse-flow", "scm-flow", who="warehouse", wait="[data-tile]"),
    Shot("warehouse-wave-board", "wave-board", who="warehouse", wait=".o_scm_wave"),
    Shot("warehouse-refills", "refills", who="warehouse"),
    Shot("warehouse-safety-board", "safety-board", who="warehouse", wait=".o_scm_safety_tile"),
    Shot("warehouse-packaging-rules", "packaging-rules"),
    Shot("warehouse-packaging-emissions", "packaging-emissions", wait=".o_graph_renderer canvas"),
    # delivery
    Shot("delivery-parcels", "parcels"),
    Shot("delivery-parcel", "parcels", click=(ROW,), wait=".o_data_row"),
    Shot("delivery-morning-list", "morning-list"),
    Shot("delivery-messages", "delivery-messages"),
    Shot("delivery-who-is-late", "who-is-late", wait=".o_graph_renderer canvas"),
    Shot("delivery-deliver-today", "deliver-today", size=PHONE),
    Shot("delivery-lanes", "lane-matrix", wait=".o_scm_lane_matrix table"),
    Shot("delivery-stock-nearby", "stock-nearby", wait=".o_scm_region_page table"),
    Shot("delivery-carrier-choice", "carrier-choice"),
    Shot("delivery-carrier-replay", "carrier-replay", click=(ROW,), wait=".o_data_row"),
    Shot("delivery-carrier-scorecard", "carrier-scorecard", wait=".o_scm_month_chart"),
    Shot("delivery-freight-invoice", "freight-invoices", click=(ROW,), wait=".o_data_row"),
    Shot("delivery-freight-claims", "freight-claims"),
    Shot("delivery-dispatch", "dispatch"),
    # after-sales
    Shot("aftersales-desk", "return-desk", wait=".o_kanban_record"),
    Shot("aftersales-cause-explorer", "scm-cause-explorer", wait=".o_scm_card"),
    Shot("aftersales-voice", "voice-of-customers", wait=".o_scm_voice_card"),
    Shot("aftersales-feedback", "feedback"),
    Shot("aftersales-policy-bench", "return-policy-bench", wait=".o_scm_policy_bench main"),
    Shot("aftersales-finding", "return-findings", click=(ROW,), wait=".o_data_row"),
    Shot("aftersales-care", "care"),
    Shot("aftersales-care-rule", "care-rules", click=(ROW,), wait=".o_data_row"),
    # analytics
    Shot("analytics-control-tower", "scm-control-tower", wait="[data-metric]"),
    Shot("analytics-event-page-live", "scm-event-page", wait=".o_scm_event_body"),
    Shot("analytics-regions", "regions", click=(".o_scm_region_name",), wait=".o_scm_region_row"),
    Shot("analytics-improvements", "improvements", wait=".o_scm_improvement_strip"),
)
# In the middle of what somebody does: the browser test takes it under this name
TESTS = {
    "analytics-event-page": "analytics-event-page",
    "proposal": "proposal",
    "season-event": "season-event",
    "order-plan-why": "order-plan-why",
    "excess-item": "excess-item",
    "hierarchy-override": "hierarchy-override",
    "history-cleaned": "history-cleaned",
    "life-cycle-end": "life-cycle-end",
    "life-cycle-new": "life-cycle-new",
    "simulator-product": "simulator-product",
    "analytics-finding": "analytics-finding",
    "analytics-findings": "analytics-findings",
    "supplier-8d": "supplier-8d",
    "supplier-qualification": "supplier-qualification",
    "supplier-inspection": "receipt-inspection",
    "supplier-questionnaire-phone": "supplier-questionnaire-phone",
    "supplier-split-promise": "split-promise",
    "supplier-import-history": "import-purchase-history",
    "warehouse-count-plan": "warehouse-count-plan",
    "warehouse-safety-incident": "warehouse-safety-incident",
    "warehouse-map-place": "warehouse-map-place",
    "warehouse-count-round": "warehouse-count-round",
    "warehouse-count-place": "warehouse-count-place",
    "warehouse-count-offline": "warehouse-count-offline",
    "warehouse-count-number": "warehouse-count-number",
    "warehouse-count-difference": "warehouse-count-difference",
    "warehouse-safety-inspection-phone": "warehouse-safety-inspection-phone",
    "warehouse-safety-report-phone": "warehouse-safety-report-phone",
    "warehouse-packing": "warehouse-packing",
    "warehouse-packing-phone": "warehouse-packing-phone",
    "delivery-carrier-panel": "carrier-panel",
    "delivery-disruption": "delivery-disruption",
    "delivery-driver": "delivery-driver",
    "delivery-tracking-page": "delivery-track-late-phone",
    "delivery-tracking-provider": "delivery-tracking-provider",
    "delivery-tracking-try": "delivery-tracking-try",
    "aftersales-return-form": "aftersales-return-form-phone",
    "aftersales-return-check": "aftersales-return-check-desk",
    "aftersales-inspection": "aftersales-inspection-phone",
    "aftersales-policy": "aftersales-policy",
    "aftersales-settlement": "aftersales-settlement",
    "aftersales-improvement": "aftersales-improvement",
    "aftersales-ticket": "aftersales-ticket",
    "aftersales-ticket-answer": "aftersales-ticket-answer",
    "analytics-dashboard-delivery": "analytics-dashboard-delivery",
}
# Wants a file at hand
BY_HAND = ("import",)
