"""Beneath both doors: who asks, in which language, how much, and how an answer leaves."""
