from . import scm_ticket_return
from . import scm_ticket_return_line
from . import scm_ticket_answer
