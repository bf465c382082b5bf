//! What must hold for the rules as a whole.
