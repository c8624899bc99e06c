"""Where an address is drawn: addresses to cells of the nested 16×16 plane, and back.

Pure. Not here: what a cell shows (mirror/queries), how it is drawn (static/js/map).
"""
