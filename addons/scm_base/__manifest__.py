{
    'name': 'Supply Chain Base',
    'version': '19.0.1.0.0',
    'category': 'Supply Chain/Supply Chain',
    'summary': 'Alerts, promises and receipts, product classes and imports that the supply-chain addons share',
    'author': 'SCM suite',
    'license': 'LGPL-3',
    'depends': ['purchase_stock', 'sale_stock'],
    # Licences of the Python packages: docs/dependencies.md
    'external_dependencies': {'python': ['numpy', 'xlrd', 'openpyxl']},
    'data': [
        'security/scm_groups.xml',
        'security/ir.model.access.csv',
        'security/scm_promise_rules.xml',
        'views/scm_menus.xml',
        'security/scm_alert_rules.xml',
        'data/scm_alert_data.xml',
        'views/scm_alert_views.xml',
        'views/scm_alert_type_views.xml',
        'views/scm_run_error_views.xml',
        'views/res_users_views.xml',
        'views/scm_overview_views.xml',
        'views/scm_receipt_fact_views.xml',
        'views/scm_purchase_promise_views.xml',
    ],
    'assets': {
        'web.assets_backend': [
            'scm_base/static/src/**/*',
        ],
    },
    'post_init_hook': 'post_init_hook',
    'application': True,
}
