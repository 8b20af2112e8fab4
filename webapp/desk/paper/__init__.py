"""What is printed or carried over into the system: the offices' forms."""
