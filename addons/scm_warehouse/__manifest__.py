{
    "name": "Supply Chain: Warehouse",
    "version": "19.0.1.0.0",
    "category": "Supply Chain/Supply Chain",
    "summary": "Zoning by distance walked, counting by risk, flow and waves, safety, boxes and packaging",
    "author": "SCM suite",
    "license": "LGPL-3",
    "depends": ["scm_base", "stock_picking_batch"],
    # Licences of the Python packages: docs/dependencies.md
    "external_dependencies": {"python": ["numpy", "pandas", "scipy"]},
    "data": [
        "security/ir.model.access.csv",
        "security/scm_wave_rules.xml",
        "security/scm_safety_rules.xml",
        "data/scm_safety_sequence.xml",
        "security/scm_flow_security.xml",
        "security/scm_count_plan_rules.xml",
        "data/scm_count_rule_data.xml",
        "security/scm_count_rules.xml",
        "data/scm_count_data.xml",
        "security/scm_geometry_rules.xml",
        "data/scm_geometry_cron.xml",
        "security/scm_packaging_rules.xml",
        "views/stock_warehouse_views.xml",
        "views/scm_warehouse_menus.xml",
        "views/scm_count_rule_views.xml",
    ],
    "assets": {
        "web.assets_backend": [
            "scm_warehouse/static/src/**/*",
        ],
    },
    "application": True,
}
