from . import stock_return_picking
from . import scm_return_tracking
