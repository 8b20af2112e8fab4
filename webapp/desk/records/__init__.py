"""Single records: what was found, what waits, what a phone left behind."""
