from . import test_ticket_clock
from . import test_ticket_facts
from . import test_ticket_portal
