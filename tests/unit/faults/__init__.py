"""Networks, servers, disks and people that fail: what gazu makes of them."""
