"""The only writer of the mirror: read a cluster, plan the differences, apply them.

Not here: what an object means (cluster/readers), what pages ask (mirror/queries).
"""
