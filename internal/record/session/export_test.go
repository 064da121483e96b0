package session

// SelectBetween is the statement of Between.
const SelectBetween = selectBetween
