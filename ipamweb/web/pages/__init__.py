"""What each page holds: a frozen dataclass per page, and how it follows from answers.

Not here: queries (the views ask), HTML (templates), how numbers are spelled
(formatting).
"""
