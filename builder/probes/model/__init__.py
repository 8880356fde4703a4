"""The machine that all families of probes stand on: runs in memory, their samples, hooks, batches and scores."""
