"""Signals (疑点): what in records and photos is hard to believe. It is shown and asked about; it moves no line."""
