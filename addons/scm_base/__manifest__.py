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
        'views/scm_menus.xml',
    ],
    'assets': {
        'web.assets_backend': [
            'scm_base/static/src/**/*',
        ],
    },
    'application': True,
}
