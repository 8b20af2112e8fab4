"""What a server does for itself: compare everything with its digests."""
