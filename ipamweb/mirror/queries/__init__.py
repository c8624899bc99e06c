"""The questions asked of the mirror, one subject a module, for pages and REST.

Every function takes `scope`; answers are frozen dataclasses; the number of SQL queries
does not grow with the data. Not here: words, percentages and JSON.
"""
