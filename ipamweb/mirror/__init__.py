"""The mirror: tables of what the cluster says, and the questions asked of them.

Only `sync` writes these tables. Not here: how a cluster is read, who may see what.
"""
