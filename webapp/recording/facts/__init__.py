"""The types of facts, a file each."""
