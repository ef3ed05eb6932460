"""What the public pages give on paper."""
