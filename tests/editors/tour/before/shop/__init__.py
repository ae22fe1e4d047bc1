"""A shop with reports."""
