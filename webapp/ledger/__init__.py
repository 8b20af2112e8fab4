"""The delivery ledger: a pure fold, its stored lines, its queries."""
