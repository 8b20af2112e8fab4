"""Books that a unit keeps, with dated changes: relay points are the first."""
