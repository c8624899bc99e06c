"""From Kubernetes to records: access, complete reading, detection, readers.

Here: everything that speaks to an API server or knows the shape of its objects.
No Django.
Not here: what changed since the last time (sync), where it is stored (mirror).
"""
