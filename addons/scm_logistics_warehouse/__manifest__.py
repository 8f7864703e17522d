{
    "name": "Supply Chain Delivery: Warehouse",
    "version": "19.0.1.0.0",
    "category": "Supply Chain/Supply Chain",
    "summary": "Waves by the pick-up times of carriers, packaging on parcels",
    "author": "SCM suite",
    "license": "LGPL-3",
    "depends": ["scm_logistics", "scm_warehouse"],
    "data": [
        "security/ir.model.access.csv",
        "views/scm_wave_cutoff_views.xml",
        "views/scm_parcel_packaging_views.xml",
    ],
    "auto_install": True,
}
