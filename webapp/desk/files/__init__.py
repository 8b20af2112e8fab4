"""Files that somebody brings or takes away."""
