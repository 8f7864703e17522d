"""What the security tests generate from a running registry: people, methods, routes, rights. No list is by hand."""
