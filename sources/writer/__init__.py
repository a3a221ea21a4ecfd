"""Writes final-accounts reports: figures that add up, put into words, with the facts that a perfect reader finds."""
