"""Pages for people outside: applicants, guarantors, referees. No account, a link of their own."""
