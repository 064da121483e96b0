package web

// FieldNames are the names that the field at a pointer may have.
var FieldNames = fieldNames
