{
    "name": "Supply Chain: After-Sales",
    "version": "19.0.1.0.0",
    "category": "Supply Chain/Supply Chain",
    "summary": "Returns and exchanges, policies, causes found and removed, feedback and proactive care",
    "author": "SCM suite",
    "license": "LGPL-3",
    "depends": ["scm_logistics", "rating", "loyalty", "portal"],
    # Licences of the Python packages: docs/dependencies.md
    "external_dependencies": {"python": ["jieba", "numpy", "pandas", "scikit-learn", "scipy"]},
    "data": [
        "security/ir.model.access.csv",
        "security/scm_return_rules.xml",
        "security/scm_return_fact_rules.xml",
        "security/scm_feedback_rules.xml",
        "security/scm_return_policy_rules.xml",
        "security/scm_return_inspection_rules.xml",
        "security/scm_return_finding_rules.xml",
        "data/scm_return_sequence.xml",
        "data/scm_return_cause_data.xml",
        "data/scm_return_reason_data.xml",
        "data/scm_return_finding_data.xml",
        "views/scm_return_views.xml",
        "views/scm_return_reason_views.xml",
        "views/scm_aftersales_menus.xml",
        "views/scm_return_finding_views.xml",
    ],
    "assets": {
        "web.assets_backend": [
            "scm_aftersales/static/src/**/*",
            ("remove", "scm_aftersales/static/src/public/**/*"),
        ],
        "web.assets_frontend": [
            "scm_aftersales/static/src/public/**/*",
        ],
    },
    "application": True,
}
