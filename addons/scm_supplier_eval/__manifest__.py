{
    "name": "Supply Chain: Suppliers",
    "version": "19.0.1.0.0",
    "category": "Supply Chain/Supply Chain",
    "summary": "Suppliers from qualification to scorecard, grade and consequence, risk and recovery",
    "author": "SCM suite",
    "license": "LGPL-3",
    "depends": ["scm_base", "survey", "portal"],
    # Licences of the Python packages: docs/dependencies.md
    "external_dependencies": {"python": ["numpy", "pandas", "scipy"]},
    "data": [
        "security/ir.model.access.csv",
        "security/scm_supplier_group_rules.xml",
        "security/scm_standing_rules.xml",
        "security/scm_receipt_inspection_rules.xml",
        "security/scm_qualification_rules.xml",
        "views/scm_supplier_menus.xml",
        "views/scm_supplier_group_views.xml",
        "views/purchase_order_gate_views.xml",
        "views/res_partner_views.xml",
        "views/portal_templates.xml",
        "views/portal_promises_templates.xml",
        "views/portal_actions_templates.xml",
    ],
    "assets": {
        "web.assets_backend": [
            "scm_supplier_eval/static/src/**/*",
            ("remove", "scm_supplier_eval/static/src/portal/**/*"),
        ],
        "web.assets_frontend": [
            "scm_supplier_eval/static/src/portal/**/*",
        ],
    },
    "application": True,
}
