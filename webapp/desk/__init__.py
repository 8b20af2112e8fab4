"""The managers’ door: one file of pages a noun."""
