from . import delivery_carrier
from . import scm_zone
from . import scm_zone_prefix
from . import scm_weight_band
from . import scm_lane
from . import scm_parcel
from . import scm_parcel_event
from . import scm_parcel_promise
