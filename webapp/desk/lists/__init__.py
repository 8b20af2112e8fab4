"""The day's lists: imported, sealed, drawn, handed over; volumes and the advance watch."""
