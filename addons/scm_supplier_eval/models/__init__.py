from . import purchase_order_gate
from . import res_partner
from . import scm_supplier_group
