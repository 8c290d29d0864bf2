"""Independent check of stock policies: the cost of the reported numbers, another way, and the cost of their neighbours."""
