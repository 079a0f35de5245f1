"""From the raw frame to products, rejects and warnings."""
