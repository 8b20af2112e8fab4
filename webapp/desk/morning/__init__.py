"""The morning page: what waits in all units below one, and to press those who lead them."""
