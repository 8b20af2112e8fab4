"""From a failed criterion to a verified end."""
