"""The audit of a run: suites of expectations as code, one runner that decides, and what people acknowledged."""
