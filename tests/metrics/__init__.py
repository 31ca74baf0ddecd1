"""What incidents teach, measured."""
