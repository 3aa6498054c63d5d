"""Understanding: from a message as typed or tapped to an intent and its entities."""
