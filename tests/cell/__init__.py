"""Several servers as one: what the cell promises, tried on real parts."""
