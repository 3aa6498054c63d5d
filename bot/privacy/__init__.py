"""What is kept about a person, how they get it, how it goes: UU PDP 27/2022 (DOMAIN.md)."""
