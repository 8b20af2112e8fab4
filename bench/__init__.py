"""What we promise to be fast at, measured: ``python3 run.py bench [first_visit|push|ledger_page|region] [--full]``."""
