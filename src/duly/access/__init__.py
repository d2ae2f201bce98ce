"""Who works here, what they may do, and what was done: people, roles, keys, the audit trail.

Nouns: user, role, authority (up to what amount a role may do an act), entry link (a one-time way
to sign in), change (of master data: who, when, before, after), event (news written in the same
transaction as its cause), request (a write that carried a key, and its first result). Neighbours:
every context above writes changes and events here; nothing here knows what they mean.
"""
