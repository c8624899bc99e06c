"""What the words mean and how the sums are done: addresses, ranges, capacity, records.

Pure: no Django, no Kubernetes, no clock, no I/O. The standard library and netaddr only.
Not here: where an address is drawn (cidrmap), what a cluster says (cluster).
"""
