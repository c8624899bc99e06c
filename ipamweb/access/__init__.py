"""Users, tokens, cluster connections, and who may see what.

Not here: what a cluster says (mirror), how it is read (cluster).
"""
