from . import tracking_webhook
from . import track
from . import driver
