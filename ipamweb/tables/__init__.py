"""Which tables there are, and what each can be asked: columns, filters, orders.

Pages, REST and saved views read the same definitions. Not here: the rows, and how a
cell looks.
"""
