"""What do labor condition applications tell of trainees? Titles, levels, years, and who filed."""
