"""The ledger as pages, charts, paper and spreadsheet."""
