"""Lower bounds of routing plans by column generation: restricted master, pricing of routes, capacity cuts, proof."""
