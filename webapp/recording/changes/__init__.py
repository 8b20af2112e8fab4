"""Changes at a door that are no facts of their own, and the lines that they move."""
