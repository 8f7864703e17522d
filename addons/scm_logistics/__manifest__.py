{
    "name": "Supply Chain: Delivery",
    "version": "19.0.1.0.0",
    "category": "Supply Chain/Supply Chain",
    "summary": "Parcels, lanes, choice of carrier, exceptions, disruptions, routes and a tracking page",
    "author": "SCM suite",
    "license": "LGPL-3",
    "depends": ["scm_base", "stock_delivery", "portal"],
    # Licences of the Python packages: docs/dependencies.md
    "external_dependencies": {"python": ["numpy", "pandas", "pyvrp", "requests", "scipy"]},
    "data": [
        "security/ir.model.access.csv",
        "security/scm_parcel_rules.xml",
        "security/scm_lane_rules.xml",
        "security/scm_tracking_rules.xml",
        "data/scm_tracking_cron.xml",
        "data/scm_tracking_alert_data.xml",
        "security/scm_carrier_choice_rules.xml",
        "security/scm_disruption_rules.xml",
        "security/scm_tracking_orphan_rules.xml",
        "data/scm_parcel_alert_data.xml",
        "data/scm_parcel_cron.xml",
        "views/scm_logistics_menus.xml",
        "views/scm_parcel_views.xml",
        "views/delivery_carrier_views.xml",
    ],
    "assets": {
        "web.assets_backend": [
            "scm_logistics/static/src/**/*",
            ("remove", "scm_logistics/static/src/public/**/*"),
        ],
        "web.assets_frontend": [
            "scm_logistics/static/src/public/**/*",
        ],
    },
    "application": True,
}
