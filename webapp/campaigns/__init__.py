"""Special checks (专项检查): the plan of one, whom it lets check what, and its summary."""
