from . import return_frame
from . import return_pages
from . import return_ask
from . import return_track
