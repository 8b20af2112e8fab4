"""Plans of special checks: the list, one plan, and the forms that enter and change it."""
