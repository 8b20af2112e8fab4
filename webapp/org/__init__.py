"""Units, people and their dated roles, devices, routes, relay points; who may see what."""
