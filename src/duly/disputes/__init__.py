"""What customers object to: a part or the whole of an item, why, and who clears it by when.

Nouns: dispute. Neighbours: points at items of receivables and changes none of them; collections
leaves out what is disputed and asks for the rest.
"""
