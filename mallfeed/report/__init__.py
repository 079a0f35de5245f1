"""What malls receive: one report per feed, the table of rejected rows, an event when a feed is done."""
