"""The figures of documents: tables by named queries over ledger and cases, each figure with what it stands on."""
