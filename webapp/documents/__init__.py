"""Documents (文书): drafted, checked by another person, issued with a number, sent, received, accepted or returned."""
