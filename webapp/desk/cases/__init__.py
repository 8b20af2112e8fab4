"""Cases at the desk: the list, one case, and the figures of a month."""
