"""What is told to other systems: webhooks and mails, to whom, and with what result.

An event is derived from committed rows, once; a delivery takes it to one webhook, at
least once. Not here: what is wrong or full (findings, mirror), pages and REST.
"""
