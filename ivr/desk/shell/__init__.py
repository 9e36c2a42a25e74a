"""What every page stands in: the guard, headers, language, login, forms, error pages."""
