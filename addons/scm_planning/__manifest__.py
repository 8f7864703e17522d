{
    'name': 'Supply Chain Planning',
    'version': '19.0.1.0.0',
    'category': 'Supply Chain/Supply Chain',
    'summary': 'Demand history, forecast with events, inventory policy and proposals with their reasons',
    'author': 'SCM suite',
    'license': 'LGPL-3',
    'depends': ['scm_base'],
    # Licences of the Python packages: docs/dependencies.md
    'external_dependencies': {'python': ['numpy', 'pandas', 'scipy', 'statsmodels', 'holidays']},
    'data': [
        'security/ir.model.access.csv',
        'security/scm_demand_rules.xml',
        'views/scm_planning_menus.xml',
    ],
    'assets': {
        'web.assets_backend': [
            'scm_planning/static/src/**/*',
        ],
    },
    'application': True,
}
