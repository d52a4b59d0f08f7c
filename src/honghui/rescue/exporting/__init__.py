"""What goes out for other programs: HXL 1.1 as CSV."""
