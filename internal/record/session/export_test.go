package session

// SelectBetween is the statement of Between.
const SelectBetween = "SELECT " + columns + " FROM sessions WHERE " + whereBetween
