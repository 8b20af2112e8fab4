"""Accounts: signing in, proving who one is, devices, events of security."""
