-- a copy neither takes what carriers send nor asks them in the company's name
UPDATE scm_tracking_provider
   SET active = false,
       poll = false,
       poll_key = NULL,
       poll_customer = NULL,
       secret = NULL,
       url_token = 'neutralized-' || id;
