"""Subprocesses for compute: kernels for analysis and probes (`calls`, `kernel`), and the supervisor of the queue of runs."""
