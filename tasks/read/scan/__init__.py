"""Pages that are pictures: text recognised, and read by places like that of PDF."""
