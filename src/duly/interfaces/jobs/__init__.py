"""Work done in the background: the diary, and what each job does."""
