from . import scm_freight_cost
from . import scm_parcel_stage
