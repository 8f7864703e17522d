from . import test_parcel
from . import test_carrier_choice
from . import test_tracking_webhook
from . import test_tracking_poll
from . import test_tracking_import
from . import test_lane
from . import test_carrier_replay
from . import test_ship_from
