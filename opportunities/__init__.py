"""What is worth doing: detection, scoring, ranking and explanation of chances."""
