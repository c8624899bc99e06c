"""How full things were: samples over time of pools, nodes and namespaces.

Reads the mirror's counters and writes its own tables, nothing of the mirror. Not here:
the counters themselves (sync), and pictures of what is sampled (web).
"""
