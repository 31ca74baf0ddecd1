"""What people do: typing, pressing, filling in forms, reading. The page and the test driver act through this package alone."""
