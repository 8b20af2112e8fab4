"""What every domain stands on: database, problems, clock, ids. Knows no domain word."""
