"""A simulated company, its customers and its banks: one seed, one world, and files out of it.

It decides who buys, pays, disputes and fails, from facts on payer behaviour; it knows the kernel
alone and meets the product only through files. Neighbours: the sample company and load tests.
"""
