{
    "name": "Supply Chain: Job Queue",
    "version": "19.0.2.0.0",
    "category": "Supply Chain/Supply Chain",
    "summary": "Long runs spread over workers and hosts with OCA queue_job",
    "author": "SCM suite",
    "license": "LGPL-3",
    "depends": ["scm_planning", "queue_job"],
    "data": ["data/queue_job_channel.xml"],
    "auto_install": True,
}
