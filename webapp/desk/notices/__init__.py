"""Pages of notices: the inbox, how one is told, group robots, what is sent; and the calendar's address."""
