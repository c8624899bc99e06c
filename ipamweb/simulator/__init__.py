"""A Kubernetes API server that is not a cluster: for the demo, tests and benchmarks.

In a test (server.py, scenario.py, faults.py):

    with Simulator(Scenario(nodes=3, pods_per_node=8)).running() as simulator:
        simulator.url                        # "http://127.0.0.1:40123"
        simulator.kubeconfig(path)           # for "admin", or user="reader", "nobody"
        simulator.store.add("pods", {...})   # replace, modify, delete, compact, rewind
        simulator.faults.add(faults.forbidden(), kind="pods", verb="list", page=2)
        simulator.requests                   # what was asked: path, query, status, ...
        simulator.advance(instant)           # let happen what happens until then
        simulator.prerender("pods", 500)     # pages that cost nothing to serve

The scenario may be left out: the server is then an empty cluster with kube-system.
Standard library and msgspec only; nothing here is used by the mirror.
"""
