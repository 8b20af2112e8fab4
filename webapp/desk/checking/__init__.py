"""The room in which a file is held against what was issued."""
