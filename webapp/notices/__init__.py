"""Notices: what somebody is told, where it is read, and by which channel it reaches those who are not here."""
