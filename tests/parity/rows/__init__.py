"""One table for each module: how every public function is called."""
