"""Photos: who names them, who has sent them, what became of them, and when they go."""
