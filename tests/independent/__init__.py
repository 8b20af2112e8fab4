"""The ledger computed a second time, from the domain's sentences alone, and held against what the server says."""
