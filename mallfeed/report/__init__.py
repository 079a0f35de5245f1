"""What a mall is told: a report a feed, the table of refused rows, an event when a feed is done."""
