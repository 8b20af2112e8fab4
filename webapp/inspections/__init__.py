"""What was checked: inspections, captures, items, photos."""
