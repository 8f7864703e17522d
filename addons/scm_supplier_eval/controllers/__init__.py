from . import portal
from . import portal_promises
from . import portal_actions
from . import survey
from . import portal_scorecards
from . import portal_qualifications
