"""What the report page shows: what is asked for, figures in words, and plots of them."""
