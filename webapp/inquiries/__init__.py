"""What is read across domains: what waits, one record, what a box finds, the history of a point."""
