"""From the published instance formats to the request bodies of the service, and the best-known values that go with them."""
