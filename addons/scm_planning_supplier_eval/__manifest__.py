{
    "name": "Supply Chain Planning: Suppliers",
    "version": "19.0.2.0.0",
    "category": "Supply Chain/Supply Chain",
    "summary": "Vendor choice and split by landed cost and grade, stress test of suppliers",
    "author": "SCM suite",
    "license": "LGPL-3",
    "depends": ["scm_planning", "scm_supplier_eval"],
    # Licences of the Python packages: docs/dependencies.md
    "external_dependencies": {"python": ["numpy", "pandas"]},
    "data": [
        "security/ir.model.access.csv",
        "security/scm_stress_test_rules.xml",
        "views/scm_stress_test_views.xml",
        "views/res_config_settings_views.xml",
    ],
    "assets": {
        "web.assets_backend": [
            "scm_planning_supplier_eval/static/src/**/*",
        ],
    },
    "auto_install": True,
}
