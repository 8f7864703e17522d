{
    "name": "Supply Chain: Analytics",
    "version": "19.0.1.0.0",
    "category": "Supply Chain/Supply Chain",
    "summary": "Each figure defined once and frozen daily, a control tower, findings, improvement that is measured",
    "author": "SCM suite",
    "license": "LGPL-3",
    "depends": [
        "scm_planning",
        "scm_supplier_eval",
        "scm_warehouse",
        "scm_logistics",
        "scm_aftersales",
        "spreadsheet_dashboard",
    ],
    # Licences of the Python packages: docs/dependencies.md
    "external_dependencies": {"python": ["xlsxwriter"]},
    "data": [
        "security/ir.model.access.csv",
        "security/scm_metric_rules.xml",
        "data/scm_metric_data.xml",
        "data/scm_metric_cron.xml",
        "data/scm_dashboard_data.xml",
        "report/scm_tower_report.xml",
        "data/scm_tower_mail.xml",
        "wizard/scm_metric_restate_views.xml",
        "views/scm_metric_views.xml",
        "views/scm_metric_snapshot_views.xml",
        "views/scm_control_tower_views.xml",
        "views/res_users_tower_views.xml",
        "views/scm_analytics_menus.xml",
    ],
    "assets": {
        "web.assets_backend": [
            "scm_analytics/static/src/**/*",
        ],
    },
    "application": True,
}
