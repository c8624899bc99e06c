"""What is handed out: the rows of REST, and whole lists as CSV, NDJSON and JSON files.

Not here: which questions there are and their filters (api, commands), the questions
themselves (mirror.queries and its like).
"""
