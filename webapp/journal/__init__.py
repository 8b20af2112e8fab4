"""Facts verbatim, and the chain of what was recorded."""
