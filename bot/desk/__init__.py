"""Staff's pages: signing in, roles, and what each role does there. How a page is added stands in
``docs/desk.md``.
"""
