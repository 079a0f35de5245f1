"""What a data engineer works with: suggest, preview, compare, diff, publish, the folder, its lock."""
