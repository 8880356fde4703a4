"""Where compute runs: kernels for analysis and probes (`calls`, `kernel`), and the supervisor of runs."""
